/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;

/** Comma-separated values (RFC 4180). */
@SuppressWarnings("nls")
final class CsvExport {
	/** Entries between two looks at whether somebody cancelled. */
	private static final int PORTION = 4096;
	private static final String HEADING = CsvLine.of(Stream.of("number", "nanoseconds", "cpu", "level", "retired",
			"event", "address", "code", "information", "details"));

	private CsvExport() {
	}

	static long write(EventJournal journal, JournalQuery query, Predicate<JournalEntry> wanted, Path file,
			BooleanSupplier cancelled) throws IOException {
		long end = journal.size();
		long from = journal.oldest();
		long written = 0;
		List<JournalEntry> portion = new ArrayList<>(PORTION);
		try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
			writer.write(HEADING);
			while (from < end && !cancelled.getAsBoolean()) {
				from = journal.scan(query, from, end, entry -> portion.add(entry) && portion.size() < PORTION);
				portion.removeIf(wanted.negate());
				for (JournalEntry entry : portion) {
					writer.write(row(entry));
				}
				written += portion.size();
				portion.clear();
			}
		}
		return written;
	}

	private static String row(JournalEntry entry) {
		return CsvLine.of(Stream
				.of(entry.number(), entry.virtualNanos(), entry.cpu(), entry.level(), entry.retired(),
						entry.kind().label(), hex(entry.linear()), entry.code(), hex(entry.information()), entry.text())
				.map(Object::toString));
	}

	private static String hex(long value) {
		return "0x" + Long.toHexString(value);
	}
}
