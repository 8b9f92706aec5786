/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.swt.widgets.Display;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class GuestEventsViewTest {
	/** Longer than this nobody may wait for the workbench to react, in milliseconds; generous to a busy machine. */
	private static final long LONGEST_WAIT = 1000;
	private static final long LONGEST_ABSENCE = 10_000;

	private final Path directory;
	private final SampleSession session;
	private final GuestEventsView view;

	GuestEventsViewTest(@TempDir Path directory) throws Exception {
		this.directory = directory;
		session = SampleSession.debugTicker();
		view = Workbench.show(HyperstepUi.GUEST_EVENTS_VIEW, GuestEventsView.class);
	}

	@AfterEach
	void closeView() throws Exception {
		Workbench.errorDialogs(false);
		Workbench.page().hideView(view);
		session.close();
	}

	private void awaitAll() {
		EventJournal journal = session.guest().journal();
		Workbench.await("all kept events",
				() -> !view.rows().isEmpty()
						&& view.rows().get(view.rows().size() - 1).entry().number() == journal.size() - 1
						&& view.rows().get(0).entry().number() == Math.max(journal.oldest(),
								journal.size() - JournalFeed.MOST_ROWS));
	}

	@Test
	void everyEventIsShownInItsOrder() {
		session.runTo("crc32");
		awaitAll();
		for (int i = 0; i < view.rows().size(); i++) {
			assertEquals(i, view.rows().get(i).entry().number());
		}
		assertTrue(view.rows().stream().anyMatch(row -> row.location().startsWith("timer_entry")));
	}

	@Test
	void filterByKindShowsThatKindAlone() {
		session.runTo("crc32");
		awaitAll();
		EventFilter filter = EventFilter.NONE.withAllKinds(false).withKind(EventKind.INTERRUPT_DELIVERED, true);
		view.filter(filter);
		Workbench.await("the filtered events", () -> kinds().equals(Set.of(EventKind.INTERRUPT_DELIVERED)));
		view.filter(EventFilter.NONE);
		awaitAll();
	}

	private Set<EventKind> kinds() {
		return view.rows().stream().map(row -> row.entry().kind()).collect(Collectors.toSet());
	}

	@Test
	void exportHoldsAHeadingAndEveryRow() throws Exception {
		session.runTo("crc32");
		awaitAll();
		Path file = directory.resolve("events.csv");
		Job export = new TableExport<>(file, EventColumns.ALL, view.rows());
		export.schedule();
		Workbench.await("the export", () -> export.getState() == Job.NONE && export.getResult() != null);
		assertTrue(export.getResult().isOK());
		List<String> lines = Files.readAllLines(file);
		assertEquals(view.rows().size() + 1, lines.size());
		assertEquals("#,Time (s),CPU,Level,Event,Details,Location,Address,Retired", lines.get(0));
		assertTrue(lines.get(1).startsWith("0,"), lines.get(1));
	}

	@Test
	void aTraceHoldsWhatTheFilterShows() throws Exception {
		session.runTo("crc32");
		EventJournal journal = session.guest().journal();
		assertEquals(journal.size() - journal.oldest(), trace(EventFilter.NONE).size());
		EventFilter ofTheTimer = EventFilter.NONE.withText("vector:0x40").withKind(EventKind.INTERRUPT_RAISED, false);
		List<JournalEntry> expected = journal.find(ofTheTimer.query(), 0, Integer.MAX_VALUE);
		List<String> trace = trace(ofTheTimer);
		assertFalse(trace.isEmpty());
		assertEquals(expected.size(), trace.size());
		assertTrue(trace.stream().allMatch(line -> line.contains("vector = 64")), trace.get(0));
		List<String> ofOnePlace = trace(EventFilter.NONE.withText("timer_entry"));
		assertFalse(ofOnePlace.isEmpty());
		String entry = String.format("0x%X", Long.valueOf(session.address("timer_entry")));
		assertTrue(ofOnePlace.stream().anyMatch(line -> line.contains(entry)), ofOnePlace.get(0));
		assertTrue(ofOnePlace.size() < journal.size() / 2, ofOnePlace.size() + " of " + journal.size());
	}

	/** What babeltrace2, which releng/test installs, reads of a trace: a line an event. */
	private List<String> trace(EventFilter filter) throws Exception {
		Path trace = directory.resolve("trace");
		Job export = new TraceExport(trace, session.guest(), filter);
		export.schedule();
		Workbench.await("the export", () -> export.getState() == Job.NONE && export.getResult() != null);
		assertTrue(export.getResult().isOK(), export.getResult().toString());
		Process reader = new ProcessBuilder("babeltrace2", "--no-delta", trace.toString()).redirectErrorStream(true)
				.start();
		String output = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertEquals(0, reader.waitFor(), output);
		return output.lines().toList();
	}

	@Test
	void exportToWhereNothingCanBeWrittenSaysSo() {
		Workbench.errorDialogs(true);
		Job export = new TableExport<>(directory.resolve("no/such/directory.csv"), EventColumns.ALL, List.of());
		export.schedule();
		Workbench.await("the export", () -> export.getState() == Job.NONE && export.getResult() != null);
		assertTrue(export.getResult().getMessage().contains("directory.csv"));
		Workbench.awaitDialog("directory.csv");
	}

	@Test
	void aFilterFindsWhatIsOlderThanTheRowsThatAreShown() {
		session.runTo("crc32");
		EventJournal journal = session.guest().journal();
		EventFilter first = EventFilter.NONE.withText("time:0-0.0001 vector:0x40");
		view.filter(EventFilter.NONE.withText("vector:0x40"));
		Workbench.await("the timer's events", () -> !view.rows().isEmpty()
				&& view.rows().stream().allMatch(row -> row.entry().text().contains("0x40")));
		view.filter(first);
		Workbench.await("the early ones", () -> view.rows().size() == journal
				.find(JournalQuery.ALL.withVector(0x40).between(0, 100_000), 0, Integer.MAX_VALUE).size());
	}

	@Test
	void workbenchReactsWhileAFullJournalIsShown() {
		Heartbeat heart = new Heartbeat();
		Workbench.get("the guest to run", session.guest().resume());
		heart.begin();
		Workbench.await("a full journal", () -> session.guest().journal().size() > JournalFeed.MOST_ROWS);
		Workbench.get("the guest to stop", session.guest().suspend());
		awaitAll();
		assertEquals(JournalFeed.MOST_ROWS, view.rows().size());
		view.filter(EventFilter.NONE.withText("vector"));
		Workbench.await("the filtered events", () -> !view.rows().isEmpty()
				&& view.rows().stream().allMatch(row -> row.entry().text().contains("vector")));
		heart.end();
	}

	/**
	 * Measures how long the UI thread was away at most: in its own processor time, so that other processes on the machine
	 * don't count, and in time on the wall with much more patience, so that waiting for somebody does.
	 */
	private static final class Heartbeat {
		private static final int BEAT_MILLIS = 10;
		private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
		private long last;
		private long lastBusy;
		private long longest;
		private long longestBusy;
		private boolean over;

		void begin() {
			last = System.nanoTime();
			lastBusy = threads.getCurrentThreadCpuTime();
			beat();
		}

		private void beat() {
			long now = System.nanoTime();
			long busy = threads.getCurrentThreadCpuTime();
			longest = Math.max(longest, now - last);
			longestBusy = Math.max(longestBusy, busy - lastBusy);
			last = now;
			lastBusy = busy;
			if (!over) {
				Display.getCurrent().timerExec(BEAT_MILLIS, this::beat);
			}
		}

		void end() {
			over = true;
			long busy = longestBusy / 1_000_000;
			long millis = longest / 1_000_000;
			System.out.println("Guest Events with 65,536 entries: UI thread busy for at most " + busy
					+ " ms at a time, away for at most " + millis + " ms");
			assertTrue(busy < LONGEST_WAIT, "UI thread busy for " + busy + " ms");
			assertTrue(millis < LONGEST_ABSENCE, "UI thread away for " + millis + " ms");
		}
	}
}
