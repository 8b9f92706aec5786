/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;

/** The Common Trace Format, version 1.8: one file of metadata and a file of packets for each virtual CPU. */
@SuppressWarnings("nls")
final class CtfExport {
	private static final String METADATA = "metadata", STREAM = "cpu";

	private final Path directory;
	private final long lost;
	private final SortedMap<Integer, CtfStream> streams = new TreeMap<>();

	private CtfExport(Path directory, long lost) {
		this.directory = directory;
		this.lost = lost;
	}

	static long write(EventJournal journal, JournalQuery query, Predicate<JournalEntry> wanted, Path directory,
			BooleanSupplier cancelled) throws IOException {
		Files.createDirectories(directory);
		clear(directory);
		Files.writeString(directory.resolve(METADATA), CtfMetadata.text(), StandardCharsets.UTF_8);
		CtfExport export = new CtfExport(directory, journal.oldest());
		try {
			return new JournalPortions(journal, query, wanted, cancelled)
					.write(entry -> export.stream(entry.cpu()).write(entry));
		} finally {
			export.close();
		}
	}

	/** Streams of an older trace would be read as this one's. */
	private static void clear(Path directory) throws IOException {
		try (var files = Files.newDirectoryStream(directory, STREAM + "[0-9]*")) {
			for (Path file : files) {
				Files.delete(file);
			}
		}
	}

	private CtfStream stream(int cpu) throws IOException {
		if (!streams.containsKey(cpu)) {
			streams.put(cpu, new CtfStream(Files.newOutputStream(directory.resolve(STREAM + cpu)), cpu, lost));
		}
		return streams.get(cpu);
	}

	private void close() throws IOException {
		for (CtfStream stream : streams.values()) {
			stream.close();
		}
	}
}
