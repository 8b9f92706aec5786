/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalEntry;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.GuestFeed;

/**
 * Reads a guest's journal in the background and hands on pages for the view: at each stop, and a few times a second while
 * the guest runs. The filter and the pause may be changed from any thread; pages are handed on from the job's thread.
 */
final class JournalFeed extends GuestFeed {
	/** Milliseconds between two pages of a running guest. */
	private static final long INTERVAL = 200;
	/** Entries read at once, so that the engine never waits long for the journal's lock. */
	private static final int CHUNK = 1024;
	/** Of a running guest no more than this many of the newest are read at a time; a stop brings all that are kept. */
	private static final int LIVE = 8192;
	/** Rows that the view shows: the newest. */
	static final int MOST_ROWS = 1 << 16;

	private final Consumer<EventPage> pages;
	private final Deque<EventRow> rows = new ArrayDeque<>();
	private final Locations locations;
	private long next;
	private volatile EventFilter filter;
	private volatile boolean paused;

	JournalFeed(Target guest, EventFilter filter, Consumer<EventPage> pages) {
		super(Messages.JournalFeed_name, guest, INTERVAL);
		this.filter = filter;
		this.pages = pages;
		locations = new Locations(guest);
		begin();
	}

	/** The trace of all that the journal keeps of what the filter shows, to be written into a directory. */
	TraceExport trace(Path directory) {
		return new TraceExport(directory, guest(), filter);
	}

	void filter(EventFilter other) {
		filter = other;
		schedule();
	}

	/** A paused feed hands on no new events, but still follows the filter. */
	void pause(boolean pause) {
		paused = pause;
		schedule();
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		boolean running = guest().running();
		if (!paused) {
			read(running);
		}
		EventFilter now = filter;
		// A guest that stands still is searched as far back as its journal goes, a running one in what is at hand.
		Collection<EventRow> shown = now.isNarrow() && !running && !paused ? search(now) : shown(now);
		if (!isClosed()) {
			long kept = Math.max(rows.size(),
					now.isNarrow() ? guest().journal().size() - guest().journal().oldest() : 0);
			pages.accept(new EventPage(List.copyOf(shown), kept, guest().journal().size()));
			if (!paused) {
				lookAgain();
			}
		}
		return Status.OK_STATUS;
	}

	private Collection<EventRow> shown(EventFilter now) {
		Predicate<EventRow> wanted = now.test();
		return rows.stream().filter(wanted).toList();
	}

	/** The newest rows that the filter shows of all that the journal keeps. */
	private Collection<EventRow> search(EventFilter now) {
		Deque<EventRow> found = new ArrayDeque<>();
		Predicate<EventRow> wanted = now.test();
		EventJournal journal = guest().journal();
		journal.scan(now.query(), 0, journal.size(), entry -> {
			EventRow row = new EventRow(entry, locations.of(entry.linear()));
			if (wanted.test(row)) {
				found.addLast(row);
				if (found.size() > MOST_ROWS) {
					found.removeFirst();
				}
			}
			return !isClosed();
		});
		return found;
	}

	private void read(boolean running) {
		EventJournal journal = guest().journal();
		long size = journal.size();
		long oldest = Math.max(journal.oldest(), size - MOST_ROWS);
		if (running) {
			next = Math.max(next, size - LIVE);
		} else if (isIncomplete(oldest)) {
			rows.clear();
			next = oldest;
		}
		while (next < size && !isClosed()) {
			List<JournalEntry> chunk = journal.read(next, CHUNK);
			if (chunk.isEmpty()) {
				break;
			}
			chunk.forEach(entry -> rows.addLast(new EventRow(entry, locations.of(entry.linear()))));
			next = chunk.get(chunk.size() - 1).number() + 1;
		}
		while (rows.size() > MOST_ROWS) {
			rows.removeFirst();
		}
	}

	/** Whether the journal keeps entries that were left out while the guest ran. */
	private boolean isIncomplete(long oldest) {
		if (rows.isEmpty()) {
			return next > oldest;
		}
		long first = rows.getFirst().entry().number();
		long last = rows.getLast().entry().number();
		return first > oldest || last - first + 1 != rows.size();
	}
}
