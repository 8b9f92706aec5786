/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.state.CpuState;

/** The checks of VM entry in their order, made again only where something changed that they look at. */
final class EntryChecks {
	/** What fails with VMfail, and what with a VM exit. */
	enum Stage {
		CONTROLS_AND_HOST(Vmcs.Checks.CONTROLS, Vmcs.Checks.INJECTION, Vmcs.Checks.HOST_STATE),
		GUEST_STATE(Vmcs.Checks.GUEST_STATE, Vmcs.Checks.GUEST_POSITION, Vmcs.Checks.GUEST_INJECTION,
				Vmcs.Checks.GUEST_SEGMENTS);

		private final Vmcs.Checks[] checks;

		Stage(Vmcs.Checks... checks) {
			this.checks = checks;
		}
	}

	private static final long PDPTE_RESERVED = 0x1e6;
	private static final long RFLAGS_ONE = 2;
	/** Of the interruption information: what is clear where a valid one is that of an external interrupt. */
	private static final int PLAIN_INTERRUPT = 0x7fff_ff00;
	private static final EntryCheck MEMORY_PDPTES = new EntryCheck("the PDPTEs in memory have no reserved bit", //$NON-NLS-1$
			EntryCheck.Failure.PDPTE, vmcs -> false);

	private static final EntryCheck TPR_THRESHOLD_FITS = new EntryCheck(
			"the TPR threshold is not above the virtual TPR", EntryCheck.Failure.INVALID_CONTROL, vmcs -> false); //$NON-NLS-1$

	private EntryChecks() {
	}

	/** The first rule broken, of those that are due. */
	static @Nullable EntryCheck firstBroken(Vmcs vmcs) {
		if (!vmcs.anyDue() || vmcs.onlyPositionDue() && plainlyLegal(vmcs)) {
			return null;
		}
		EntryCheck broken = firstBroken(vmcs, Stage.CONTROLS_AND_HOST);
		return broken != null ? broken : firstBroken(vmcs, Stage.GUEST_STATE);
	}

