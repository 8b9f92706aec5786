/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetException;

/**
 * Step after step of one CPU, each as if it had been ordered when the one before had ended: what an order and its answer
 * cost between two threads is paid once. It ends with the last step, and earlier at whatever else stops the guest, or at a
 * breakpoint that a step has come to.
 */
final class CountedStepMotion implements Motion {
	/** Steps in one slice: some milliseconds. */
	private static final int STEPS_A_SLICE = 1_000;

	private final Machinery machinery;
	private final Motions motions;
	private final int cpu;
	private final StepKind kind;
	private final StepPolicy policy;
	private long left;
	private Motion present;

	CountedStepMotion(Machinery machinery, Motions motions, int cpu, StepKind kind, StepPolicy policy, long count)
			throws TargetException {
		this.machinery = machinery;
		this.motions = motions;
		this.cpu = cpu;
		this.kind = kind;
		this.policy = policy;
		this.left = count;
		this.present = motions.step(cpu, kind, policy);
	}

	@Override
	public @Nullable StopEvent advance() {
		for (int i = 0; i < STEPS_A_SLICE; i++) {
			StopEvent stop = present.advance();
			if (!(stop instanceof StopEvent.StepDone done) || --left == 0) {
				return stop;
			}
			StopEvent hit = machinery.breakpointHit(cpu, done.linear());
			if (hit != null) {
				return hit;
			}
			try {
				present = motions.next(present, cpu, kind, policy);
			} catch (TargetException noMore) {
				// As far as steps of this kind go: there is no caller any more.
				return stop;
			}
		}
		return null;
	}

	@Override
	public boolean stepping() {
		return true;
	}
}
