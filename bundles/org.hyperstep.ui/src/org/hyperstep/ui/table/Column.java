/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.table;

import java.util.Comparator;
import java.util.Optional;
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
 * @param order   what a click on the heading sorts by; empty: nothing
 */
public record Column<T>(String name, String help, Function<T, String> text, int width, boolean numeric,
		Optional<Comparator<T>> order) {

	/** A column of text. */
	public static <T> Column<T> text(String name, String help, int width, Function<T, String> text) {
		return new Column<>(name, help, text, width, false, Optional.empty());
	}

	/** A column of numbers. */
	public static <T> Column<T> number(String name, String help, int width, Function<T, String> text) {
		return new Column<>(name, help, text, width, true, Optional.empty());
	}

	/** The same column, by whose heading rows can be sorted. */
	public Column<T> sortedBy(Comparator<T> by) {
		return new Column<>(name, help, text, width, numeric, Optional.of(by));
	}
}
