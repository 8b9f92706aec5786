/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

/** The journal keeps the newest entries and numbers them all. */
@SuppressWarnings("nls")
class EventJournalTest {
	private final EventJournal journal = new EventJournal(EventJournal.FEWEST_BYTES,
			(kind, code, information) -> kind.label() + ' ' + code);

	private void write(int count) {
		for (int i = 0; i < count; i++) {
			journal.write(EventKind.VM_EXIT, 3, 2, i, 2L * i, 0x1000 + i, i, -i);
		}
	}

	@Test
	void entriesComeBackAsTheyWereWritten() {
		write(2);
		JournalEntry second = journal.read(1, 10).get(0);
		assertEquals(new JournalEntry(1, EventKind.VM_EXIT, 3, 2, 1, 2, 0x1001, 1, -1, "VM exit 1"), second);
	}

	@Test
	void negativeCodesAndTheLastCpuSurvive() {
		journal.write(EventKind.STARTUP, 63, 1, 0, 0, 0, -1, 0);
		JournalEntry entry = journal.read(0, 1).get(0);
		assertEquals(-1, entry.code());
		assertEquals(63, entry.cpu());
	}

	@Test
	void theOldestEntriesAreOverwritten() {
		int capacity = Math.toIntExact(journal.capacity());
		write(capacity + 5);
		assertEquals(capacity + 5, journal.size());
		assertEquals(6, journal.oldest());
		List<JournalEntry> read = journal.read(0, 3);
		assertEquals(List.of(6L, 7L, 8L), read.stream().map(JournalEntry::number).toList());
	}

	@Test
	void readingPastTheEndGivesNothing() {
		write(3);
		assertEquals(List.of(), journal.read(3, 10));
	}

	@Test
	void askingForNoEntryGivesNone() {
		write(3);
		assertEquals(List.of(), journal.read(0, 0));
		assertEquals(List.of(), journal.find(JournalQuery.ALL, 0, 0));
	}

	@Test
	void queriesNarrowByKindCpuVectorReasonAndTime() {
		journal.write(EventKind.INTERRUPT_RAISED, 0, 1, 1, 10, 0, 0x20, 0);
		journal.write(EventKind.VM_EXIT, 0, 1, 2, 20, 0, 0x20, 0);
		journal.write(EventKind.EXCEPTION, 1, 1, 3, 30, 0, 14, 0);
		journal.write(EventKind.VM_EXIT, 1, 2, 4, 40, 0, 1, 0);
		assertEquals(List.of(1L, 3L), numbers(JournalQuery.ALL.withKinds(Set.of(EventKind.VM_EXIT))));
		assertEquals(List.of(2L, 3L), numbers(JournalQuery.ALL.withCpu(1)));
		assertEquals(List.of(0L), numbers(JournalQuery.ALL.withVector(0x20)));
		assertEquals(List.of(1L), numbers(JournalQuery.ALL.withExitReason(0x20)));
		assertEquals(List.of(1L, 2L), numbers(JournalQuery.ALL.between(20, 30)));
		assertEquals(List.of(), numbers(JournalQuery.ALL.withVector(14).withCpu(0)));
	}

	private List<Long> numbers(JournalQuery query) {
		return journal.find(query, 0, 10).stream().map(JournalEntry::number).toList();
	}

	/** Each record's words are made of its number, so that a mixture of two records shows. */
	@Test
	void aReaderThatTheWriterOvertakesNeverSeesHalfARecord() throws Exception {
		int records = 40 * Math.toIntExact(journal.capacity());
		Thread writer = new Thread(() -> {
			for (int i = 0; i < records; i++) {
				journal.write(EventKind.VM_EXIT, i & 63, 1, i, 3L * i, 5L * i, i, 7L * i);
			}
		});
		writer.start();
		long seen = 0;
		for (long next = 0; next < records;) {
			next = journal.scan(JournalQuery.ALL, next, records, entry -> {
				long i = entry.number();
				assertEquals(List.of(i & 63, i, 3 * i, 5 * i, i, 7 * i), List.of((long) entry.cpu(), entry.retired(),
						entry.virtualNanos(), entry.linear(), (long) entry.code(), entry.information()));
				return true;
			});
			seen++;
		}
		writer.join();
		assertEquals(records, journal.size());
		assertTrue(seen > 0);
	}

	@Test
	void aSizeOutOfRangeIsRefused() {
		assertThrows(IllegalArgumentException.class, () -> new EventJournal(0, (kind, code, information) -> ""));
	}
}
