/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.journal.ExitStatistics.Row;
import org.junit.jupiter.api.Test;

/** Exits are counted by reason and by place, and the instructions between them on each CPU for itself. */
@SuppressWarnings("nls")
class ExitStatisticsTest {
	private static final int CPUID = 10, HLT = 12;
	private final EventJournal journal = new EventJournal(
			(kind, code, information) -> code == CPUID ? "CPUID" : "HLT, 0x5");

	private void exit(int cpu, int reason, long linear, long retired) {
		journal.write(EventKind.VM_EXIT, cpu, 1, retired, retired, linear, reason, 0);
		journal.write(EventKind.VM_ENTRY, cpu, 1, retired, retired, linear, 0, 0);
	}

	@Test
	void exitsAreCountedByReasonAndByPlace() {
		exit(0, CPUID, 0x1000, 100);
		exit(0, CPUID, 0x2000, 200);
		exit(1, HLT, 0x3000, 5000);
		exit(0, CPUID, 0x1000, 600);
		ExitStatistics statistics = ExitStatistics.of(journal, JournalQuery.ALL);
		assertEquals(4, statistics.exits());
		assertEquals(500, statistics.instructions());
		assertEquals(List.of(new Row(CPUID, "CPUID", 0, 3, 0.75, 250), new Row(HLT, "HLT", 0, 1, 0.25, 0)),
				statistics.byReason());
		assertEquals(
				List.of(new Row(CPUID, "CPUID", 0x1000, 2, 0.5, 500), new Row(CPUID, "CPUID", 0x2000, 1, 0.25, 0),
						new Row(HLT, "HLT", 0x3000, 1, 0.25, 0)),
				statistics.byPlace());
	}

	@Test
	void oneCpuAloneCanBeAskedFor() {
		exit(0, CPUID, 0x1000, 100);
		exit(1, CPUID, 0x1000, 200);
		assertEquals(1, ExitStatistics.of(journal, JournalQuery.ALL.withCpu(1)).exits());
	}

	@Test
	void aJournalWithoutExitsGivesEmptyTables() {
		assertEquals(new ExitStatistics(0, 0, List.of(), List.of()), ExitStatistics.of(journal, JournalQuery.ALL));
	}
}
