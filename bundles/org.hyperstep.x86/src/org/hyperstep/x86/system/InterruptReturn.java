/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** IRET, IRETD, IRETQ in every mode. */
public final class InterruptReturn {
	/** What 16-bit and larger images carry, apart from the privileged bits. */
	private static final long FLAGS16 = CpuState.CF | CpuState.PF | CpuState.AF | CpuState.ZF | CpuState.SF
			| CpuState.TF | CpuState.DF | CpuState.OF | CpuState.NT;
	private static final long FLAGS32 = FLAGS16 | CpuState.RF | CpuState.AC | CpuState.ID;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;
	private final Stack stack;

	InterruptReturn(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
		stack = unit.stack;
	}

	/**
	 * IRET.
	 *
	 * @param operandSize 16, 32 or 64
	 * @param length      of the instruction, for its intercept
	 * @return the new RIP
	 */
	public long iret(int operandSize, int length) {
		unit.interception().instruction(InterceptedInstruction.IRET, length, 0);
		// NMIs are unblocked by IRET even if it faults ("Handling Multiple NMIs").
		endNmi();
		long target = leave(operandSize, state.rip + length);
		state.interruptibility.unblockedByIret = false;
		return target;
	}

	private void endNmi() {
		Interruptibility interruptibility = state.interruptibility;
		if (interruptibility.blockingByNmi && unit.interception().iretUnblocksNmis()) {
			interruptibility.blockingByNmi = false;
			interruptibility.unblockedByIret = true;
			unit.events.stateChanged();
		}
	}

	private long leave(int operandSize, long nextRip) {
		int size = operandSize >> 3;
		stack.open();
		if (!state.protectedMode() || state.virtual8086()) {
			return leaveRealSegments(size);
		}
		if ((state.rflags & CpuState.NT) != 0) {
			if (state.longModeActive()) {
				throw fault.generalProtection(0);
			}
			return unit.taskSwitch.back(nextRip);
		}
		long offset = stack.pop(size);
		int selector = (int) stack.pop(size) & 0xffff;
		long flags = stack.pop(size);
		if ((flags & CpuState.VM) != 0 && size == 4 && state.cpl == 0 && !state.longModeActive()) {
			return leaveToVirtual8086(offset, selector, flags);
		}
		return leaveProtected(offset, selector, flags, size);
	}

	private long leaveRealSegments(int size) {
		boolean virtual = state.virtual8086();
		boolean virtualized = unit.flagInstructions.virtualized(size << 3);
		long offset = stack.pop(size);
		int selector = (int) stack.pop(size) & 0xffff;
		long flags = stack.pop(size);
		SegmentState cs = state.segments[CpuState.CS];
		if (offset > (virtual ? 0xffff : cs.limit)) {
			throw fault.generalProtection(0);
		}
		if (virtualized) {
			unit.flagInstructions.takeVirtualized(flags);
		}
		if (virtual) {
			SegmentLoads.loadVirtual8086(cs, selector);
		} else {
			cs.selector = selector;
			cs.base = (long) selector << 4;
		}
		state.general[CpuState.RSP] = stack.pointer();
		if (!virtualized) {
			loadFlags(flags, size, true, !virtual);
		}
		return offset;
	}

	private long leaveToVirtual8086(long offset, int selector, long flags) {
		long rsp = stack.pop(4);
		int ss = (int) stack.pop(4) & 0xffff;
		int es = (int) stack.pop(4) & 0xffff;
		int ds = (int) stack.pop(4) & 0xffff;
		int fs = (int) stack.pop(4) & 0xffff;
		int gs = (int) stack.pop(4) & 0xffff;
		if ((offset & 0xffff_ffffL) > 0xffff) {
			throw fault.generalProtection(0);
		}
		SegmentLoads.loadVirtual8086(state.segments[CpuState.CS], selector);
		SegmentLoads.loadVirtual8086(state.segments[CpuState.SS], ss);
		SegmentLoads.loadVirtual8086(state.segments[CpuState.ES], es);
		SegmentLoads.loadVirtual8086(state.segments[CpuState.DS], ds);
		SegmentLoads.loadVirtual8086(state.segments[CpuState.FS], fs);
		SegmentLoads.loadVirtual8086(state.segments[CpuState.GS], gs);
		state.general[CpuState.RSP] = rsp;
		loadFlags(flags, 4, true, true);
		state.rflags |= flags & (CpuState.VM | CpuState.VIF | CpuState.VIP);
		unit.setPrivilegeLevel(3);
		return offset;
	}

	private long leaveProtected(long offset, int selector, long flags, int size) {
		FarTransfers far = unit.farTransfers;
		far.readReturnCode(selector);
		far.requireReturnTarget(offset);
		int level = selector & 3;
		boolean outer = level != state.cpl;
		boolean interruptFlag = state.cpl <= state.ioPrivilegeLevel();
		boolean privileged = state.cpl == 0;
		if (outer || state.in64BitMode()) {
			long rsp = stack.pop(size);
			int ss = (int) stack.pop(size) & 0xffff;
			far.loadReturnStack(ss, level);
			far.setOuterPointer(rsp, size);
		} else {
			state.general[CpuState.RSP] = stack.pointer();
		}
		long target = far.enterReturnCode(selector, offset);
		loadFlags(flags, size, interruptFlag, privileged);
		if (outer) {
			unit.setPrivilegeLevel(level);
			unit.segmentLoads.dropInnerSegments();
		}
		return target;
	}

	private void loadFlags(long image, int size, boolean interruptFlag, boolean privileged) {
		long taken = size == 2 ? FLAGS16 : FLAGS32;
		if (interruptFlag) {
			taken |= CpuState.IF;
		}
		if (privileged) {
			taken |= CpuState.IOPL | (size == 2 || !state.protectedMode() ? 0 : CpuState.VIF | CpuState.VIP);
		}
		state.rflags = state.rflags & ~taken | image & taken | 2;
		unit.mmu.privilegeChanged();
		if ((state.rflags & CpuState.RF) != 0) {
			unit.events.resumeFlagLoaded();
		}
		unit.events.stateChanged();
	}
}