	/**
	 * Whether one look at the registers tells that no rule about the position and the event is broken: nothing holds events
	 * off, and what is injected, if anything, is an external interrupt. So are nearly all entries.
	 */
	static boolean plainlyLegal(Vmcs vmcs) {
		CpuState registers = vmcs.registers().unsaved();
		if (registers == null) {
			return false;
		}
		long flags = registers.rflags;
		int event = (int) vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION);
		boolean legalEvent = event >= 0 || (event & PLAIN_INTERRUPT) == 0 && (flags & CpuState.IF) != 0;
		return legalEvent
				&& (flags & (GuestStateChecks.RFLAGS_RESERVED | CpuState.VM | RFLAGS_ONE)) == RFLAGS_ONE
				&& registers.activity == CpuState.Activity.ACTIVE
				&& registers.interruptibility.pendingDebugExceptions == 0
				&& GuestStateArea.blocking(registers) == 0 && ripFits(vmcs, registers);
	}

	private static boolean ripFits(Vmcs vmcs, CpuState registers) {
		boolean longMode = vmcs.has(IA_32E_MODE_GUEST) && registers.segments[CpuState.CS].longMode();
		return longMode ? vmcs.canonical(registers.rip) : registers.rip >>> 32 == 0;
	}

	static @Nullable EntryCheck firstBroken(Vmcs vmcs, Stage stage) {
		for (Vmcs.Checks checks : stage.checks) {
			EntryCheck broken = vmcs.due(checks) ? firstBroken(vmcs, list(vmcs, checks)) : null;
			if (broken != null) {
				return broken;
			}
		}
		return null;
	}

	private static List<EntryCheck> list(Vmcs vmcs, Vmcs.Checks checks) {
		return switch (checks) {
			case CONTROLS -> ControlChecks.ALL;
			case INJECTION -> vmcs.injects() ? ControlChecks.INJECTION : List.of();
			case HOST_STATE -> HostStateChecks.ALL;
			case GUEST_STATE -> GuestStateChecks.ALL;
			case GUEST_POSITION -> GuestStateChecks.POSITION;
			case GUEST_INJECTION -> vmcs.injects() ? GuestStateChecks.INJECTION : List.of();
			case GUEST_SEGMENTS -> GuestSegmentChecks.ALL;
		};
	}

	private static @Nullable EntryCheck firstBroken(Vmcs vmcs, List<EntryCheck> checks) {
		for (int i = 0; i < checks.size(); i++) {
			EntryCheck check = checks.get(i);
			if (!check.holds().test(vmcs)) {
				return check;
			}
		}
		return null;
	}

	/** "Checks on VMX Controls": what depends on memory, the virtual TPR. */
	static @Nullable EntryCheck memoryControls(Vmcs vmcs, LowerMemory memory) {
		boolean compared = vmcs.has(USE_TPR_SHADOW) && !vmcs.has(VIRTUALIZE_APIC_ACCESSES)
				&& !vmcs.has(VIRTUAL_INTERRUPT_DELIVERY);
		long tpr = compared ? memory.read(vmcs.read(VIRTUAL_APIC_ADDRESS) + VirtualApicPage.TPR, 4) : 0;
		return compared && (vmcs.read(TPR_THRESHOLD) & 0xf) > (tpr >>> 4 & 0xf) ? TPR_THRESHOLD_FITS : null;
	}

	private static final EntryCheck LINKED_VMCS = new EntryCheck(
			"the VMCS link pointer references another VMCS, a shadow one exactly with VMCS shadowing", //$NON-NLS-1$
			EntryCheck.Failure.LINK_POINTER, vmcs -> false);

	/** "Checks on Guest Non-Register State": what the VMCS link pointer references. */
	static @Nullable EntryCheck linkPointer(Vmcs vmcs, VmcsRegion region, long current) {
		long link = vmcs.read(VMCS_LINK_POINTER);
		if (link == -1L) {
			return null;
		}
		long wanted = VmcsRegion.REVISION | (vmcs.has(VMCS_SHADOWING) ? VmcsRegion.SHADOW : 0);
		return link != current && region.revision(link) == wanted ? null : LINKED_VMCS;
	}

	// ---- PDPTEs in memory ----

	/** "Checks on Guest Page-Directory-Pointer-Table Entries", where EPT is off and they are in memory. */
	static @Nullable EntryCheck memoryPdptes(Vmcs vmcs, LowerMemory memory) {
		boolean pae = (vmcs.read(GUEST_CR0) & CR0_PG) != 0 && (vmcs.read(GUEST_CR4) & CR4_PAE) != 0
				&& !vmcs.has(IA_32E_MODE_GUEST);
		return !pae || valid(vmcs.read(GUEST_CR3), memory) ? null : MEMORY_PDPTES;
	}

	private static boolean valid(long cr3, LowerMemory memory) {
		for (int i = 0; i < 4; i++) {
			long entry = memory.read((cr3 & 0xffff_ffe0L) + i * 8, 8);
			if ((entry & 1) != 0 && ((entry & PDPTE_RESERVED) != 0 || !physical(entry & ~0xfffL))) {
				return false;
			}
		}
		return true;
	}

	/** Loads the PDPTE registers where PAE paging uses them. */
	static void loadPdptes(CpuState state, LowerMemory memory) {
		if (paePaging(state)) {
			for (int i = 0; i < 4; i++) {
				state.pdpte[i] = memory.read((state.cr3 & 0xffff_ffe0L) + i * 8, 8);
			}
		}
	}

	/** "Checking and Loading Host Page-Directory-Pointer-Table Entries"; false is a VMX abort. */
	static boolean loadHostPdptes(CpuState state, LowerMemory memory) {
		if (paePaging(state) && !valid(state.cr3, memory)) {
			return false;
		}
		loadPdptes(state, memory);
		return true;
	}

	private static boolean paePaging(CpuState state) {
		return (state.cr0 & CR0_PG) != 0 && (state.cr4 & CR4_PAE) != 0 && (state.efer & EFER_LMA) == 0;
	}
}
