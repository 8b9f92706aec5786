/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor time that another process has used. */
@SuppressWarnings("nls")
final class ProcessorTime {
	/** What the sum of ticks may be ahead by rounding, in seconds. */
	private static final double TICK = 0.05;

	private ProcessorTime() {
	}

	/**
	 * Seconds used by all threads. From Linux's scheduler, to the nanosecond, where it tells; else, or where threads have
	 * ended, in the operating system's ticks.
	 */
	static double of(Process process) {
		double ticks = process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
		try {
			double living = threads(Path.of("/proc", String.valueOf(process.pid()), "task")) / 1e9;
			return ticks > living + TICK ? ticks : living;
		} catch (IOException e) {
			return ticks;
		}
	}

	private static long threads(Path tasks) throws IOException {
		long sum = 0;
		try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
			for (Path thread : threads) {
				String statistics = Files.readString(thread.resolve("schedstat"));
				sum += Long.parseLong(statistics.substring(0, statistics.indexOf(' ')));
			}
		}
		return sum;
	}
}
