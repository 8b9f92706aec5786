/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.system.ProcessorModel.Vendor;

/** SYSCALL, SYSRET, SYSENTER, SYSEXIT and SWAPGS, each with its vendor's differences. */
public final class FastSystemCalls {
	private static final int CODE64 = 0xa09b, CODE32 = 0xc09b, DATA = 0xc093, USER = 3 << 5;
	private static final long FLAT = 0xffff_ffffL;
	/** RFLAGS bits that SYSRET takes from R11: all defined ones but RF and VM. */
	private static final long SYSRET_FLAGS = 0x3c7fd7;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;

	FastSystemCalls(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	private boolean amd() {
		return unit.model.vendor() == Vendor.AMD;
	}

	private void setSegment(int segment, long selector, int rights) {
		state.segments[segment].set((int) selector & 0xffff, 0, FLAT, rights);
	}

	/**
	 * SYSCALL.
	 *
	 * @param nextRip RIP of the instruction behind it
	 * @return the new RIP
	 */
	public long syscall(long nextRip) {
		if ((state.efer & CpuState.EFER_SCE) == 0 || !amd() && !state.in64BitMode() || !state.protectedMode()) {
			throw fault.undefinedInstruction();
		}
		long target;
		long selector = state.star >>> 32 & 0xfffc;
		if (state.longModeActive()) {
			target = state.in64BitMode() ? state.lstar : state.cstar;
			state.general[CpuState.RCX] = nextRip;
			state.general[11] = state.rflags & ~CpuState.RF;
			state.rflags = state.rflags & ~(state.syscallMask | CpuState.RF) | 2;
			setSegment(CpuState.CS, selector, CODE64);
		} else {
			target = state.star & 0xffff_ffffL;
			state.general[CpuState.RCX] = nextRip & 0xffff_ffffL;
			state.rflags &= ~(CpuState.VM | CpuState.IF | CpuState.RF);
			setSegment(CpuState.CS, selector, CODE32);
		}
		setSegment(CpuState.SS, selector + 8, DATA);
		unit.setPrivilegeLevel(0);
		unit.events.trapFlagTestedAfter();
		return target;
	}

	/**
	 * SYSRET.
	 *
	 * @param to64Bit with a 64-bit operand size: returns to 64-bit mode
	 * @return the new RIP
	 */
	public long sysret(boolean to64Bit) {
		if ((state.efer & CpuState.EFER_SCE) == 0 || !amd() && !state.in64BitMode() || !state.protectedMode()) {
			throw fault.undefinedInstruction();
		}
		unit.requirePrivilege();
		long selector = state.star >>> 48;
		long target = state.general[CpuState.RCX];
		if (to64Bit) {
			if (!amd()) {
				// Intel's processors fault here, at CPL 0; AMD's at the fetch, at CPL 3.
				unit.requireCanonical(target);
			}
			setSegment(CpuState.CS, selector + 16 | 3, CODE64 | USER);
		} else {
			target &= 0xffff_ffffL;
			setSegment(CpuState.CS, selector | 3, CODE32 | USER);
		}
		if (state.longModeActive()) {
			state.rflags = state.general[11] & SYSRET_FLAGS | 2;
		} else {
			state.rflags |= CpuState.IF;
		}
		loadReturnStack((int) (selector + 8 | 3) & 0xffff);
		unit.setPrivilegeLevel(3);
		unit.events.trapFlagTestedAfter();
		return target;
	}

	private void loadReturnStack(int selector) {
		if (amd()) {
			// AMD's SYSRET changes the selector and leaves the hidden part but for its level.
			SegmentState ss = state.segments[CpuState.SS];
			ss.set(selector, ss.base, ss.limit, ss.accessRights | USER);
		} else {
			setSegment(CpuState.SS, selector, DATA | USER);
		}
	}

	/** SYSENTER. Returns the new RIP. */
	public long sysenter() {
		boolean longMode = state.longModeActive();
		if (amd() && longMode) {
			throw fault.undefinedInstruction();
		}
		if (!state.protectedMode() || (state.sysenterCs & 0xfffc) == 0) {
			throw fault.generalProtection(0);
		}
		long selector = state.sysenterCs & 0xfffc;
		state.rflags &= ~(CpuState.VM | CpuState.IF | CpuState.RF);
		setSegment(CpuState.CS, selector, longMode ? CODE64 : CODE32);
		setSegment(CpuState.SS, selector + 8, DATA);
		long mask = longMode ? -1L : FLAT;
		state.general[CpuState.RSP] = state.sysenterEsp & mask;
		unit.setPrivilegeLevel(0);
		unit.events.stateChanged();
		return state.sysenterEip & mask;
	}

	/** SYSEXIT. Returns the new RIP. */
	public long sysexit(boolean to64Bit) {
		if (amd() && state.longModeActive()) {
			throw fault.undefinedInstruction();
		}
		if (!state.protectedMode() || state.cpl != 0 || (state.sysenterCs & 0xfffc) == 0) {
			throw fault.generalProtection(0);
		}
		long selector = state.sysenterCs & 0xfffc;
		long target = state.general[CpuState.RDX];
		long rsp = state.general[CpuState.RCX];
		if (to64Bit) {
			unit.requireCanonical(target);
			unit.requireCanonical(rsp);
			setSegment(CpuState.CS, selector + 32 | 3, CODE64 | USER);
			setSegment(CpuState.SS, selector + 40 | 3, DATA | USER);
		} else {
			target &= FLAT;
			rsp &= FLAT;
			setSegment(CpuState.CS, selector + 16 | 3, CODE32 | USER);
			setSegment(CpuState.SS, selector + 24 | 3, DATA | USER);
		}
		state.general[CpuState.RSP] = rsp;
		unit.setPrivilegeLevel(3);
		return target;
	}

	/** SWAPGS. */
	public void swapgs() {
		if (!state.in64BitMode()) {
			throw fault.undefinedInstruction();
		}
		unit.requirePrivilege();
		SegmentState gs = state.segments[CpuState.GS];
		long base = gs.base;
		gs.base = state.kernelGsBase;
		state.kernelGsBase = base;
	}
}
