/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalQuery;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is exported is what was recorded; babeltrace2 is the oracle for the trace format. */
@SuppressWarnings("nls")
class JournalExportTest {
	/** More than one packet of a CTF stream. */
	private static final int EVENTS = 3000;

	@TempDir
	Path directory = Path.of("");
	private final EventJournal journal = new EventJournal(EventJournal.FEWEST_BYTES,
			(kind, code, information) -> "said \"so\", twice");

	private void fill() {
		for (int i = 0; i < EVENTS; i++) {
			EventKind kind = EventKind.values()[i % EventKind.values().length];
			journal.write(kind, i & 1, 1 + (i >> 1 & 1), 10L * i, 1_000_000_000L + i, 0xffffffff81000000L + i, i % 200,
					0xabcL + i);
		}
	}

	@Test
	void csvHasAHeadingAndQuotesWhatNeedsIt() throws IOException {
		journal.write(EventKind.VM_EXIT, 3, 2, 17, 42, 0xffffffff81000000L, 10, 0xabc);
		Path file = directory.resolve("events.csv");
		assertEquals(1, JournalExport.CSV.write(journal, JournalQuery.ALL, file, () -> false));
		assertEquals("""
				number,nanoseconds,cpu,level,retired,event,address,code,information,details\r
				0,42,3,2,17,VM exit,0xffffffff81000000,10,0xabc,"said ""so"", twice"\r
				""", Files.readString(file));
	}

	@Test
	void onlyWhatTheQueryAsksForIsWritten() throws IOException {
		fill();
		JournalQuery query = JournalQuery.ALL.withCpu(1).between(1_000_000_100L, 1_000_000_199L);
		Path file = directory.resolve("events.csv");
		assertEquals(50, JournalExport.CSV.write(journal, query, file, () -> false));
		assertEquals(51, Files.readAllLines(file).size());
	}

	@Test
	void whatTheQueryCannotSayIsAskedOfEachEntry() throws Exception {
		fill();
		Path file = directory.resolve("events.csv");
		JournalQuery query = JournalQuery.ALL.withCpu(1);
		assertEquals(EVENTS / 4,
				JournalExport.CSV.write(journal, query, entry -> entry.number() % 4 == 1, file, () -> false));
		assertEquals(EVENTS / 4 + 1, Files.readAllLines(file).size());
		Path trace = directory.resolve("trace");
		assertEquals(EVENTS / 4,
				JournalExport.CTF.write(journal, query, entry -> entry.number() % 4 == 1, trace, () -> false));
		assertEquals(EVENTS / 4, babeltrace(trace).size());
		assertEquals(0, JournalExport.CTF.write(journal, query, entry -> false, trace, () -> false));
	}

	@Test
	void aCancelledExportEnds() throws IOException {
		fill();
		assertEquals(0, JournalExport.CTF.write(journal, JournalQuery.ALL, directory.resolve("trace"), () -> true));
	}

	@Test
	void babeltraceReadsEveryEventOfATrace() throws Exception {
		fill();
		Path trace = directory.resolve("trace");
		assertEquals(EVENTS, JournalExport.CTF.write(journal, JournalQuery.ALL, trace, () -> false));
		List<String> lines = babeltrace(trace);
		assertEquals(EVENTS, lines.size());
		assertEquals("""
				[1.000000009] vm_exit: { cpu_id = 1 }, { level = 1, number = 9, retired = 90, \
				linear = 0xFFFFFFFF81000009 }, { reason = 9, information = 0xAC5 }""", lines.get(9));
		assertEquals("""
				[1.000000012] startup: { cpu_id = 0 }, { level = 1, number = 12, retired = 120, \
				linear = 0xFFFFFFFF8100000C }, { startup_vector = 12 }""", lines.get(12));
		assertTrue(lines.get(EVENTS - 1).startsWith("[1.000002999] "), lines.get(EVENTS - 1));
	}

	@Test
	void aSecondTraceInTheSamePlaceReplacesTheFirst() throws Exception {
		fill();
		Path trace = directory.resolve("trace");
		JournalExport.CTF.write(journal, JournalQuery.ALL, trace, () -> false);
		JournalExport.CTF.write(journal, JournalQuery.ALL.withCpu(0), trace, () -> false);
		assertEquals(EVENTS / 2, babeltrace(trace).size());
		assertFalse(Files.exists(trace.resolve("cpu1")));
	}

	/** Reads a trace with Debian's babeltrace2, which releng/test installs. */
	private static List<String> babeltrace(Path trace) throws Exception {
		Process reader = new ProcessBuilder("babeltrace2", "--clock-seconds", "--no-delta", trace.toString())
				.redirectErrorStream(true).start();
		String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertEquals(0, reader.waitFor(), output);
		return output.lines().toList();
	}
}
