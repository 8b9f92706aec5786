/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Repeat;

/**
 * One instruction with all that it calls: a CALL or INT n until it has returned to this stack depth, a repeated string
 * instruction until its last iteration; any other as a plain step. The instruction itself is stepped under the policy's
 * mask; what it calls runs masked only if the policy says so. Where an interrupt or a fault comes in the instruction's
 * place, the step ends at the first instruction of its handler, as any step does.
 */
final class StepOverMotion implements Motion {
	private final Machinery machinery;
	private final int cpu;
	private final StepPolicy policy;
	private final StepKind kind;
	/** Whether it goes on behind the instruction only after others, or after more iterations. */
	private final boolean goesOn;
	private final long next;
	private final long stackLimit;
	private final long retired;
	private Motion present;

	StepOverMotion(Machinery machinery, int cpu, StepPolicy policy, StepKind kind) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.policy = policy;
		this.kind = kind;
		long linear = machinery.rip(cpu);
		Instruction instruction = machinery.instructionAt(cpu, linear);
		this.goesOn = calls(instruction) || instruction.repeat() != Repeat.NONE;
		this.next = linear + instruction.length();
		this.stackLimit = machinery.rsp(cpu);
		this.retired = machinery.backEnd.retired(cpu);
		this.present = new InstructionStepMotion(machinery, cpu, policy, kind);
	}

	/** Whether an instruction calls something that comes back to the instruction behind it. */
	static boolean calls(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case CALL, CALL_FAR, INT, INT3, INTO, SYSCALL, SYSENTER, VMCALL, VMMCALL -> true;
			default -> false;
		};
	}

	private Motion free() {
		machinery.maskCallee(cpu, policy);
		return new RunToMotion(machinery, cpu, next, stackLimit, kind);
	}

	@Override
	public @Nullable StopEvent advance() {
		StopEvent stop = present.advance();
		if (goesOn && present instanceof InstructionStepMotion && stop instanceof StopEvent.StepDone done
				&& done.linear() != next && !cameInItsPlace(done)) {
			present = free();
			return null;
		}
		return stop;
	}

	/** A handler was entered, and not by the instruction: that has not retired. */
	private boolean cameInItsPlace(StopEvent.StepDone done) {
		return done.enteredVector() >= 0 && machinery.backEnd.retired(cpu) == retired;
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
