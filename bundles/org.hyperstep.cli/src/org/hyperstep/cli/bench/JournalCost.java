/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

import org.hyperstep.cli.Launcher;
import org.hyperstep.debug.Statistics;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;

/**
 * The speed that a guest keeps while its events are recorded, when every third of its instructions exits: the median of
 * several pairs of windows, with and without the journal in turn.
 *
 * @param launcher makes the targets
 */
@SuppressWarnings("nls")
public record JournalCost(Launcher launcher) implements BenchRow {
	/** {@code 1: cpuid; inc %rsi; jmp 1b}: CPUID exits whether somebody listens or not, as port accesses do not. */
	private static final String CPUIDS = "0fa248ffc6ebf9";
	private static final int PAIRS = 9;
	private static final double PERCENT = 100;

	@Override
	public String name() {
		return "event journal, speed kept by a guest of CPUID exits";
	}

	@Override
	public String unit() {
		return "%";
	}

	@Override
	public double measure(double seconds) throws Exception {
		Path file = Files.createTempFile("hyperstep", ".elf");
		try {
			Files.write(file, BootableCode.elf64(HexFormat.of().parseHex(CPUIDS)));
			TargetConfiguration recorded = TargetConfiguration.of(file);
			double[] kept = new double[PAIRS];
			double window = seconds / (2 * PAIRS + 2);
			rate(recorded, window);
			for (int pair = 0; pair < PAIRS; pair++) {
				double without = rate(recorded.withJournal(0), window);
				kept[pair] = rate(recorded, window) / without;
			}
			Arrays.sort(kept);
			return PERCENT * kept[PAIRS / 2];
		} finally {
			Files.delete(file);
		}
	}

	private double rate(TargetConfiguration configuration, double seconds) throws Exception {
		try (Target target = launcher.launch(configuration)) {
			target.resume().get();
			Thread.sleep(Math.round(1000 * seconds / 4));
			Statistics start = target.statistics().get();
			Thread.sleep(Math.round(1000 * seconds * 3 / 4));
			Statistics end = target.statistics().get();
			return (end.retired() - start.retired()) * 1e9 / Math.max(1, end.hostNanos() - start.hostNanos());
		}
	}
}
