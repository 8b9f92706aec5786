/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.journal.ExitStatistics;
import org.hyperstep.debug.journal.JournalExport;

/** What a run tells at its end, beside the guest's own output. */
@SuppressWarnings("nls")
final class RunReports {
	private static final String CSV = ".csv";

	private final Console console;
	private final boolean screen;
	private final boolean statistics;
	private final boolean exits;
	private final @Nullable Path journal;

	RunReports(Console console, boolean screen, boolean statistics, boolean exits, @Nullable Path journal) {
		this.console = console;
		this.screen = screen;
		this.statistics = statistics;
		this.exits = exits;
		this.journal = journal;
	}

	void make(Target target) throws UsageException, InterruptedException {
		try {
			if (screen) {
				target.screen().get().ifPresentOrElse(lines -> lines.forEach(console.err()::println),
						() -> console.err().println("the screen shows no text"));
			}
			if (statistics) {
				new StatisticsTable(target.statistics().get()).print(console.err());
			}
		} catch (ExecutionException e) {
			throw new UsageException(String.valueOf(e.getCause()));
		}
		if (exits) {
			new ExitTable(ExitStatistics.of(target.journal(), JournalQuery.ALL), target.symbols()).print(console.err());
		}
		Path to = journal;
		if (to != null) {
			export(target, to);
		}
	}

	private void export(Target target, Path to) throws UsageException {
		JournalExport format = to.toString().toLowerCase(Locale.ROOT).endsWith(CSV) ? JournalExport.CSV
				: JournalExport.CTF;
		try {
			format.write(target.journal(), JournalQuery.ALL, to, () -> false);
		} catch (IOException e) {
			throw new UsageException("the event journal can't be written to " + to + ": " + reason(e));
		}
	}

	/** The message of a file's exception is its name alone. */
	private static String reason(IOException failure) {
		return failure.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT)
				+ " (" + failure.getMessage() + ')';
	}
}
