/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.lang.ref.SoftReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;
import org.hyperstep.symbols.elf.ElfFile;

/** The line number programs of {@code .debug_line}, run when first needed. Safe for all threads. */
@SuppressWarnings("nls")
final class LinePrograms {
	private final ElfFile file;
	private final Problems problems;
	private final UnitIndex units;
	private final LineHeader.Reader reader;
	private final List<Program> programs = new ArrayList<>();
	/** By unit, the index of its program; -1 for none. */
	private final int[] programOfUnit;
	/** The programs that no unit with known addresses refers to. */
	private final List<Program> unowned = new ArrayList<>();

	/** One program. Its tables may be dropped and made again when memory is short. */
	private final class Program {
		private final int offset;
		private @Nullable Unit unit;
		private @Nullable LineHeader header;
		private boolean damaged;
		private SoftReference<@Nullable LineTable> table = new SoftReference<>(null);

		Program(int offset) {
			this.offset = offset;
		}

		synchronized @Nullable LineHeader header() {
			if (header == null && !damaged) {
				header = problems.<@Nullable LineHeader>read(() -> reader.read(offset, unit), () -> null);
				damaged = header == null;
			}
			return header;
		}

		synchronized LineTable table() {
			LineTable known = table.get();
			LineHeader program = header();
			if (known == null && program != null && !damaged) {
				known = problems.<@Nullable LineTable>read(() -> LineProgram.run(file, reader, program), () -> null);
				damaged = known == null;
				table = new SoftReference<>(known);
			}
			return known == null ? LineTable.EMPTY : known;
		}
	}

	LinePrograms(ElfFile file, DebugSections sections, UnitIndex units, Problems problems) throws SymbolFileException {
		this.file = file;
		this.units = units;
		this.problems = problems;
		reader = new LineHeader.Reader(sections, new SourceFileNames(sections), file.is64() ? 8 : 4);
		programOfUnit = new int[units.units().size()];
		Map<Long, Integer> byOffset = new HashMap<>();
		Cursor in = sections.line().cursor(0);
		while (in.remaining() > 0) {
			int offset = in.offset();
			InitialLength length = InitialLength.read(in);
			if (length.end() > in.offset()) { // a length of 0 is padding between contributions
				byOffset.put(Long.valueOf(offset), Integer.valueOf(programs.size()));
				programs.add(new Program(offset));
			}
			in.seek(length.end());
		}
		assignUnits(byOffset);
	}

	private void assignUnits(Map<Long, Integer> byOffset) {
		for (int u = 0; u < programOfUnit.length; u++) {
			Unit unit = units.units().get(u);
			long offset = unit.bases().lineProgram();
			int index = byOffset.getOrDefault(Long.valueOf(offset), Integer.valueOf(-1)).intValue();
			programOfUnit[u] = index;
			if (index >= 0) {
				Program program = programs.get(index);
				synchronized (program) {
					program.unit = program.unit == null ? unit : program.unit;
				}
			} else if (offset != Unit.NO_LINE_PROGRAM) {
				problems.add(unit.sections().info().failure(unit.offset(),
						"DW_AT_stmt_list 0x%x is no line number program".formatted(offset)));
			}
		}
		boolean[] owned = new boolean[programs.size()];
		for (int i = 0; i < units.ranges().size(); i++) {
			int index = programOfUnit[units.ranges().owner(i)];
			if (index >= 0) {
				owned[index] = true;
			}
		}
		for (int i = 0; i < owned.length; i++) {
			if (!owned[i]) {
				unowned.add(programs.get(i));
			}
		}
	}

	/** The table whose sequences contain {@code linear}, or null. */
	@Nullable
	LineTable at(long linear) {
		Set<Integer> candidates = new LinkedHashSet<>();
		units.ranges().containing(linear, unit -> {
			candidates.add(Integer.valueOf(programOfUnit[unit]));
			return true;
		});
		for (Integer index : candidates) {
			LineTable table = index.intValue() < 0 ? LineTable.EMPTY : programs.get(index.intValue()).table();
			if (table.sequenceAt(linear) >= 0) {
				return table;
			}
		}
		for (Program program : unowned) {
			LineTable table = program.table();
			if (table.sequenceAt(linear) >= 0) {
				return table;
			}
		}
		return null;
	}

	/** The tables of the programs that name a file which is {@code wanted}. */
	List<LineTable> naming(Predicate<SourceFile> wanted) {
		List<LineTable> tables = new ArrayList<>();
		for (Program program : programs) {
			LineHeader header = program.header();
			// a program without a file table defines its files as it runs
			if (header != null && (header.files().isEmpty() || header.files().stream().anyMatch(wanted))) {
				tables.add(program.table());
			}
		}
		return tables;
	}

	/** Every file of every file table, without repetition. */
	Set<SourceFile> files() {
		Set<SourceFile> files = new LinkedHashSet<>();
		for (Program program : programs) {
			LineHeader header = program.header();
			if (header != null) {
				files.addAll(header.files());
			}
		}
		return files;
	}

	/** Runs every program. */
	void readAll() {
		programs.forEach(Program::table);
	}
}
