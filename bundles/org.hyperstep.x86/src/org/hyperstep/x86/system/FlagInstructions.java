/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/** PUSHF, POPF, CLI, STI, CLAC, STAC: who may see and change which bit of RFLAGS. */
public final class FlagInstructions {
	private static final long ALWAYS = CpuState.CF | CpuState.PF | CpuState.AF | CpuState.ZF | CpuState.SF
			| CpuState.TF | CpuState.DF | CpuState.OF | CpuState.NT;
	private static final long UPPER = CpuState.AC | CpuState.ID;

	private final SystemUnit unit;
	private final CpuState state;
	private final GuestFault fault;

	FlagInstructions(SystemUnit unit) {
		this.unit = unit;
		state = unit.state;
		fault = unit.fault;
	}

	/**
	 * PUSHF: the image to push; its low {@code operandSize} bits count.
	 *
	 * @param length of the instruction, for its intercept
	 */
	public long pushedFlags(int length) {
		unit.interception().instruction(InterceptedInstruction.PUSHF, length, 0);
		requireVirtual8086Privilege();
		return state.rflags & ~(CpuState.VM | CpuState.RF);
	}

	/**
	 * POPF, before its read of the stack: intercept and privilege.
	 *
	 * @param length of the instruction
	 */
	public void preparePopFlags(int length) {
		unit.interception().instruction(InterceptedInstruction.POPF, length, 0);
		requireVirtual8086Privilege();
	}

	private void requireVirtual8086Privilege() {
		if (state.virtual8086() && state.ioPrivilegeLevel() < 3) {
			throw fault.generalProtection(0);
		}
	}

	/** POPF: takes what the privilege allows from {@code image}; {@code operandSize} 16, 32 or 64 bits. */
	public void popFlags(long image, int operandSize) {
		long taken = ALWAYS | (operandSize == 16 ? 0 : UPPER);
		boolean real = !state.protectedMode();
		if (real || state.cpl <= state.ioPrivilegeLevel()) {
			taken |= CpuState.IF;
		}
		if (real || state.cpl == 0 && !state.virtual8086()) {
			taken |= CpuState.IOPL;
		}
		// A wide POPF clears RF whatever the image says.
		state.rflags = (state.rflags & ~taken | image & taken | 2) & ~CpuState.RF;
		changed();
	}

	private void changed() {
		unit.mmu.privilegeChanged();
		unit.events.stateChanged();
	}

	private void requireInterruptPrivilege() {
		if (state.protectedMode() && state.cpl > state.ioPrivilegeLevel()) {
			throw fault.generalProtection(0);
		}
	}

	/** CLI. */
	public void cli() {
		requireInterruptPrivilege();
		state.rflags &= ~CpuState.IF;
		changed();
	}

	/** STI: interrupts wait for one more instruction, but only if IF was 0. */
	public void sti() {
		requireInterruptPrivilege();
		if ((state.rflags & CpuState.IF) == 0) {
			state.rflags |= CpuState.IF;
			unit.events.stateChanged();
			unit.events.blockBySti();
		}
	}

	/** CLAC and STAC. */
	public void setAlignmentCheck(boolean set) {
		if (!unit.model.hasSmap() || state.cpl != 0) {
			throw fault.undefinedInstruction();
		}
		state.rflags = set ? state.rflags | CpuState.AC : state.rflags & ~CpuState.AC;
		unit.mmu.privilegeChanged();
	}
}
