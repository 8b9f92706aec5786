/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.AddressRange;
import org.hyperstep.symbols.LineEntry;
import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.SourceLocation;

/** Answers questions about source lines from the line tables. Safe for all threads. */
public final class SourceLines {
	private final LinePrograms programs;
	private final Functions functions;

	SourceLines(LinePrograms programs, Functions functions) {
		this.programs = programs;
		this.functions = functions;
	}

	/** The source position of the instruction at {@code linear}; null if it has none. */
	public @Nullable SourceLocation at(long linear) {
		LineTable table = programs.at(linear);
		int row = table == null ? -1 : table.rowAt(linear);
		return table == null || row < 0 || table.line(row) <= 0 ? null : location(table, row);
	}

	private static @Nullable SourceLocation location(LineTable table, int row) {
		SourceFile file = table.source(row);
		return file == null ? null
				: new SourceLocation(file.compilationDirectory(), file.name(), table.line(row), table.column(row));
	}

	/** The addresses of the statement that contains {@code linear}, as far as they follow each other; null if none does. */
	public @Nullable AddressRange statementAt(long linear) {
		LineTable table = programs.at(linear);
		int row = table == null ? -1 : table.rowAt(linear);
		if (table == null || row < 0 || table.line(row) <= 0) {
			return null;
		}
		int[] rows = table.statement(row);
		return new AddressRange(table.address(rows[0]), table.address(rows[1]));
	}

	/** Every row for that line of a file which {@linkplain SourceFile#matches matches} {@code file}, by address. */
	public List<LineEntry> of(String file, int line) {
		Predicate<SourceFile> wanted = matching(file);
		List<LineEntry> found = new ArrayList<>();
		for (LineTable table : programs.naming(wanted)) {
			for (int row = 0; row < table.count(); row++) {
				if (table.line(row) == line && isOf(table, row, wanted)) {
					addEntry(table, row, found);
				}
			}
		}
		found.sort(Comparator.comparing(LineEntry::linear, Long::compareUnsigned));
		return found;
	}

	private static void addEntry(LineTable table, int row, List<LineEntry> found) {
		SourceLocation location = location(table, row);
		if (location != null) {
			found.add(new LineEntry(table.address(row), location, table.isStatement(row), table.isPrologueEnd(row)));
		}
	}

	private static boolean isOf(LineTable table, int row, Predicate<SourceFile> wanted) {
		SourceFile source = table.source(row);
		return !table.isEnd(row) && source != null && wanted.test(source);
	}

	/** Remembers the answer for each file, as the same few stand behind many rows. */
	private static Predicate<SourceFile> matching(String file) {
		Map<SourceFile, Boolean> answers = new HashMap<>();
		return source -> answers.computeIfAbsent(source, s -> Boolean.valueOf(s.matches(file))).booleanValue();
	}

	/**
	 * Where a breakpoint on a line goes: the first statement of the line, or of the next line that has one, in each function and each
	 * expansion of an inlined function. Ascending; empty if no later line of the file has code.
	 */
	public List<Long> breakpoints(String file, int line) {
		Predicate<SourceFile> wanted = matching(file);
		List<LineTable> tables = programs.naming(wanted);
		int nearest = nearestLine(tables, wanted, line);
		Map<Long, Long> lowest = new HashMap<>();
		for (LineTable table : tables) {
			for (int row = 0; row < table.count(); row++) {
				if (table.line(row) == nearest && table.isStatement(row) && isOf(table, row, wanted)) {
					Long linear = Long.valueOf(table.address(row));
					lowest.merge(Long.valueOf(instance(table, row)), linear,
							(a, b) -> Long.compareUnsigned(a, b) <= 0 ? a : b);
				}
			}
		}
		return lowest.values().stream().distinct().sorted(Long::compareUnsigned).toList();
	}

	private static int nearestLine(List<LineTable> tables, Predicate<SourceFile> wanted, int line) {
		int nearest = Integer.MAX_VALUE;
		for (LineTable table : tables) {
			for (int row = 0; row < table.count(); row++) {
				int at = table.line(row);
				if (at >= line && at > 0 && at < nearest && table.isStatement(row) && isOf(table, row, wanted)) {
					nearest = at;
				}
			}
		}
		return nearest;
	}

	/** What a line has one breakpoint in: the function or expansion or, without debug information about it, the sequence. */
	private long instance(LineTable table, int row) {
		long linear = table.address(row);
		long instance = functions.instanceAt(linear);
		return instance >= 0 ? instance : Long.MIN_VALUE | table.address(Math.max(0, table.sequenceAt(linear)));
	}

	/** The rows with addresses in {@code [low, high)} of the sequence that contains {@code low}, in their order. */
	public List<LineEntry> between(long low, long high) {
		LineTable table = programs.at(low);
		List<LineEntry> found = new ArrayList<>();
		int row = table == null ? -1 : table.sequenceAt(low);
		while (table != null && row >= 0 && !table.isEnd(row) && Long.compareUnsigned(table.address(row), high) < 0) {
			if (Long.compareUnsigned(table.address(row), low) >= 0) {
				addEntry(table, row, found);
			}
			row++;
		}
		return found;
	}

	/** Every file that a line table names. */
	public Set<SourceFile> files() {
		return programs.files();
	}
}
