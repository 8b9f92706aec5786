/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Everything that happened to a guest: a ring of binary records of fixed size. One thread writes, the engine's; any
 * thread reads, and neither waits for the other. Memory is taken as records come. The oldest records are overwritten.
 *
 * <p>
 * A reader that is overtaken by the writer notices and starts anew with what is still there: what it gets was never
 * half overwritten.
 */
public final class EventJournal {
	/** Bytes of a record. */
	public static final int RECORD_BYTES = 5 * Long.BYTES;
	/** Bytes of records kept unless somebody chooses: 64 MiB. */
	public static final long DEFAULT_BYTES = 64L << 20;
	/** Bytes of records kept at least, and at most. */
	public static final long FEWEST_BYTES = 1L << 20, MOST_BYTES = 16L << 30;

	private static final int WORDS = RECORD_BYTES / Long.BYTES;
	/** Records whose memory is taken at once. */
	private static final int CHUNK = 1 << 12;
	private static final EventKind[] KINDS = EventKind.values();
	private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
	private static final VarHandle NEXT = next();

	private final long capacity;
	private final long[][] chunks;
	private final Describer describer;
	/** The writer's place in the ring. */
	private int chunk;
	private int word;
	/** Records ever written; what is written before its record is seen. */
	@SuppressWarnings("unused") // by its handle
	private long next;

	/** Gives the text of an entry from its numbers. */
	@FunctionalInterface
	public interface Describer {
		String describe(EventKind kind, int code, long information);
	}

	/** A journal of the usual size. */
	public EventJournal(Describer describer) {
		this(DEFAULT_BYTES, describer);
	}

	/**
	 * A journal that keeps so many bytes of records.
	 *
	 * @param bytes {@link #FEWEST_BYTES} to {@link #MOST_BYTES}; rounded up to whole chunks of memory
	 */
	public EventJournal(long bytes, Describer describer) {
		if (bytes < FEWEST_BYTES || bytes > MOST_BYTES) {
			throw new IllegalArgumentException("An event journal of " + bytes + " bytes can't be kept; " + FEWEST_BYTES //$NON-NLS-1$ //$NON-NLS-2$
					+ " to " + MOST_BYTES + " can."); //$NON-NLS-1$ //$NON-NLS-2$
		}
		int count = Math.toIntExact((bytes / RECORD_BYTES + CHUNK - 1) / CHUNK);
		this.capacity = (long) count * CHUNK;
		this.chunks = new long[count][];
		this.describer = describer;
	}

	private static VarHandle next() {
		try {
			return MethodHandles.lookup().findVarHandle(EventJournal.class, "next", long.class); //$NON-NLS-1$
		} catch (ReflectiveOperationException e) {
			throw new ExceptionInInitializerError(e);
		}
	}

	/** Records that are kept at most. */
	public long capacity() {
		return capacity;
	}

	/** Number of the next entry: the count of everything that was ever written. */
	public long size() {
		return (long) NEXT.getAcquire(this);
	}

	/** Number of the oldest entry that is still there. */
	public long oldest() {
		return oldest(size());
	}

	/** The record that the writer is about to overwrite is not there any more. */
	private long oldest(long size) {
		return size < capacity ? 0 : size - capacity + 1;
	}

	/**
	 * Writes a record; allocates only where the ring has never been. On the engine's thread.
	 *
	 * @param level how deep the CPU's guest is nested: 1 is the guest, 2 a guest of the guest
	 */
	public void write(EventKind kind, int cpu, int level, long retired, long virtualNanos, long linear, int code,
			long information) {
		int at = word;
		if (at == 0 && chunks[chunk] == null) {
			chunks[chunk] = new long[CHUNK * WORDS];
		}
		long[] records = chunks[chunk];
		// The number before this record's is seen by all who see any of its words.
		VarHandle.storeStoreFence();
		records[at] = (long) code << 32 | (long) (cpu & 0xffff) << 16 | (level & 0xff) << 8 | kind.ordinal();
		records[at + 1] = retired;
		records[at + 2] = virtualNanos;
		records[at + 3] = linear;
		records[at + 4] = information;
		word = at + WORDS;
		if (word == CHUNK * WORDS) {
			word = 0;
			chunk = chunk + 1 == chunks.length ? 0 : chunk + 1;
		}
		NEXT.setRelease(this, next + 1);
	}

	/**
	 * Entries from number {@code from} on, at most {@code maximum}; starts with the oldest one kept where {@code from}
	 * is older.
	 */
	public List<JournalEntry> read(long from, int maximum) {
		return find(JournalQuery.ALL, from, maximum);
	}

	/** Like {@link #read(long, int)}, but only the entries that the query asks for. */
	public List<JournalEntry> find(JournalQuery query, long from, int maximum) {
		List<JournalEntry> entries = new ArrayList<>(Math.max(0, Math.min(maximum, CHUNK)));
		if (maximum <= 0) {
			return entries;
		}
		scan(query, from, Long.MAX_VALUE, entry -> entries.add(entry) && entries.size() < maximum);
		return entries;
	}

	/**
	 * Hands on the entries that the query asks for, oldest first, as long as the visitor wants more.
	 *
	 * @param from    the first number; the oldest one kept where that is newer
	 * @param to      the number after the last; the present end where that is less
	 * @param visitor returns whether it wants more
	 * @return the number after the last entry that was looked at
	 */
	public long scan(JournalQuery query, long from, long to, Predicate<JournalEntry> visitor) {
		long[] record = new long[WORDS];
		long number = Math.max(from, oldest());
		long end = Math.min(to, size());
		while (number < end) {
			if (!copy(number, record)) {
				number = oldest();
				continue;
			}
			EventKind kind = KINDS[(int) record[0] & 0xff];
			int code = (int) (record[0] >> 32);
			int cpu = (int) (record[0] >> 16) & 0xffff;
			number++;
			if (query.asksFor(kind, cpu, (int) (record[0] >> 8) & 0xff, code, record[2])
					&& !visitor.test(entry(number - 1, kind, record))) {
				break;
			}
		}
		return number;
	}

	/** Copies a record. Returns whether it was there to the end. */
	private boolean copy(long number, long[] record) {
		long slot = number % capacity;
		long[] records = chunks[(int) (slot / CHUNK)];
		int at = (int) (slot % CHUNK) * WORDS;
		for (int i = 0; i < WORDS; i++) {
			record[i] = (long) WORD.getOpaque(records, at + i);
		}
		VarHandle.loadLoadFence();
		return number >= oldest((long) NEXT.getOpaque(this));
	}

	private JournalEntry entry(long number, EventKind kind, long[] record) {
		int code = (int) (record[0] >> 32);
		return new JournalEntry(number, kind, (int) (record[0] >> 16) & 0xffff, (int) (record[0] >> 8) & 0xff,
				record[1], record[2], record[3], code, record[4], describer.describe(kind, code, record[4]));
	}
}
