/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.table;

import java.io.IOException;
import java.io.Writer;
import java.util.List;

import org.hyperstep.debug.journal.CsvLine;

/** A table's rows as comma-separated values, a heading first. Any thread. */
public final class Csv {
	private Csv() {
	}

	/** Writes the heading. */
	public static <T> void heading(Writer to, List<Column<T>> columns) throws IOException {
		to.write(CsvLine.of(columns.stream().map(Column::name)));
	}

	/** Writes one row. */
	public static <T> void row(Writer to, List<Column<T>> columns, T row) throws IOException {
		to.write(CsvLine.of(columns.stream().map(column -> column.text().apply(row))));
	}
}
