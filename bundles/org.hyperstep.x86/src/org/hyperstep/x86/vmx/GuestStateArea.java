/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.Architecture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import java.util.EnumSet;
import java.util.Set;

import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;

/** Moves guest state between the VMCS and the processor (Intel SDM, "Loading Guest State", "Saving Guest State"). */
final class GuestStateArea {
	static final int ACTIVE = 0, HLT = 1, SHUTDOWN = 2, WAIT_FOR_SIPI = 3;
	static final long BLOCKING_BY_STI = 1, BLOCKING_BY_MOV_SS = 2, BLOCKING_BY_SMI = 4, BLOCKING_BY_NMI = 8;

	/** By segment: ES, CS, SS, DS, FS, GS, LDTR, TR. */
	static final VmcsField[] SELECTOR = row(GUEST_ES_SELECTOR);
	static final VmcsField[] LIMIT = row(GUEST_ES_LIMIT);
	static final VmcsField[] ACCESS_RIGHTS = row(GUEST_ES_ACCESS_RIGHTS);
	static final VmcsField[] BASE = row(GUEST_ES_BASE);

	static final VmcsField[] PDPTE = { GUEST_PDPTE0, GUEST_PDPTE1, GUEST_PDPTE2, GUEST_PDPTE3 };

	private static final Activity[] ACTIVITIES = Activity.values();
	private static final long DR7_FIXED_ONE = 0x400;
	private static final long DR7_FIXED_ZERO = 0xd000;

	/** Guest state that exits do not save from registers. */
	private static final Set<VmcsField> ELSEWHERE = EnumSet.of(GUEST_INTERRUPT_STATUS, PML_INDEX, VMCS_LINK_POINTER,
			GUEST_IA32_PERF_GLOBAL_CTRL, GUEST_IA32_BNDCFGS, GUEST_SMBASE, VMX_PREEMPTION_TIMER_VALUE);
	private static final boolean[] SAVED = new boolean[VmcsField.values().length];
	static {
		for (VmcsField field : VmcsField.values()) {
			SAVED[field.ordinal()] = field.group() == VmcsField.Group.GUEST_STATE && !ELSEWHERE.contains(field);
		}
	}
	private static final long OF_EXIT = VmxControl.bits(SAVE_DEBUG_CONTROLS, SAVE_IA32_PAT, SAVE_IA32_EFER),
			OF_ENTRY = VmxControl.bits(LOAD_DEBUG_CONTROLS, LOAD_GUEST_IA32_PAT, LOAD_GUEST_IA32_EFER),
			SECONDARY = VmxControl.bits(ENABLE_EPT, UNRESTRICTED_GUEST),
			IA_32E_MODE = VmxControl.bits(IA_32E_MODE_GUEST);

	private GuestStateArea() {
	}

	/** Whether a field is one that {@link #save} writes. */
	static boolean saves(VmcsField field) {
		return SAVED[field.ordinal()];
	}

	/** Whether the controls have an exit save all that the next entry loads. */
	static boolean savesWhatIsLoaded(Vmcs vmcs) {
		return all(vmcs.read(VM_EXIT_CONTROLS), OF_EXIT) && all(vmcs.read(VM_ENTRY_CONTROLS), OF_ENTRY)
				&& all(vmcs.secondaryControls(), SECONDARY);
	}

	private static boolean all(long controls, long wanted) {
		return (controls & wanted) == wanted;
	}

	private static VmcsField[] row(VmcsField first) {
		VmcsField[] fields = new VmcsField[8];
		for (int i = 0; i < fields.length; i++) {
			fields[i] = VmcsField.of(first.encoding() + 2 * i);
		}
		return fields;
	}

	static void load(Vmcs vmcs, CpuState state) {
		state.cr0 = vmcs.read(GUEST_CR0) | CR0_ET;
		state.cr3 = vmcs.read(GUEST_CR3);
		state.cr4 = vmcs.read(GUEST_CR4);
		if (vmcs.has(LOAD_DEBUG_CONTROLS)) {
			state.dr7 = vmcs.read(GUEST_DR7) & ~DR7_FIXED_ZERO | DR7_FIXED_ONE;
			state.debugControl = vmcs.read(GUEST_IA32_DEBUGCTL);
		}
		state.sysenterCs = vmcs.read(GUEST_IA32_SYSENTER_CS);
		state.sysenterEsp = vmcs.read(GUEST_IA32_SYSENTER_ESP);
		state.sysenterEip = vmcs.read(GUEST_IA32_SYSENTER_EIP);
		state.efer = efer(vmcs, state);
		if (vmcs.has(LOAD_GUEST_IA32_PAT)) {
			state.pat = vmcs.read(GUEST_IA32_PAT);
		}
		loadSegments(vmcs, state);
		state.general[CpuState.RSP] = vmcs.read(GUEST_RSP);
		state.rip = vmcs.read(GUEST_RIP);
		state.rflags = vmcs.read(GUEST_RFLAGS);
		if (vmcs.has(ENABLE_EPT)) {
			for (int i = 0; i < PDPTE.length; i++) {
				state.pdpte[i] = vmcs.read(PDPTE[i]);
			}
		}
		loadNonRegisterState(vmcs, state);
	}

	private static long efer(Vmcs vmcs, CpuState state) {
		if (vmcs.has(LOAD_GUEST_IA32_EFER)) {
			return vmcs.read(GUEST_IA32_EFER);
		}
		long modes = vmcs.has(IA_32E_MODE_GUEST) ? EFER_LMA | EFER_LME : 0;
		boolean paging = (vmcs.read(GUEST_CR0) & CR0_PG) != 0;
		long kept = paging ? state.efer & ~(EFER_LMA | EFER_LME) : state.efer & ~EFER_LMA;
		return kept | modes;
	}

