/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.junit.jupiter.api.Test;

/** The journal keeps the newest entries and numbers them all. */
@SuppressWarnings("nls")
class EventJournalTest {
	private final EventJournal journal = new EventJournal((kind, code, information) -> kind.label() + ' ' + code);

	private void write(int count) {
		for (int i = 0; i < count; i++) {
			journal.write(EventKind.VM_EXIT, 3, i, 2L * i, 0x1000 + i, i, -i);
		}
	}

	@Test
	void entriesComeBackAsTheyWereWritten() {
		write(2);
		JournalEntry second = journal.read(1, 10).get(0);
		assertEquals(new JournalEntry(1, EventKind.VM_EXIT, 3, 1, 2, 0x1001, 1, -1, "VM exit 1"), second);
	}

	@Test
	void negativeCodesAndTheLastCpuSurvive() {
		journal.write(EventKind.STARTUP, 63, 0, 0, 0, -1, 0);
		JournalEntry entry = journal.read(0, 1).get(0);
		assertEquals(-1, entry.code());
		assertEquals(63, entry.cpu());
	}

	@Test
	void theOldestEntriesAreOverwritten() {
		write(EventJournal.CAPACITY + 5);
		assertEquals(EventJournal.CAPACITY + 5, journal.size());
		assertEquals(5, journal.oldest());
		List<JournalEntry> read = journal.read(0, 3);
		assertEquals(List.of(5L, 6L, 7L), read.stream().map(JournalEntry::number).toList());
	}

	@Test
	void readingPastTheEndGivesNothing() {
		write(3);
		assertEquals(List.of(), journal.read(3, 10));
	}
}
