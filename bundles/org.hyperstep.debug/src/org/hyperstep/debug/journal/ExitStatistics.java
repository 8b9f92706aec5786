/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.util.List;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalQuery;

/**
 * VM exits of a stretch of the journal, by reason and by where they happened. Immutable.
 *
 * @param exits        all of them
 * @param instructions that the CPUs retired between their first and their last exit
 * @param byReason     the most frequent first
 * @param byPlace      by linear RIP and reason, the most frequent first
 */
public record ExitStatistics(long exits, long instructions, List<Row> byReason, List<Row> byPlace) {

	/**
	 * Exits of one reason, or of one reason at one place.
	 *
	 * @param reason  number of the exit reason
	 * @param name    of the reason, as in the manual
	 * @param linear  linear RIP; 0 where exits of all places are counted
	 * @param count   exits
	 * @param share   of all exits, 0 to 1
	 * @param between guest instructions between two of them, on average, on one CPU; 0 where there was one alone
	 */
	public record Row(int reason, String name, long linear, long count, double share, double between) {
	}

	/** Counts the VM exits among the entries that the query asks for. Any thread. */
	public static ExitStatistics of(EventJournal journal, JournalQuery query) {
		ExitCounter counter = new ExitCounter(query);
		counter.count(journal);
		return counter.statistics();
	}
}
