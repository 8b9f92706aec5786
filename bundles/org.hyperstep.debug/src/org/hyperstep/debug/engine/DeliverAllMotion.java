/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetException;

/**
 * Delivers the events that are pending at its beginning, one after the other, each as soon as the CPU can take it, and ends
 * at the first instruction of the handler of the last one. In between the CPU is stepped under the policy's mask: nothing
 * else that is masked comes.
 */
final class DeliverAllMotion implements Motion {
	/** Single steps in one slice: some milliseconds. */
	private static final int STEPS_A_SLICE = 200;

	private final Machinery machinery;
	private final int cpu;
	private final StepPolicy policy;
	private final List<PendingEvent> due;

	DeliverAllMotion(Machinery machinery, int cpu, StepPolicy policy) throws TargetException {
		this.machinery = machinery;
		this.cpu = cpu;
		this.policy = policy;
		this.due = new ArrayList<>(machinery.backEnd.pendingEvents(cpu));
		if (due.isEmpty()) {
			throw new TargetException("Nothing is pending at CPU " + cpu + '.'); //$NON-NLS-1$
		}
	}

	@Override
	public @Nullable StopEvent advance() {
		for (int i = 0; i < STEPS_A_SLICE; i++) {
			deliverOne();
			StopEvent stop = new InstructionStepMotion(machinery, cpu, policy, StepKind.INSTRUCTION_INTO).advance();
			if (stop == null) {
				return null;
			}
			if (!(stop instanceof StopEvent.StepDone done)) {
				return stop;
			}
			due.removeIf(event -> !isPending(event));
			if (due.isEmpty()) {
				return done;
			}
			StopEvent hit = machinery.breakpointHit(cpu, done.linear());
			if (hit != null) {
				return hit;
			}
		}
		return null;
	}

	/** Makes the first event that the CPU can take the next thing that it takes. */
	private void deliverOne() {
		for (PendingEvent event : due) {
			try {
				machinery.backEnd.deliverNow(cpu, event);
				return;
			} catch (TargetException notYet) {
				// The guest's own state holds it off: another one, or the next instruction.
			}
		}
	}

	private boolean isPending(PendingEvent event) {
		return machinery.backEnd.pendingEvents(cpu).stream().anyMatch(event::sameEvent);
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
