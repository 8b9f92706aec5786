/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;
import org.hyperstep.symbols.elf.ElfFile;
import org.hyperstep.symbols.elf.RangeIndex;
import org.hyperstep.symbols.elf.WorkBudget;

/** All compilation units of {@code .debug_info}: their headers and first DIEs, and which addresses they cover. Immutable. */
@SuppressWarnings("nls")
final class UnitIndex {
	private final DebugSections sections;
	private final RangeLists rangeLists;
	private final List<Unit> units = new ArrayList<>();
	private final List<Integer> silent = new ArrayList<>();
	private final List<SymbolFileException> problems = new ArrayList<>();
	private final RangeIndex ranges;

	UnitIndex(ElfFile file, DebugSections sections, RangeLists rangeLists) throws SymbolFileException {
		this.sections = sections;
		this.rangeLists = rangeLists;
		Map<Long, @Nullable AbbreviationTable> tables = new HashMap<>();
		WorkBudget budget = new WorkBudget("abbreviation tables", 16L * sections.abbrev().size() + 65536);
		WorkBudget strings = new WorkBudget("compilation directories",
				64L * (sections.info().size() + (long) sections.str().size() + sections.lineStr().size()) + (1 << 20));
		RangeIndex.Builder covered = new RangeIndex.Builder();
		Cursor in = sections.info().cursor(0);
		while (in.remaining() > 0) {
			int offset = in.offset();
			InitialLength length = InitialLength.read(in);
			Unit unit = length.end() == in.offset() ? null : header(offset, length, in, tables, budget);
			if (unit != null) {
				addUnit(unit, covered, strings);
			}
			in.seek(length.end());
		}
		ranges = covered.build();
	}

	/** A unit whose version or kind is not known is left out with a report: the others are as good as ever. */
	private @Nullable Unit header(int offset, InitialLength length, Cursor section,
			Map<Long, @Nullable AbbreviationTable> tables, WorkBudget budget)
			throws SymbolFileException {
		Cursor in = sections.info().cursor(section.offset(), length.end());
		int version = in.u16();
		if (version < 2 || version > 5) {
			problems.add(in.failure("DWARF version " + version + " is not supported, the unit is left out"));
			return null;
		}
		int type = version >= 5 ? in.u8() : Dw.UT_COMPILE;
		int addressSize = version >= 5 ? in.u8() : 0;
		long abbreviations = in.unsigned(length.dwarf64() ? 8 : 4);
		if (version < 5) {
			addressSize = in.u8();
		}
		if (addressSize != 4 && addressSize != 8) {
			throw in.failure("an address size of " + addressSize + " bytes is not one of x86");
		}
		switch (type) {
			case Dw.UT_COMPILE, Dw.UT_PARTIAL -> {
				// the header ends here
			}
			case Dw.UT_SKELETON, Dw.UT_SPLIT_COMPILE -> in.skip(8);
			case Dw.UT_TYPE, Dw.UT_SPLIT_TYPE -> {
				return null;
			}
			default -> {
				problems.add(in.failure("unit type 0x%x is not known, the unit is left out".formatted(type)));
				return null;
			}
		}
		AbbreviationTable table = tables.get(Long.valueOf(abbreviations));
		if (table == null) {
			Cursor at = sections.abbrev().cursor(abbreviations);
			table = AbbreviationTable.read(at);
			budget.charge(at.offset() - abbreviations, at);
			tables.put(Long.valueOf(abbreviations), table);
		}
		UnitFormat format = new UnitFormat(version, length.dwarf64(), addressSize);
		long strOffsets = version < 5 ? 0 : length.dwarf64() ? 16 : 8;
		return new Unit(sections, offset, in.offset(), length.end(), format, table,
				new Unit.Bases(0, strOffsets, 0, 0, 0, Unit.NO_LINE_PROGRAM, ""));
	}

	private void addUnit(Unit header, RangeIndex.Builder covered, WorkBudget strings) throws SymbolFileException {
		DieReader die = header.reader(header.dies());
		if (!die.next()) {
			return;
		}
		Unit.Bases early = header.bases();
		long addrBase = die.value(Dw.AT_ADDR_BASE, die.value(Dw.AT_GNU_ADDR_BASE, 0));
		Unit.Bases indexing = new Unit.Bases(0, die.value(Dw.AT_STR_OFFSETS_BASE, early.strOffsets()), addrBase,
				die.value(Dw.AT_RNGLISTS_BASE, 0), die.value(Dw.AT_GNU_RANGES_BASE, 0),
				die.value(Dw.AT_STMT_LIST, Unit.NO_LINE_PROGRAM), "");
		// indexed forms of the first DIE need the bases that stand in the same DIE, so it is read once more with them
		Unit based = header.with(indexing);
		DieReader again = based.reader(header.dies());
		again.next();
		String directory = again.string(Dw.AT_COMP_DIR);
		strings.charge(directory == null ? 0 : directory.length(), sections.info().cursor(header.offset()));
		Unit unit = header.with(
				new Unit.Bases(again.address(Dw.AT_LOW_PC, 0), indexing.strOffsets(), addrBase, indexing.rnglists(),
						indexing.ranges(), indexing.lineProgram(), directory == null ? "" : directory));
		int before = covered.size();
		rangeLists.addRanges(unit, again, units.size(), covered);
		if (covered.size() == before && !again.has(Dw.AT_RANGES) && !again.has(Dw.AT_LOW_PC)) {
			silent.add(Integer.valueOf(units.size()));
		}
		units.add(unit);
	}

	List<Unit> units() {
		return units;
	}

	/** Which unit, by its index, covers which addresses. */
	RangeIndex ranges() {
		return ranges;
	}

	/** Indices of the units that do not say which addresses they cover. */
	List<Integer> silent() {
		return silent;
	}

	List<SymbolFileException> problems() {
		return problems;
	}

	/** The unit whose DIEs are at {@code offset} of {@code .debug_info}, or null. */
	@Nullable
	Unit containing(long offset) {
		int from = 0;
		int to = units.size();
		while (from < to) {
			int middle = (from + to) >>> 1;
			if (units.get(middle).offset() <= offset) {
				from = middle + 1;
			} else {
				to = middle;
			}
		}
		Unit unit = from == 0 ? null : units.get(from - 1);
		return unit != null && offset < unit.end() ? unit : null;
	}
}
