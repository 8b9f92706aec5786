/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.table;

import java.util.function.Function;

/**
 * One aspect of a row. Immutable.
 *
 * @param <T>     the rows
 * @param name    heading
 * @param help    what it means, for the tool tip and for those who read the exported file
 * @param text    resolves a row to its text
 * @param width   at first, in average characters of the font
 * @param numeric right-aligned
 */
public record Column<T>(String name, String help, Function<T, String> text, int width, boolean numeric) {

	/** A column of text. */
	public static <T> Column<T> text(String name, String help, int width, Function<T, String> text) {
		return new Column<>(name, help, text, width, false);
	}

	/** A column of numbers. */
	public static <T> Column<T> number(String name, String help, int width, Function<T, String> text) {
		return new Column<>(name, help, text, width, true);
	}
}
