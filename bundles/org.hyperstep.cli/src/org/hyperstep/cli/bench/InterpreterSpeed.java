/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.util.Locale;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.Statistics;
import org.hyperstep.debug.Target;

/**
 * Instructions per second of a loop that runs in guest mode.
 *
 * @param launcher makes the target
 * @param loop     what runs
 */
@SuppressWarnings("nls")
public record InterpreterSpeed(Launcher launcher, GuestLoop loop) implements BenchRow {
	private static final double MILLION = 1e6;
	private static final int WINDOWS = 8;

	@Override
	public String name() {
		return "interpreter, " + loop.name().toLowerCase(Locale.ROOT);
	}

	@Override
	public String unit() {
		return "million instructions/s";
	}

	/** The best of several windows: the first ones go to the JIT compiler, and others may use the host as well. */
	@Override
	public double measure(double seconds) throws Exception {
		try (TemporaryGuest guest = TemporaryGuest.of(loop.code());
				Target target = launcher.launch(guest.configuration())) {
			target.resume().get();
			double best = 0;
			for (int window = 0; window < WINDOWS; window++) {
				best = Math.max(best, rate(target, seconds / WINDOWS));
			}
			return best / MILLION;
		}
	}

	/** Instructions a second of a guest that runs, over so many seconds of the host's clock. */
	static double rate(Target target, double seconds) throws Exception {
		Statistics start = target.statistics().get();
		Thread.sleep(Math.round(1000 * seconds));
		Statistics end = target.statistics().get();
		return (end.retired() - start.retired()) * 1e9 / Math.max(1, end.hostNanos() - start.hostNanos());
	}
}
