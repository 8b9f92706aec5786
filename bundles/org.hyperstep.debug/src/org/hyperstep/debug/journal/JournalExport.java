/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;

/** A format that a journal is written in. Any thread; the guest may go on meanwhile. */
@FunctionalInterface
public interface JournalExport {

	/** A table for spreadsheets: one file of comma-separated values (RFC 4180) with a heading, in UTF-8. */
	JournalExport CSV = CsvExport::write;

	/**
	 * A trace in the Common Trace Format 1.8: a directory that Trace Compass and babeltrace2 read, one stream for each
	 * virtual CPU. Its clock is the guest's, in nanoseconds.
	 */
	JournalExport CTF = CtfExport::write;

	/**
	 * Writes the entries that the query asks for and that are wanted.
	 *
	 * @param wanted    what a query can't say; it is asked without the journal's lock, and may take its time
	 * @param to        the file, or the directory, which is made; what is there is overwritten
	 * @param cancelled asked now and then; once it says so, the export ends with what it has written
	 * @return entries written
	 */
	long write(EventJournal journal, JournalQuery query, Predicate<JournalEntry> wanted, Path to,
			BooleanSupplier cancelled) throws IOException;

	/** Writes all entries that the query asks for. */
	default long write(EventJournal journal, JournalQuery query, Path to, BooleanSupplier cancelled)
			throws IOException {
		return write(journal, query, entry -> true, to, cancelled);
	}
}
