/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalEntry;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class EventFilterTest {
	private final EventRow row = new EventRow(
			new JournalEntry(7, EventKind.VM_EXIT, 1, 1, 1000, 1000, 0x1000, 10, 0, "CPUID"), "compute+0x12");

	@Test
	void noFilterShowsEverything() {
		assertTrue(EventFilter.NONE.shows(row));
	}

	@Test
	void hiddenKindIsLeftOutUntilShownAgain() {
		EventFilter hiding = EventFilter.NONE.withKind(EventKind.VM_EXIT, false);
		assertFalse(hiding.shows(row));
		assertTrue(hiding.withKind(EventKind.VM_EXIT, true).shows(row));
		assertEquals(EventFilter.NONE, hiding.withKind(EventKind.VM_EXIT, true));
	}

	@Test
	void onlyTheChosenCpuIsShown() {
		assertTrue(EventFilter.NONE.withCpu(1).shows(row));
		assertFalse(EventFilter.NONE.withCpu(0).shows(row));
	}

	@Test
	void textIsLookedForInDetailsAndLocationWhateverItsCase() {
		assertTrue(EventFilter.NONE.withText("cpuid").shows(row));
		assertTrue(EventFilter.NONE.withText(" COMPUTE ").shows(row));
		assertFalse(EventFilter.NONE.withText("HLT").shows(row));
	}

	@Test
	void termsAskForCpuLevelReasonAndTime() {
		for (String fits : new String[] { "cpu:1", "level:1", "reason:10", "reason:0xa", "time:0-0.000001", "time:-1",
				"time:0.000001-", "reason:10 cpuid", "level:1 COMPUTE" }) {
			assertTrue(EventFilter.NONE.withText(fits).shows(row), fits);
		}
		for (String other : new String[] { "cpu:0", "level:2", "reason:11", "vector:10", "time:0.000002-1",
				"reason:10 hlt" }) {
			assertFalse(EventFilter.NONE.withText(other).shows(row), other);
		}
	}

	@Test
	void whatIsNoTermIsAWordAndNoTimeIsTooLong() {
		for (String word : new String[] { "level:deep", "time:1", "time:a-b", "vector:", ":" }) {
			assertFalse(EventFilter.NONE.withText(word).shows(row), word);
		}
		assertTrue(EventFilter.NONE.withText("time:0-1e300").shows(row));
	}
}
