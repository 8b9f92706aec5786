/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.journal.JournalExport;
import org.hyperstep.ui.HyperstepUi;

/** Writes what a filter shows of all that a journal keeps as a CTF trace into a directory, which may hold an older trace. */
final class TraceExport extends Job {
	private final Path directory;
	private final Target guest;
	private final EventFilter filter;

	TraceExport(Path directory, Target guest, EventFilter filter) {
		super(Messages.bind(Messages.EventExport_name, directory.getFileName()));
		this.directory = directory;
		this.guest = guest;
		this.filter = filter;
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		try {
			Locations locations = new Locations(guest);
			Predicate<EventRow> shown = filter.test();
			JournalExport.CTF.write(guest.journal(), filter.query(),
					entry -> shown.test(new EventRow(entry, locations.of(entry.linear()))), directory,
					monitor::isCanceled);
			return monitor.isCanceled() ? Status.CANCEL_STATUS : Status.OK_STATUS;
		} catch (IOException e) {
			return HyperstepUi.error(Messages.bind(Messages.EventExport_failed, directory, e.getMessage()), e);
		}
	}
}
