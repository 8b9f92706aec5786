/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.backend.BackEndStop;

/** One step of one CPU by the step mechanism of the virtualization hardware. */
final class InstructionStepMotion implements Motion {
	private final Machinery machinery;
	private final int cpu;
	private final StepKind kind;

	InstructionStepMotion(Machinery machinery, int cpu, StepPolicy policy, StepKind kind) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.kind = kind;
		machinery.mask(cpu, policy);
	}

	@Override
	public @Nullable StopEvent advance() {
		BackEndStop stop = machinery.backEnd.step(cpu);
		if (stop instanceof BackEndStop.StepDone done) {
			return new StopEvent.StepDone(cpu, machinery.rip(cpu), kind, done.enteredVector());
		}
		if (stop instanceof BackEndStop.Restarted) {
			return new StopEvent.StepDone(cpu, machinery.rip(cpu), kind, -1);
		}
		return machinery.general(stop);
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
