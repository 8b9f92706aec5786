/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

/**
 * A row of a line table (DWARF, "Line Number Information").
 *
 * @param linear address of the first instruction the row is about
 * @param location the source position
 * @param statement is_stmt: a recommended breakpoint location
 * @param prologueEnd prologue_end: where a breakpoint on the function's entry should be
 */
public record LineEntry(long linear, SourceLocation location, boolean statement, boolean prologueEnd) {

	LineEntry moved(long slide) {
		return slide == 0 ? this : new LineEntry(linear + slide, location, statement, prologueEnd);
	}
}
