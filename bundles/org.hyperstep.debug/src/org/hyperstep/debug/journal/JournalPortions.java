/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;

/**
 * Reads a journal in portions, so that neither the choice of entries nor the writing of them holds its lock.
 *
 * @param wanted    what a query can't say
 * @param cancelled asked between two portions
 */
record JournalPortions(EventJournal journal, JournalQuery query, Predicate<JournalEntry> wanted,
		BooleanSupplier cancelled) {
	/** Entries between two looks at whether somebody cancelled. */
	private static final int PORTION = 4096;

	/** Where entries are written to. */
	@FunctionalInterface
	interface Writer {
		void write(JournalEntry entry) throws IOException;
	}

	/**
	 * Writes the entries that there are now, oldest first.
	 *
	 * @return entries written
	 */
	long write(Writer writer) throws IOException {
		long end = journal.size();
		long from = journal.oldest();
		long written = 0;
		List<JournalEntry> portion = new ArrayList<>(PORTION);
		while (from < end && !cancelled.getAsBoolean()) {
			from = journal.scan(query, from, end, entry -> portion.add(entry) && portion.size() < PORTION);
			for (JournalEntry entry : portion) {
				if (wanted.test(entry)) {
					writer.write(entry);
					written++;
				}
			}
			portion.clear();
		}
		return written;
	}
}
