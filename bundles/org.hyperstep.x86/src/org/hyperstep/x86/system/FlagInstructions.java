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
	public long pushedFlags(int operandSize, int length) {
		unit.interception().instruction(InterceptedInstruction.PUSHF, length, 0);
		long image = state.rflags & ~(CpuState.VM | CpuState.RF);
		if (!virtualized(operandSize)) {
			return image;
		}
		long interruptFlag = (image & CpuState.VIF) != 0 ? CpuState.IF : 0;
		return image & ~CpuState.IF | CpuState.IOPL | interruptFlag;
	}

	/**
	 * POPF, before its read of the stack: intercept and privilege.
	 *
	 * @param length of the instruction
	 */
	public void preparePopFlags(int operandSize, int length) {
		unit.interception().instruction(InterceptedInstruction.POPF, length, 0);
		virtualized(operandSize);
	}

	/**
	 * PUSHF, POPF and IRET in virtual-8086 mode below IOPL 3: whether they work on VIF in the place of IF
	 * ("Virtual-8086 Mode Extensions"). #GP(0) where they may not.
	 */
	boolean virtualized(int operandSize) {
		if (!state.virtual8086() || state.ioPrivilegeLevel() == 3) {
			return false;
		}
		if (operandSize != 16 || (state.cr4 & CpuState.CR4_VME) == 0) {
			throw fault.generalProtection(0);
		}
		return true;
	}

	/** Takes an image as POPF and IRET do where {@link #virtualized} says so: IF of it is VIF, and TF may not be set. */
	void takeVirtualized(long image) {
		boolean enables = (image & CpuState.IF) != 0;
		if ((image & CpuState.TF) != 0 || enables && (state.rflags & CpuState.VIP) != 0) {
			throw fault.generalProtection(0);
		}
		state.rflags = (state.rflags & ~(ALWAYS | CpuState.VIF) | image & ALWAYS | (enables ? CpuState.VIF : 0) | 2)
				& ~CpuState.RF;
		changed();
	}

	/** POPF: takes what the privilege allows from {@code image}; {@code operandSize} 16, 32 or 64 bits. */
	public void popFlags(long image, int operandSize) {
		if (virtualized(operandSize)) {
			takeVirtualized(image);
			return;
		}
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

	/** CLI and STI below IOPL: whether they work on VIF. #GP(0) where they may not. */
	private boolean interruptFlagIsVirtual() {
		if (!state.protectedMode() || state.cpl <= state.ioPrivilegeLevel()) {
			return false;
		}
		long extension = state.virtual8086() ? CpuState.CR4_VME : CpuState.CR4_PVI;
		if (state.cpl != 3 || (state.cr4 & extension) == 0) {
			throw fault.generalProtection(0);
		}
		return true;
	}

	/** CLI. */
	public void cli() {
		state.rflags &= interruptFlagIsVirtual() ? ~CpuState.VIF : ~CpuState.IF;
		changed();
	}

	/** STI: interrupts wait for one more instruction, but only if IF was 0. */
	public void sti() {
		if (interruptFlagIsVirtual()) {
			if ((state.rflags & CpuState.VIP) != 0) {
				throw fault.generalProtection(0);
			}
			state.rflags |= CpuState.VIF;
			return;
		}
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
