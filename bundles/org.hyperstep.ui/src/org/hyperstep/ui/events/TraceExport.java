/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.io.IOException;
import java.nio.file.Path;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.JournalQuery;
import org.hyperstep.debug.journal.JournalExport;
import org.hyperstep.ui.HyperstepUi;

/** Writes all that a journal keeps as a CTF trace into a directory, which may hold an older trace. */
final class TraceExport extends Job {
	private final Path directory;
	private final EventJournal journal;

	TraceExport(Path directory, EventJournal journal) {
		super(Messages.bind(Messages.EventExport_name, directory.getFileName()));
		this.directory = directory;
		this.journal = journal;
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		try {
			JournalExport.CTF.write(journal, JournalQuery.ALL, directory, monitor::isCanceled);
			return monitor.isCanceled() ? Status.CANCEL_STATUS : Status.OK_STATUS;
		} catch (IOException e) {
			return HyperstepUi.error(Messages.bind(Messages.EventExport_failed, directory, e.getMessage()), e);
		}
	}
}
