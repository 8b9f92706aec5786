/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.peers;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The processor time that another process has used. */
@SuppressWarnings("nls")
final class ProcessorTime {
	private ProcessorTime() {
	}

	/** Seconds used since the start, threads that have ended included, in the operating system's ticks. */
	static double sinceStart(Process process) {
		return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e9).orElse(Double.NaN);
	}

	/**
	 * Seconds used by the threads that live, for short samples. From Linux's scheduler, to the nanosecond, where it tells;
	 * else in the operating system's ticks.
	 */
	static double of(Process process) {
		try {
			return threads(Path.of("/proc", String.valueOf(process.pid()), "task")) / 1e9;
		} catch (IOException e) {
			return sinceStart(process);
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