	private static void loadSegments(Vmcs vmcs, CpuState state) {
		for (int i = 0; i < 8; i++) {
			state.segments[i].set((int) vmcs.read(SELECTOR[i]), vmcs.read(BASE[i]), vmcs.read(LIMIT[i]),
					(int) vmcs.read(ACCESS_RIGHTS[i]));
		}
		state.cpl = state.segments[CpuState.SS].privilegeLevel();
		state.gdtrBase = vmcs.read(GUEST_GDTR_BASE);
		state.gdtrLimit = (int) vmcs.read(GUEST_GDTR_LIMIT);
		state.idtrBase = vmcs.read(GUEST_IDTR_BASE);
		state.idtrLimit = (int) vmcs.read(GUEST_IDTR_LIMIT);
	}

	private static void loadNonRegisterState(Vmcs vmcs, CpuState state) {
		long blocking = vmcs.read(GUEST_INTERRUPTIBILITY_STATE);
		Interruptibility interruptibility = state.interruptibility;
		interruptibility.shadow = (blocking & BLOCKING_BY_MOV_SS) != 0 ? Shadow.MOV_SS
				: (blocking & BLOCKING_BY_STI) != 0 ? Shadow.STI : Shadow.NONE;
		interruptibility.blockingByNmi = (blocking & BLOCKING_BY_NMI) != 0;
		interruptibility.blockingBySmi = (blocking & BLOCKING_BY_SMI) != 0;
		interruptibility.pendingDebugExceptions = vmcs.read(GUEST_PENDING_DEBUG_EXCEPTIONS);
		state.activity = ACTIVITIES[(int) vmcs.read(GUEST_ACTIVITY_STATE)];
	}

	/** Who stores a field. */
	@FunctionalInterface
	interface Writer {
		void write(VmcsField field, long value);
	}

	/** Saves the guest's state; {@code to} is the processor's own store at VM exit, or software's write. */
	static void save(CpuState state, Vmcs vmcs, Writer to) {
		to.write(GUEST_CR0, state.cr0);
		to.write(GUEST_CR3, state.cr3);
		to.write(GUEST_CR4, state.cr4);
		if (vmcs.has(SAVE_DEBUG_CONTROLS)) {
			to.write(GUEST_DR7, state.dr7);
			to.write(GUEST_IA32_DEBUGCTL, state.debugControl);
		}
		to.write(GUEST_IA32_SYSENTER_CS, state.sysenterCs);
		to.write(GUEST_IA32_SYSENTER_ESP, state.sysenterEsp);
		to.write(GUEST_IA32_SYSENTER_EIP, state.sysenterEip);
		if (vmcs.has(SAVE_IA32_EFER)) {
			to.write(GUEST_IA32_EFER, state.efer);
		}
		if (vmcs.has(UNRESTRICTED_GUEST)) {
			to.write(VM_ENTRY_CONTROLS, mode(state, vmcs));
		}
		if (vmcs.has(SAVE_IA32_PAT)) {
			to.write(GUEST_IA32_PAT, state.pat);
		}
		saveSegments(state, to);
		to.write(GUEST_RSP, state.general[CpuState.RSP]);
		to.write(GUEST_RIP, state.rip);
		to.write(GUEST_RFLAGS, state.rflags);
		if (vmcs.has(ENABLE_EPT)) {
			for (int i = 0; i < PDPTE.length; i++) {
				to.write(PDPTE[i], state.pdpte[i]);
			}
		}
		saveNonRegisterState(state, to);
	}

	/** With "unrestricted guest" the guest enters and leaves IA-32e mode by itself, and the entry control follows. */
	static void saveMode(CpuState state, Vmcs vmcs) {
		vmcs.store(VM_ENTRY_CONTROLS, mode(state, vmcs));
	}

	private static long mode(CpuState state, Vmcs vmcs) {
		long controls = vmcs.read(VM_ENTRY_CONTROLS);
		return (state.efer & EFER_LMA) != 0 ? controls | IA_32E_MODE : controls & ~IA_32E_MODE;
	}

	private static void saveSegments(CpuState state, Writer to) {
		for (int i = 0; i < 8; i++) {
			SegmentState segment = state.segments[i];
			to.write(SELECTOR[i], segment.selector);
			to.write(BASE[i], segment.base);
			to.write(LIMIT[i], segment.limit);
			to.write(ACCESS_RIGHTS[i], segment.accessRights);
		}
		to.write(GUEST_GDTR_BASE, state.gdtrBase);
		to.write(GUEST_GDTR_LIMIT, state.gdtrLimit);
		to.write(GUEST_IDTR_BASE, state.idtrBase);
		to.write(GUEST_IDTR_LIMIT, state.idtrLimit);
	}

	private static void saveNonRegisterState(CpuState state, Writer to) {
		to.write(GUEST_INTERRUPTIBILITY_STATE, blocking(state));
		to.write(GUEST_PENDING_DEBUG_EXCEPTIONS, state.interruptibility.pendingDebugExceptions);
		to.write(GUEST_ACTIVITY_STATE, state.activity.ordinal());
	}

	/** The interruptibility state of the registers. */
	static long blocking(CpuState state) {
		Interruptibility interruptibility = state.interruptibility;
		long blocking = switch (interruptibility.shadow) {
			case NONE -> 0;
			case STI -> BLOCKING_BY_STI;
			case MOV_SS -> BLOCKING_BY_MOV_SS;
		};
		blocking |= interruptibility.blockingByNmi ? BLOCKING_BY_NMI : 0;
		return blocking | (interruptibility.blockingBySmi ? BLOCKING_BY_SMI : 0);
	}
}
