/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.samples.Sample;

/**
 * Instruction steps per second through the engine, interrupts masked, in a guest whose timer fires all the time.
 *
 * @param launcher       makes the target
 * @param virtualization the hardware whose step mechanism is used
 * @param stepsAnOrder   steps that are made between an order and its answer
 */
@SuppressWarnings("nls")
public record StepRate(Launcher launcher, Virtualization virtualization, int stepsAnOrder) implements BenchRow {
	/** Orders between two looks at the clock. */
	private static final int BATCH = 20;
	private static final int WINDOWS = 8;

	@Override
	public String name() {
		return "engine, masked steps, " + virtualization
				+ (stepsAnOrder == 1 ? "" : ", " + stepsAnOrder + " an order");
	}

	@Override
	public String unit() {
		return "steps/s";
	}

	/** The best of several windows, as with {@link InterpreterSpeed}. */
	@Override
	public double measure(double seconds) throws Exception {
		try (TemporaryGuest guest = TemporaryGuest.of(Sample.TICKER, "forever");
				Target target = launcher.launch(guest.configuration().withVirtualization(virtualization))) {
			FirstStop.runTo(target, "compute");
			double best = 0;
			for (int window = 0; window < WINDOWS; window++) {
				best = Math.max(best, rate(target, seconds / WINDOWS));
			}
			return best;
		}
	}

	private double rate(Target target, double seconds) throws Exception {
		long start = System.nanoTime();
		long end = start + Math.round(seconds * 1e9);
		long steps = 0;
		while (System.nanoTime() < end) {
			for (int i = 0; i < BATCH; i++) {
				target.step(0, StepKind.INSTRUCTION_INTO, stepsAnOrder).get();
			}
			steps += BATCH * (long) stepsAnOrder;
		}
		return steps * 1e9 / (System.nanoTime() - start);
	}
}
