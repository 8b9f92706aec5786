/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

import org.hyperstep.debug.engine.SymbolText;
import org.hyperstep.debug.journal.ExitStatistics;
import org.hyperstep.symbols.SymbolFile;

/** Prints the statistics of VM exits. */
@SuppressWarnings("nls")
final class ExitTable {
	private static final int MOST_PLACES = 20;
	private static final double PERCENT = 100;

	private final ExitStatistics statistics;
	private final SymbolFile symbols;

	ExitTable(ExitStatistics statistics, SymbolFile symbols) {
		this.statistics = statistics;
		this.symbols = symbols;
	}

	void print(PrintWriter out) {
		out.println(String.format(Locale.ROOT, "%,d VM exits in %,d guest instructions", statistics.exits(),
				statistics.instructions()));
		rows(out, statistics.byReason(), false);
		int shown = Math.min(MOST_PLACES, statistics.byPlace().size());
		out.println();
		out.println(shown < statistics.byPlace().size()
				? "the " + shown + " most frequent of " + statistics.byPlace().size() + " places"
				: "places");
		rows(out, statistics.byPlace().subList(0, shown), true);
		out.flush();
	}

	private void rows(PrintWriter out, List<ExitStatistics.Row> rows, boolean places) {
		out.println(String.format(Locale.ROOT, "%14s %7s %20s  %s", "count", "share", "instructions between",
				places ? "reason, place" : "reason"));
		for (ExitStatistics.Row row : rows) {
			out.println(String.format(Locale.ROOT, "%,14d %6.2f%% %,20.1f  %s%s", row.count(), PERCENT * row.share(),
					row.between(), row.name(), places ? place(row.linear()) : ""));
		}
	}

	private String place(long linear) {
		String name = symbols.symbolAt(linear).map(symbol -> " <" + SymbolText.of(symbol, linear) + '>').orElse("");
		return ", 0x" + Long.toHexString(linear) + name;
	}
}
