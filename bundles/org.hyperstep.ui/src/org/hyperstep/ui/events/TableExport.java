/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.events;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.SubMonitor;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.FileDialog;
import org.eclipse.swt.widgets.Shell;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.table.Column;
import org.hyperstep.ui.table.Csv;

/**
 * Writes rows into a file of comma-separated values. What is left of a cancelled one is deleted.
 *
 * @param <T> the rows
 */
final class TableExport<T> extends Job {
	/** Rows between two looks at the clock and at the cancel button. */
	private static final int PORTION = 1024;
	private static final long NANOS_PER_SECOND = 1_000_000_000;

	private final Path file;
	private final List<Column<T>> columns;
	private final List<T> rows;

	TableExport(Path file, List<Column<T>> columns, List<T> rows) {
		super(Messages.bind(Messages.EventExport_name, file.getFileName()));
		this.file = file;
		this.columns = columns;
		this.rows = rows;
	}

	/** Asks for the file to write; empty where the user thinks better of it. */
	static Optional<Path> chooseFile(Shell shell, String title, String proposed) {
		FileDialog dialog = new FileDialog(shell, SWT.SAVE);
		dialog.setText(title);
		dialog.setFilterExtensions(new String[] { "*.csv", "*" }); //$NON-NLS-1$ //$NON-NLS-2$
		dialog.setFileName(proposed);
		dialog.setOverwrite(true);
		return Optional.ofNullable(dialog.open()).map(Path::of);
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		try {
			if (write(SubMonitor.convert(monitor, getName(), rows.size() / PORTION + 1))) {
				return Status.OK_STATUS;
			}
			Files.deleteIfExists(file);
			return Status.CANCEL_STATUS;
		} catch (IOException e) {
			return HyperstepUi.error(Messages.bind(Messages.EventExport_failed, file, e.getMessage()), e);
		}
	}

	private boolean write(SubMonitor progress) throws IOException {
		long begin = System.nanoTime();
		try (Writer writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
			Csv.heading(writer, columns);
			for (int i = 0; i < rows.size(); i++) {
				Csv.row(writer, columns, rows.get(i));
				if (i % PORTION == 0) {
					progress.worked(1);
					progress.subTask(Messages.bind(Messages.EventExport_progress, Integer.valueOf(i),
							Long.valueOf((System.nanoTime() - begin) / NANOS_PER_SECOND)));
					if (progress.isCanceled()) {
						return false;
					}
				}
			}
		}
		return true;
	}
}
