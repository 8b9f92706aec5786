/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Lines of comma-separated values as RFC 4180 has them. Any thread. */
@SuppressWarnings("nls")
public final class CsvLine {
	private CsvLine() {
	}

	/** A line of values, each of them quoted where it must be, with its end. */
	public static String of(Stream<String> values) {
		return values.map(CsvLine::quoted).collect(Collectors.joining(",")) + "\r\n";
	}

	private static String quoted(String text) {
		boolean plain = text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
		return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
	}
}
