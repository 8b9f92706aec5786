/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;

import org.hyperstep.debug.Statistics;

/** Prints a target's counts. */
@SuppressWarnings("nls")
final class StatisticsTable {
	private static final double NANOS = 1e9;

	private final Statistics statistics;

	StatisticsTable(Statistics statistics) {
		this.statistics = statistics;
	}

	void print(PrintWriter out) {
		double host = statistics.hostNanos() / NANOS;
		long exits = statistics.exits().values().stream().mapToLong(Long::longValue).sum();
		row(out, "instructions retired", "%,d", statistics.retired());
		row(out, "virtual seconds", "%.6f", statistics.virtualNanos() / NANOS);
		row(out, "host seconds", "%.3f", host);
		row(out, "instructions per second", "%,.0f", host > 0 ? statistics.retired() / host : 0.0);
		row(out, "VM exits", "%,d", exits);
		statistics.exits().entrySet().stream().filter(row -> row.getValue() > 0)
				.sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
						.thenComparing(Map.Entry.comparingByKey()))
				.forEach(row -> row(out, "  " + row.getKey(), "%,d", row.getValue()));
		out.flush();
	}

	private static void row(PrintWriter out, String name, String format, Object value) {
		out.println(String.format(Locale.ROOT, "%-34s %18s", name, String.format(Locale.ROOT, format, value)));
	}
}
