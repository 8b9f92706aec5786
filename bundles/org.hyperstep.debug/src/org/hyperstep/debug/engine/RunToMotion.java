/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.backend.BackEndStop;

/**
 * One CPU runs to an address, counting as there only once its stack is no deeper than it was: exact in the presence of
 * recursion; a reset takes the stack away and ends the way. With the stack limit 0 any arrival counts. Breakpoints of the user stop it on the way.
 */
final class RunToMotion implements Motion {
	private final Machinery machinery;
	private final int cpu;
	private final long destination;
	private final long stackLimit;
	private final StepKind kind;

	RunToMotion(Machinery machinery, int cpu, long destination, long stackLimit, StepKind kind) {
		this.machinery = machinery;
		this.cpu = cpu;
		this.destination = destination;
		this.stackLimit = stackLimit;
		this.kind = kind;
	}

	@Override
	public @Nullable StopEvent advance() {
		machinery.mark(destination);
		BackEndStop stop = machinery.backEnd.run(cpu);
		if (stop instanceof BackEndStop.MarkReached mark && mark.linear() == destination
				&& Long.compareUnsigned(machinery.rsp(cpu), stackLimit) >= 0) {
			return new StopEvent.StepDone(cpu, destination, kind, -1);
		}
		if (stop instanceof BackEndStop.Restarted && stackLimit != 0) {
			return new StopEvent.StepDone(cpu, machinery.rip(cpu), kind, -1);
		}
		return machinery.general(stop);
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
