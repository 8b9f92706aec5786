/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;

/** System-management mode: what an SMI does, and RSM (Intel SDM and AMD APM volume 2, "System Management Mode"). */
public final class SystemManagement {
	private static final int ENTRY = 0x8000;
	/** Revision identifier: SMBASE can be relocated; I/O instructions are not restarted. */
	private static final int REVISION_OFFSET = 0x7efc, INTEL_REVISION = 0x2_0101, AMD_REVISION = 0x2_0064;
	private static final int INTEL_HALT_RESTART = 0x7f02, AMD_HALT_RESTART = 0x7ec9;
	/** Selectors in Intel's map: ES first, then CS, SS, DS, FS, GS, LDTR, TR. */
	private static final int INTEL_SELECTORS = 0x7fa8, INTEL_HIDDEN = 0x7c00;
	/** Segments in AMD's map, in the order of the register numbers but for GDTR and IDTR among them. */
	private static final int AMD_SEGMENTS = 0x7e00, AMD_LDTR = 0x7e70, AMD_TR = 0x7e90;
	private static final int DATA = 0x8093, CODE = 0x809b;
	private static final SaveStateField[] FIELDS = SaveStateField.values();

	private final SystemUnit unit;
	private final CpuState state;
	private final boolean amd;
	/** Where the state is saved and taken from: SMBASE may be changed by what is taken. */
	private long map;

	SystemManagement(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		amd = unit.model.vendor() == Vendor.AMD;
	}

	/**
	 * An SMI at an instruction boundary outside of system-management mode. Control registers are those that the mode has
	 * afterwards; who keeps bits of its own in them puts these in again.
	 */
	public void enter() {
		// First, for the map is in the machine's memory, not in that of a guest hypervisor's guest.
		unit.contexts.suspend();
		map = state.smbase + ENTRY;
		save();
		state.inSystemManagementMode = true;
		state.interruptibility.blockingByNmi = true;
		state.interruptibility.shadow = Shadow.NONE;
		state.interruptibility.pendingDebugExceptions = 0;
		state.activity = Activity.ACTIVE;
		for (int i = 0; i < 6; i++) {
			state.segments[i].set(0, 0, 0xffff_ffffL, DATA);
		}
		state.segments[CpuState.CS].set((int) (state.smbase >> 4) & 0xffff, state.smbase, 0xffff_ffffL, CODE);
		state.cpl = 0;
		state.rip = ENTRY;
		state.rflags = 2;
		state.cr0 &= ~(CpuState.CR0_PE | CpuState.CR0_EM | CpuState.CR0_TS | CpuState.CR0_PG);
		state.cr4 = 0;
		state.efer = 0;
		state.dr7 = DebugRegisters.DR7_FIXED;
		unit.stateReplaced();
	}

	/** RSM: #UD outside of system-management mode, else as {@link #leave}. */
	public void rsm(int length) {
		if (state.inSystemManagementMode || amd) {
			unit.interception().instruction(InterceptedInstruction.RSM, length, 0);
		}
		if (!state.inSystemManagementMode) {
			throw unit.fault.undefinedInstruction();
		}
		leave();
	}

	/** Takes the saved state. What it may not be shuts the processor down. */
	public void leave() {
		map = state.smbase + ENTRY;
		state.inSystemManagementMode = false;
		boolean halted = (read(haltRestart(), 1) & 1) != 0;
		restore();
		unit.contexts.resume();
		if (!valid()) {
			state.activity = Activity.SHUTDOWN;
		} else if (halted) {
			state.activity = Activity.HALTED;
		}
		if (!state.longModeActive() && (state.cr0 & CpuState.CR0_PG) != 0 && (state.cr4 & CpuState.CR4_PAE) != 0) {
			unit.controlRegisters.reloadPdptes();
		}
		unit.stateReplaced();
	}

	private int haltRestart() {
		return amd ? AMD_HALT_RESTART : INTEL_HALT_RESTART;
	}

	/** "Exiting From SMM": the checks of control registers. */
	private boolean valid() {
		boolean paging = (state.cr0 & CpuState.CR0_PG) != 0;
		boolean longMode = (state.efer & CpuState.EFER_LMA) != 0;
		return state.cr0 >>> 32 == 0 && !(paging && !state.protectedMode())
				&& ((state.cr0 & CpuState.CR0_NW) == 0 || (state.cr0 & CpuState.CR0_CD) != 0)
				&& (state.cr4 & ~unit.model.cr4Allowed()) == 0 && (state.efer & ~unit.model.eferAllowed()) == 0
				&& (!longMode || paging && (state.cr4 & CpuState.CR4_PAE) != 0 && !state.virtual8086())
				&& ((state.cr4 & CpuState.CR4_PCIDE) == 0 || longMode);
	}

	// ---- the map ----

	private void save() {
		for (SaveStateField field : FIELDS) {
			write(field.offset(amd), field.size, field.reader.read(state));
		}
		write(REVISION_OFFSET, 4, amd ? AMD_REVISION : INTEL_REVISION);
		write(haltRestart(), 1, state.activity == Activity.HALTED ? 1 : 0);
		for (int i = 0; i < state.segments.length; i++) {
			SegmentState segment = state.segments[i];
			int at = segment(i);
			if (amd) {
				write(at, 2, segment.selector);
				write(at + 2, 2, attributes(segment));
			} else {
				write(INTEL_SELECTORS + 4 * i, 4, segment.selector);
				write(at, 4, segment.accessRights);
			}
			write(at + 4, 4, segment.limit);
			write(at + 8, 8, segment.base);
		}
	}

	private void restore() {
		for (SaveStateField field : FIELDS) {
			field.writer.write(state, read(field.offset(amd), field.size));
		}
		state.rflags |= 2;
		for (int i = 0; i < state.segments.length; i++) {
			int at = segment(i);
			int rights = amd ? accessRights((int) read(at + 2, 2)) : (int) read(at, 4) & 0x1_f0ff;
			int selector = (int) read(amd ? at : INTEL_SELECTORS + 4 * i, 2);
			state.segments[i].set(selector, read(at + 8, 8), read(at + 4, 4), rights);
		}
		state.cpl = state.virtual8086() ? 3 : state.segments[CpuState.SS].privilegeLevel();
	}

	/** Offset of a segment's hidden part; Intel's processors keep it in what the map calls reserved. */
	private int segment(int number) {
		if (!amd) {
			return INTEL_HIDDEN + 16 * number;
		}
		return number == CpuState.LDTR ? AMD_LDTR : number == CpuState.TR ? AMD_TR : AMD_SEGMENTS + 16 * number;
	}

	private static int attributes(SegmentState segment) {
		int rights = segment.unusable() ? segment.accessRights & ~0x80 : segment.accessRights;
		return rights & 0xff | rights >> 4 & 0xf00;
	}

	private static int accessRights(int attributes) {
		int rights = attributes & 0xff | (attributes & 0xf00) << 4;
		return (rights & 0x80) != 0 ? rights : rights | SegmentState.UNUSABLE;
	}

	private long host(int offset, int access) {
		long guestPhysical = map + offset;
		return unit.mmu.physical().wired(unit.interception().translate(guestPhysical, access, 0, true), access, true);
	}

	private long read(int offset, int size) {
		return unit.mmu.physical().read(host(offset, Interception.READ), size);
	}

	private void write(int offset, int size, long value) {
		unit.mmu.physical().write(host(offset, Interception.WRITE), size, value);
	}
}
