/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.ArrayList;
import java.util.List;

/**
 * Everything that happened to a guest: a ring of fixed size in primitive arrays, written by the engine's thread and
 * read from any thread. Readers ask for what is newer than they have; the oldest entries are overwritten.
 */
public final class EventJournal {
	/** Entries kept. */
	public static final int CAPACITY = 1 << 16;
	private static final int WORDS = 5;
	private static final EventKind[] KINDS = EventKind.values();

	private final long[] ring = new long[CAPACITY * WORDS];
	private final Describer describer;
	private long next;

	/** Gives the text of an entry from its numbers. */
	@FunctionalInterface
	public interface Describer {
		String describe(EventKind kind, int code, long information);
	}

	public EventJournal(Describer describer) {
		this.describer = describer;
	}

	/** Number of the next entry: the count of everything that was ever written. */
	public synchronized long size() {
		return next;
	}

	/** Number of the oldest entry that is still there. */
	public synchronized long oldest() {
		return Math.max(0, next - CAPACITY);
	}

	public synchronized void write(EventKind kind, int cpu, long retired, long virtualNanos, long linear, int code,
			long information) {
		int at = (int) (next++ & CAPACITY - 1) * WORDS;
		ring[at] = (long) code << 32 | (long) cpu << 8 | kind.ordinal();
		ring[at + 1] = retired;
		ring[at + 2] = virtualNanos;
		ring[at + 3] = linear;
		ring[at + 4] = information;
	}

	/**
	 * Entries from number {@code from} on, at most {@code maximum}; starts with the oldest one kept where {@code from}
	 * is older.
	 */
	public synchronized List<JournalEntry> read(long from, int maximum) {
		long first = Math.max(from, oldest());
		int count = (int) Math.max(0, Math.min(maximum, next - first));
		List<JournalEntry> entries = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			entries.add(entry(first + i));
		}
		return entries;
	}

	private JournalEntry entry(long number) {
		int at = (int) (number & CAPACITY - 1) * WORDS;
		EventKind kind = KINDS[(int) ring[at] & 0xff];
		int code = (int) (ring[at] >> 32);
		return new JournalEntry(number, kind, (int) (ring[at] >> 8) & 0xffffff, ring[at + 1], ring[at + 2],
				ring[at + 3], code, ring[at + 4], describer.describe(kind, code, ring[at + 4]));
	}
}
