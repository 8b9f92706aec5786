/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.util.function.Consumer;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.journal.ExitCounter;
import org.hyperstep.debug.journal.ExitStatistics;
import org.hyperstep.ui.session.GuestFeed;

/**
 * Counts a guest's VM exits in the background, from the oldest that its journal keeps on, and hands the statistics on from
 * the job's thread.
 */
final class ExitFeed extends GuestFeed {
	/** Milliseconds between two looks at a running guest. */
	private static final long INTERVAL = 1000;

	private final Consumer<ExitStatistics> answers;
	private volatile ExitCounter counter;

	ExitFeed(Target guest, JournalQuery query, Consumer<ExitStatistics> answers) {
		super(Messages.ExitFeed_name, guest, INTERVAL);
		this.answers = answers;
		this.counter = new ExitCounter(query);
		begin();
	}

	/** Counts anew, from the oldest exit on, those that the query asks for. */
	void query(JournalQuery query) {
		counter = new ExitCounter(query);
		schedule();
	}

	/** Counts anew, from now on. */
	void restart(JournalQuery query) {
		ExitCounter fresh = new ExitCounter(query);
		fresh.begin(guest().journal().size());
		counter = fresh;
		schedule();
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		ExitCounter present = counter;
		present.count(guest().journal());
		if (!isClosed()) {
			answers.accept(present.statistics());
			lookAgain();
		}
		return Status.OK_STATUS;
	}
}
