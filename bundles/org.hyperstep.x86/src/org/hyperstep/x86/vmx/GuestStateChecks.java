/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.state.CpuState.IF;
import static org.hyperstep.x86.state.CpuState.TF;
import static org.hyperstep.x86.state.CpuState.VM;
import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.EntryCheck.Failure;
import static org.hyperstep.x86.vmx.GuestStateArea.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.List;
import java.util.function.Predicate;

import org.hyperstep.x86.event.EventType;

/**
 * Intel SDM, "Checks on Guest Control Registers, Debug Registers, and MSRs", "Checks on Guest Descriptor-Table
 * Registers", "Checks on Guest RIP, RFLAGS, and SSP", "Checks on Guest Non-Register State". The checks on segment
 * registers are {@link GuestSegmentChecks}.
 */
@SuppressWarnings("nls")
final class GuestStateChecks {
	private static final long DEBUGCTL_RESERVED = ~0xdfc3L;
	static final long RFLAGS_RESERVED = ~0x3f7fd7L;
	private static final long PENDING_DEBUG_RESERVED = ~0x1_500fL;

	/** Those of registers that seldom change, and of what is not a register. */
	static final List<EntryCheck> ALL = List.of(
			check("CR0 is supported in VMX operation", GuestStateChecks::supportedCr0),
			check("CR0.PG needs CR0.PE", v -> !has(v, GUEST_CR0, CR0_PG) || has(v, GUEST_CR0, CR0_PE)),
			check("CR4 is supported in VMX operation",
					v -> has(v, GUEST_CR4, v.guestCr4Ones()) && (v.read(GUEST_CR4) & ~v.cr4Allowed()) == 0),
			check("IA32_DEBUGCTL: reserved bits",
					v -> !v.has(LOAD_DEBUG_CONTROLS) || (v.read(GUEST_IA32_DEBUGCTL) & DEBUGCTL_RESERVED) == 0),
			check("an IA-32e mode guest has CR0.PG and CR4.PAE",
					v -> !v.has(IA_32E_MODE_GUEST) || has(v, GUEST_CR0, CR0_PG) && has(v, GUEST_CR4, CR4_PAE)),
			check("CR4.PCIDE needs an IA-32e mode guest",
					v -> v.has(IA_32E_MODE_GUEST) || !has(v, GUEST_CR4, CR4_PCIDE)),
			check("CR3 is physical", v -> physical(v.read(GUEST_CR3))),
			check("DR7 bits 63:32 are 0", v -> !v.has(LOAD_DEBUG_CONTROLS) || v.read(GUEST_DR7) >>> 32 == 0),
			check("IA32_SYSENTER_ESP and IA32_SYSENTER_EIP are canonical",
					v -> v.canonical(v.read(GUEST_IA32_SYSENTER_ESP)) && v.canonical(v.read(GUEST_IA32_SYSENTER_EIP))),
			check("IA32_PAT", v -> !v.has(LOAD_GUEST_IA32_PAT) || validPat(v.read(GUEST_IA32_PAT))),
			check("IA32_EFER: reserved bits, LMA as the IA-32e mode guest control, LME equal to LMA with paging",
					v -> !v.has(LOAD_GUEST_IA32_EFER) || validGuestEfer(v)),
			check("GDTR and IDTR bases are canonical",
					v -> v.canonical(v.read(GUEST_GDTR_BASE)) && v.canonical(v.read(GUEST_IDTR_BASE))),
			check("GDTR and IDTR limits have 16 bits",
					v -> v.read(GUEST_GDTR_LIMIT) >>> 16 == 0 && v.read(GUEST_IDTR_LIMIT) >>> 16 == 0),
			new EntryCheck("the PDPTEs have no reserved bit", Failure.PDPTE, GuestStateChecks::pdptesValid),
			new EntryCheck("the VMCS link pointer is all ones, or page-aligned and physical", Failure.LINK_POINTER,
					v -> v.read(VMCS_LINK_POINTER) == -1L || physicalAligned(v.read(VMCS_LINK_POINTER), 4096)));

	/** Those of RIP, RFLAGS and the non-register state, which change with each instruction. */
	static final List<EntryCheck> POSITION = List.of(
			check("RIP bits 63:32 are 0 outside 64-bit mode",
					v -> longModeCode(v) || v.read(GUEST_RIP) >>> 32 == 0),
			check("RIP is canonical in 64-bit mode", v -> !longModeCode(v) || v.canonical(v.read(GUEST_RIP))),
			check("RFLAGS: reserved bits are 0 and bit 1 is 1",
					v -> (v.read(GUEST_RFLAGS) & RFLAGS_RESERVED) == 0 && has(v, GUEST_RFLAGS, 2)),
			check("RFLAGS.VM is 0 in IA-32e mode and outside protected mode", v -> !has(v, GUEST_RFLAGS, VM)
					|| !v.has(IA_32E_MODE_GUEST) && has(v, GUEST_CR0, CR0_PE)),
			check("the activity state is one that the processor has", v -> v.read(GUEST_ACTIVITY_STATE) <= 3),
			check("the activity state is not HLT with SS.DPL other than 0", v -> v.read(GUEST_ACTIVITY_STATE) != HLT
					|| (v.read(GUEST_SS_ACCESS_RIGHTS) >> 5 & 3) == 0),
			check("the activity state is active under blocking by STI or MOV SS",
					v -> v.read(GUEST_ACTIVITY_STATE) == ACTIVE
							|| (v.read(GUEST_INTERRUPTIBILITY_STATE) & (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)) == 0),
			check("interruptibility state: reserved bits", v -> v.read(GUEST_INTERRUPTIBILITY_STATE) >>> 5 == 0),
			check("blocking by STI and by MOV SS are not both set", v -> (v.read(GUEST_INTERRUPTIBILITY_STATE)
					& (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)) != (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)),
			check("blocking by STI needs RFLAGS.IF",
					v -> has(v, GUEST_RFLAGS, IF) || !has(v, GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_STI)),
			check("no blocking by SMI outside system-management mode",
					v -> !has(v, GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_SMI)),
			check("pending debug exceptions: reserved bits",
					v -> (v.read(GUEST_PENDING_DEBUG_EXCEPTIONS) & PENDING_DEBUG_RESERVED) == 0),
			check("pending debug exceptions: BS is as RFLAGS.TF and IA32_DEBUGCTL.BTF under STI or MOV SS blocking or HLT",
					GuestStateChecks::pendingSingleStepFits));

