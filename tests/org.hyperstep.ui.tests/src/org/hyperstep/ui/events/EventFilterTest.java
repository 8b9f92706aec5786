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
}
