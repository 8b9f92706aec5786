/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;

/** Comma-separated values (RFC 4180). */
@SuppressWarnings("nls")
final class CsvExport {
	private static final String HEADING = CsvLine.of(Stream.of("number", "nanoseconds", "cpu", "level", "retired",
			"event", "address", "code", "information", "details"));

	private CsvExport() {
	}

	static long write(EventJournal journal, JournalQuery query, Predicate<JournalEntry> wanted, Path file,
			BooleanSupplier cancelled) throws IOException {
		try (BufferedWriter writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
			writer.write(HEADING);
			return new JournalPortions(journal, query, wanted, cancelled).write(entry -> writer.write(row(entry)));
		}
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