	/** Those of the guest state that the event to inject must find. */
	static final List<EntryCheck> INJECTION = List.of(
			check("RFLAGS.IF is 1 when an external interrupt is injected",
					v -> !injects(v, EventType.EXTERNAL_INTERRUPT) || has(v, GUEST_RFLAGS, IF)),
			check("the injected event is one that the activity state takes", GuestStateChecks::activityTakesInjection),
			check("no blocking by STI or MOV SS when an external interrupt is injected",
					v -> !injects(v, EventType.EXTERNAL_INTERRUPT) || (v.read(GUEST_INTERRUPTIBILITY_STATE)
							& (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)) == 0),
			new EntryCheck("no blocking by MOV SS when an NMI is injected", Failure.NMI_UNDER_MOV_SS,
					v -> !injects(v, EventType.NMI) || !has(v, GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_MOV_SS)),
			check("no blocking by NMI when an NMI is injected with virtual NMIs", v -> !injects(v, EventType.NMI)
					|| !v.has(VIRTUAL_NMIS) || !has(v, GUEST_INTERRUPTIBILITY_STATE, BLOCKING_BY_NMI)));

	private GuestStateChecks() {
	}

	private static EntryCheck check(String rule, Predicate<Vmcs> holds) {
		return new EntryCheck(rule, Failure.INVALID_GUEST_STATE, holds);
	}

	private static boolean has(Vmcs vmcs, VmcsField field, long bits) {
		return (vmcs.read(field) & bits) == bits;
	}

	private static boolean injects(Vmcs vmcs, int type) {
		int information = (int) vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION);
		return information < 0 && (information >> 8 & 7) == type;
	}

	private static boolean longModeCode(Vmcs vmcs) {
		return vmcs.has(IA_32E_MODE_GUEST) && has(vmcs, GUEST_CS_ACCESS_RIGHTS, 1 << 13);
	}

	private static boolean supportedCr0(Vmcs vmcs) {
		return has(vmcs, GUEST_CR0, vmcs.guestCr0Ones()) && (vmcs.read(GUEST_CR0) & ~CR0_FIXED_1) == 0;
	}

	private static boolean validGuestEfer(Vmcs vmcs) {
		long efer = vmcs.read(GUEST_IA32_EFER);
		boolean active = (efer & EFER_LMA) != 0;
		return validEfer(efer) && active == vmcs.has(IA_32E_MODE_GUEST)
				&& (!has(vmcs, GUEST_CR0, CR0_PG) || active == ((efer & EFER_LME) != 0));
	}

	/** Without EPT the PDPTEs are read from memory, where MOV to CR3 checked them. */
	private static boolean pdptesValid(Vmcs vmcs) {
		boolean pae = has(vmcs, GUEST_CR0, CR0_PG) && has(vmcs, GUEST_CR4, CR4_PAE) && !vmcs.has(IA_32E_MODE_GUEST);
		if (!pae || !vmcs.has(ENABLE_EPT)) {
			return true;
		}
		for (VmcsField field : PDPTE) {
			long entry = vmcs.read(field);
			if ((entry & 1) != 0 && ((entry & 0x1e6) != 0 || !physical(entry & ~0xfffL))) {
				return false;
			}
		}
		return true;
	}

	/** HLT takes interrupts, NMIs, #DB, #MC and a pending MTF exit; shutdown takes NMI and #MC; wait-for-SIPI nothing. */
	private static boolean activityTakesInjection(Vmcs vmcs) {
		int information = (int) vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION);
		if (information >= 0) {
			return true;
		}
		int vector = information & 0xff;
		int type = information >> 8 & 7;
		boolean machineCheck = type == EventType.HARDWARE_EXCEPTION && vector == 18;
		return switch ((int) vmcs.read(GUEST_ACTIVITY_STATE)) {
			case ACTIVE -> true;
			case HLT -> type == EventType.EXTERNAL_INTERRUPT || type == EventType.NMI || machineCheck
					|| type == EventType.HARDWARE_EXCEPTION && vector == 1 || type == EventType.OTHER;
			case SHUTDOWN -> type == EventType.NMI || machineCheck;
			default -> false;
		};
	}

	private static boolean pendingSingleStepFits(Vmcs vmcs) {
		boolean held = (vmcs.read(GUEST_INTERRUPTIBILITY_STATE) & (BLOCKING_BY_STI | BLOCKING_BY_MOV_SS)) != 0
				|| vmcs.read(GUEST_ACTIVITY_STATE) == HLT;
		boolean singleStep = has(vmcs, GUEST_RFLAGS, TF) && (vmcs.read(GUEST_IA32_DEBUGCTL) & 2) == 0;
		return !held || singleStep == has(vmcs, GUEST_PENDING_DEBUG_EXCEPTIONS, 1 << 14);
	}
}
