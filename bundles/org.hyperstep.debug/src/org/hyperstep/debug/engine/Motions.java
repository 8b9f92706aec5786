/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.TargetException;

/** Makes the motion for each kind of step. On the engine's thread. */
final class Motions {
	private final Machinery machinery;

	Motions(Machinery machinery) {
		this.machinery = machinery;
	}

	Motion step(int cpu, StepKind kind, StepPolicy policy) throws TargetException {
		return switch (kind) {
			case INSTRUCTION_INTO -> new InstructionStepMotion(machinery, cpu, policy, kind);
			case INSTRUCTION_OVER -> new StepOverMotion(machinery, cpu, policy, kind);
			case LINE_INTO, LINE_OVER -> LineStepMotion.of(machinery, cpu, policy, kind);
			case RETURN -> stepReturn(cpu, policy);
		};
	}

	/** So many steps, one after the other. */
	Motion steps(int cpu, StepKind kind, long count, StepPolicy policy) throws TargetException {
		return count == 1 ? step(cpu, kind, policy)
				: new CountedStepMotion(machinery, this, cpu, kind, policy, count);
	}

	/** The step that follows one of the same kind. One instruction's has nothing that is used up. */
	Motion next(Motion before, int cpu, StepKind kind, StepPolicy policy) throws TargetException {
		return kind == StepKind.INSTRUCTION_INTO ? before : step(cpu, kind, policy);
	}

	/** A run to an address, not a step: what was held back arrives on the way. */
	Motion runTo(int cpu, long linear) {
		machinery.unmask(cpu);
		return new RunToMotion(machinery, cpu, linear, 0, StepKind.INSTRUCTION_OVER);
	}

	private Motion stepReturn(int cpu, StepPolicy policy) throws TargetException {
		StackWalker walker = new StackWalker(machinery, cpu);
		StackWalker.Position caller = walker.caller(walker.innermost());
		if (caller == null) {
			throw new TargetException("There is no caller to return to: the stack ends here."); //$NON-NLS-1$
		}
		machinery.maskCallee(cpu, policy);
		return new RunToMotion(machinery, cpu, caller.linear(), caller.rsp(), StepKind.RETURN);
	}
}
