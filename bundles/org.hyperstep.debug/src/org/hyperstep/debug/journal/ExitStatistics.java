/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalEntry;
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

	/** What is known of one reason or place so far. */
	private static final class Tally {
		final int reason;
		final String name;
		final long linear;
		long count;
		long gaps;
		long instructions;
		final Map<Integer, Long> lastRetired = new HashMap<>();

		Tally(JournalEntry exit, long linear) {
			reason = exit.code();
			int comma = exit.text().indexOf(',');
			name = comma < 0 ? exit.text() : exit.text().substring(0, comma);
			this.linear = linear;
		}

		void add(JournalEntry exit) {
			count++;
			if (lastRetired.containsKey(exit.cpu())) {
				gaps++;
				instructions += exit.retired() - lastRetired.get(exit.cpu());
			}
			lastRetired.put(exit.cpu(), exit.retired());
		}

		Row row(long all) {
			return new Row(reason, name, linear, count, (double) count / all,
					gaps == 0 ? 0 : (double) instructions / gaps);
		}
	}

	private record Place(int reason, long linear) {
	}

	/** Counts the VM exits among the entries that the query asks for. Any thread. */
	public static ExitStatistics of(EventJournal journal, JournalQuery query) {
		Map<Integer, Tally> reasons = new HashMap<>();
		Map<Place, Tally> places = new HashMap<>();
		Map<Integer, Tally> cpus = new HashMap<>();
		JournalQuery exits = query.withKinds(EnumSet.of(EventKind.VM_EXIT));
		if (query.kinds().contains(EventKind.VM_EXIT)) {
			journal.scan(exits, 0, journal.size(), exit -> {
				cpus.computeIfAbsent(exit.cpu(), cpu -> new Tally(exit, 0)).add(exit);
				reasons.computeIfAbsent(exit.code(), reason -> new Tally(exit, 0)).add(exit);
				places.computeIfAbsent(new Place(exit.code(), exit.linear()), place -> new Tally(exit, exit.linear()))
						.add(exit);
				return true;
			});
		}
		long all = cpus.values().stream().mapToLong(tally -> tally.count).sum();
		long instructions = cpus.values().stream().mapToLong(tally -> tally.instructions).sum();
		return new ExitStatistics(all, instructions, rows(reasons, all), rows(places, all));
	}

	private static List<Row> rows(Map<?, Tally> tallies, long all) {
		List<Row> rows = new ArrayList<>();
		tallies.values().forEach(tally -> rows.add(tally.row(all)));
		rows.sort(Comparator.comparingLong(Row::count).reversed().thenComparingInt(Row::reason)
				.thenComparingLong(Row::linear));
		return List.copyOf(rows);
	}
}
