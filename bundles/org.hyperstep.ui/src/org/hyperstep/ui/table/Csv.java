/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.table;

import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as comma-separated values (RFC 4180), a heading first. Any thread. */
@SuppressWarnings("nls")
public final class Csv {
	private static final String END = "\r\n";

	private Csv() {
	}

	/** Writes the heading. */
	public static <T> void heading(Writer to, List<Column<T>> columns) throws IOException {
		to.write(columns.stream().map(column -> quoted(column.name())).collect(Collectors.joining(",")) + END);
	}

	/** Writes one row. */
	public static <T> void row(Writer to, List<Column<T>> columns, T row) throws IOException {
		to.write(columns.stream().map(column -> quoted(column.text().apply(row))).collect(Collectors.joining(","))
				+ END);
	}

	private static String quoted(String text) {
		boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
		return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
	}
}
