/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.samples.Sample;

/**
 * Time from the launch, reading the image and its symbols included, to the stop at {@code main}; the best of several.
 *
 * @param launcher makes the target
 */
@SuppressWarnings("nls")
public record FirstStop(Launcher launcher) implements BenchRow {
	@Override
	public String name() {
		return "launch to the stop at main";
	}

	@Override
	public String unit() {
		return "ms";
	}

	@Override
	public double measure(double seconds) throws Exception {
		try (TemporaryGuest guest = TemporaryGuest.of(Sample.TICKER, "")) {
			long end = System.nanoTime() + Math.round(seconds * 1e9);
			double best = Double.POSITIVE_INFINITY;
			while (System.nanoTime() < end) {
				long start = System.nanoTime();
				try (Target target = launcher.launch(guest.configuration())) {
					runTo(target, "main");
					best = Math.min(best, (System.nanoTime() - start) / 1e6);
				}
			}
			return best;
		}
	}

	/** Runs to a function's first instruction. */
	static void runTo(Target target, String function) throws Exception {
		long linear = target.symbols().symbol(function).orElseThrow().linear();
		StopEvent stop = target.runTo(0, linear).get();
		if (stop.linear() != linear) {
			throw new IllegalStateException("stopped elsewhere than at " + function + ": " + stop);
		}
	}
}
