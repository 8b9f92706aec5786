/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.journal.ExitStatistics.Row;

/** Counts the VM exits of a journal as they come. For one thread at a time. */
public final class ExitCounter {
	private final JournalQuery exits;
	private final boolean asked;
	private final Map<Integer, Tally> reasons = new HashMap<>();
	private final Map<Place, Tally> places = new HashMap<>();
	private final Map<Integer, Tally> cpus = new HashMap<>();
	private long next;

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

	/** Counts those exits that the query asks for. */
	public ExitCounter(JournalQuery query) {
		Set<EventKind> kinds = EnumSet.noneOf(EventKind.class);
		kinds.addAll(query.kinds());
		this.asked = kinds.contains(EventKind.VM_EXIT);
		this.exits = query.withKinds(EnumSet.of(EventKind.VM_EXIT));
	}

	/** Leaves out what comes before an entry. */
	public void begin(long number) {
		next = Math.max(next, number);
	}

	/** Counts what is new in the journal since it was asked last. What was overwritten meanwhile is not counted. */
	public void count(EventJournal journal) {
		if (asked) {
			next = journal.scan(exits, next, journal.size(), exit -> {
				cpus.computeIfAbsent(exit.cpu(), cpu -> new Tally(exit, 0)).add(exit);
				reasons.computeIfAbsent(exit.code(), reason -> new Tally(exit, 0)).add(exit);
				places.computeIfAbsent(new Place(exit.code(), exit.linear()), place -> new Tally(exit, exit.linear()))
						.add(exit);
				return true;
			});
		}
	}

	/** What was counted so far. */
	public ExitStatistics statistics() {
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
