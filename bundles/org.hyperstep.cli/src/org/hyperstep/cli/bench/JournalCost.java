/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.samples.Sample;

/**
 * The speed that a guest keeps while its events are recorded: the median of several pairs of windows, with and without
 * the journal in turn.
 *
 * @param launcher makes the targets
 * @param load     what the guest does
 */
@SuppressWarnings("nls")
public record JournalCost(Launcher launcher, Load load) implements BenchRow {
	/** Guests that do little but what is recorded. */
	public enum Load {
		/** {@code 1: cpuid; inc %rsi; jmp 1b}: every third instruction exits. */
		CPUID("CPUID exits") {
			@Override
			TemporaryGuest guest() throws IOException {
				return code("0fa248ffc6ebf9");
			}
		},
		/** {@code 1: in $0x80,%al; inc %rsi} and so on, {@code jmp 1b}: as many records a second as the goal names. */
		PORT_AMONG_OTHERS("a port read in " + APART + " instructions") {
			@Override
			TemporaryGuest guest() throws IOException {
				int bytes = 2 + 3 * (APART - 2) + 2;
				return code("e480" + "48ffc6".repeat(APART - 2) + "eb%02x".formatted(-bytes & 0xff));
			}
		},
		PORTS("port reads"), IPI("interrupts");

		final String title;

		Load(String title) {
			this.title = title;
		}

		private static TemporaryGuest code(String hex) throws IOException {
			return TemporaryGuest.of(HexFormat.of().parseHex(hex));
		}

		/** The workload of the sample {@code bench} that has this name. */
		TemporaryGuest guest() throws IOException {
			return TemporaryGuest.of(Sample.BENCH, name().toLowerCase(Locale.ROOT));
		}
	}

	/** Instructions from one port read to the next. */
	static final int APART = 30;
	private static final int PAIRS = 9;
	private static final double PERCENT = 100;

	@Override
	public String name() {
		return "event journal, speed kept by a guest of " + load.title;
	}

	@Override
	public String unit() {
		return "%";
	}

	@Override
	public double measure(double seconds) throws Exception {
		try (TemporaryGuest guest = load.guest()) {
			TargetConfiguration recorded = guest.configuration();
			double[] kept = new double[PAIRS];
			double window = seconds / (2 * PAIRS + 2);
			rate(launcher, recorded, window);
			for (int pair = 0; pair < PAIRS; pair++) {
				double without = rate(launcher, recorded.withJournal(0), window);
				kept[pair] = rate(launcher, recorded, window) / without;
			}
			Arrays.sort(kept);
			return PERCENT * kept[PAIRS / 2];
		}
	}

	/** Instructions a second of a guest that runs so long. */
	static double rate(Launcher launcher, TargetConfiguration configuration, double seconds) throws Exception {
		try (Target target = launcher.launch(configuration)) {
			target.resume().get();
			Thread.sleep(Math.round(1000 * seconds / 4));
			return InterpreterSpeed.rate(target, seconds * 3 / 4);
		}
	}
}
