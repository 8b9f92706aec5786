/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.EnumSet;
import java.util.Set;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;

/**
 * Steps with RFLAGS.TF and the debug exception intercepted. The flag is never where the guest could meet it: an
 * instruction that reads, writes or saves RFLAGS, or that holds debug traps off, is executed in the guest's place with
 * the guest's own flags; an event is injected with the guest's own flags, too, and stopped behind by a host interrupt
 * that is asserted already at entry; every other instruction runs with the flag set and all exceptions intercepted, and
 * the flag is gone before anything is delivered.
 */
final class TrapFlagStep {
	/** Instructions that run without the flag. */
	private static final Set<Mnemonic> SENSITIVE = EnumSet.of(Mnemonic.PUSHF, Mnemonic.POPF, Mnemonic.IRET,
			Mnemonic.SYSCALL, Mnemonic.SYSRET, Mnemonic.SYSENTER, Mnemonic.SYSEXIT, Mnemonic.INT, Mnemonic.INT3,
			Mnemonic.INT1, Mnemonic.INTO, Mnemonic.MOV_SREG, Mnemonic.POP_SREG, Mnemonic.LSS, Mnemonic.STI,
			Mnemonic.HLT, Mnemonic.MOV_DR, Mnemonic.JMP_FAR, Mnemonic.CALL_FAR, Mnemonic.WRMSR, Mnemonic.RSM,
			Mnemonic.VMLAUNCH, Mnemonic.VMRESUME, Mnemonic.VMRUN);
	private static final int LONGEST = 15;

	private final GuestCpu cpu;
	private final CpuState state;
	private final byte[] bytes = new byte[LONGEST];
	private boolean trapFlagAdded;
	private boolean finished;

	TrapFlagStep(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
	}

	/** Makes one step of a CPU that executes. */
	VcpuStop step() {
		boolean injects = cpu.injector.prepare(false);
		if (cpu.injector.takeExitedToGuestHypervisor()) {
			return new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered());
		}
		if (injects || cpu.injector.debugTrapDue()) {
			return deliverAndStop(true);
		}
		if (cpu.injector.hardwareInterruptDue()) {
			return deliverAndStop(false);
		}
		if (cpu.processor.contexts().inner() != null) {
			VcpuStop boundary = takeBoundary();
			if (boundary != null) {
				return boundary;
			}
		}
		VcpuStop stop = runsWithoutFlag() ? emulate() : runWithFlag();
		if (stop != null) {
			return stop;
		}
		return cpu.injector.hasQueued() ? deliverQueued()
				: new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered());
	}

	/**
	 * What a guest hypervisor has asked for at this boundary of its guest (a window, its own monitor trap flag, a timer, a
	 * virtual interrupt) only an entry takes: with the exit before the first instruction it leaves no other trace.
	 *
	 * @return the stop, or null where nothing was due and the instruction is still to be executed
	 */
	private @Nullable VcpuStop takeBoundary() {
		int delivered = cpu.processor.events().delivery.count();
		cpu.entry.holdInterrupts(true);
		VcpuStop stop = cpu.entry.enterOnce(true);
		cpu.entry.holdInterrupts(false);
		boolean taken = cpu.processor.contexts().inner() == null
				|| cpu.processor.events().delivery.count() != delivered;
		return stop == null && taken ? new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered()) : stop;
	}

	private VcpuStop deliverQueued() {
		cpu.injector.prepare(false);
		return deliverAndStop(true);
	}

	/**
	 * The event, or what is due at this boundary, goes through the IDT; the exit comes before the handler's first
	 * instruction.
	 *
	 * @param alone no interrupt that the hardware would deliver follows it
	 */
	private VcpuStop deliverAndStop(boolean alone) {
		cpu.entry.holdInterrupts(alone);
		VcpuStop stop = cpu.entry.enterOnce(true);
		cpu.entry.holdInterrupts(false);
		return stop != null ? stop : new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered());
	}

	// ---- without the flag ----

	private boolean runsWithoutFlag() {
		return !executionBreakpointDue() && (state.interruptibility.shadow != Shadow.NONE
				|| cpu.processor.contexts().inner() != null
				|| (state.debugControl & DebugStatus.BRANCH_TRAP_FLAG) != 0 || sensitive());
	}

	private boolean sensitive() {
		int length = cpu.memory().readLinear(cpu.linearRip(), bytes, 0, LONGEST);
		CodeSize size = switch (cpu.mode()) {
			case LONG_64 -> CodeSize.CODE64;
			case PROTECTED_32, COMPATIBILITY_32 -> CodeSize.CODE32;
			default -> CodeSize.CODE16;
		};
		Instruction instruction = Decoder.decode(size, bytes, 0, length);
		return instruction.legality() == Legality.LEGAL && SENSITIVE.contains(instruction.mnemonic());
	}

	/** A breakpoint of the guest's own on this instruction comes before it, and only a real entry takes it. */
	private boolean executionBreakpointDue() {
		return !cpu.processor.events().executionBreakpointsHeldOff()
				&& cpu.processor.mmu().breakpoints.onExecution(cpu.linearRip()) != 0;
	}

	private @Nullable VcpuStop emulate() {
		return cpu.entry.emulated(cpu.entry.emulateOne());
	}

	// ---- with the flag ----

	private @Nullable VcpuStop runWithFlag() {
		cpu.debugExceptions.stepping(this);
		// What is delivered now would show the flag in its frame; what is due later finds the next step.
		cpu.entry.holdInterrupts(true);
		try {
			finished = false;
			while (true) {
				addFlag();
				VcpuStop stop = cpu.entry.enterOnce(false);
				removeFlag();
				if (stop != null || finished || cpu.machineEnds() || cpu.entry.takeCompleted()
						|| cpu.injector.hasQueued()
						|| cpu.injector.takeExitedToGuestHypervisor()) {
					return stop;
				}
			}
		} finally {
			cpu.entry.holdInterrupts(false);
			cpu.debugExceptions.stepping(null);
		}
	}

	/**
	 * VM entry wants the single-step trap pending when the flag is set under a shadow. There is no shadow here, unless a
	 * breakpoint of the guest's own comes before the instruction, and then the flag is not needed.
	 */
	private void addFlag() {
		trapFlagAdded = (state.rflags & CpuState.TF) == 0 && !executionBreakpointDue();
		if (!trapFlagAdded) {
			return;
		}
		state.rflags |= CpuState.TF;
		cpu.entry.positionChanged();
	}

	/** Called as soon as the exit is described, so that no handler meets the flag; and once more when all is done. */
	void removeFlag() {
		if (trapFlagAdded) {
			trapFlagAdded = false;
			state.rflags &= ~CpuState.TF;
			// Behind an instruction whose exit comes at its end the trap is pending; the flag was ours, and so it is.
			state.interruptibility.pendingDebugExceptions &= ~DebugStatus.BS;
			cpu.entry.positionChanged();
		}
	}

	/** An exception of the instruction under way; the flag is off again. */
	void intercepted(Exit exit) {
		if (exit.vector == Vector.DB && !exit.software && (exit.payload & DebugStatus.BS) != 0) {
			keepGuestTraps(exit.payload);
			finished = true;
		} else {
			cpu.debugExceptions.reflect(exit);
		}
	}

	/** What of the trap is the guest's own, stays pending: it is delivered by the next step. */
	private void keepGuestTraps(long payload) {
		boolean guestSteps = (state.rflags & CpuState.TF) != 0;
		long own = guestSteps ? payload : payload & ~DebugStatus.BS;
		state.interruptibility.pendingDebugExceptions |= DebugExceptions.pending(own);
		cpu.entry.positionChanged();
	}
}
