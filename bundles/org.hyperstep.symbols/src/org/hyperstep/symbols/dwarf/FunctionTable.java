/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.AddressRange;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.RangeIndex;

/**
 * The functions of one unit and what was inlined into them (DWARF, "Subroutine and Entry Point Entries"). An entry is a function or
 * one expansion of an inlined function. Names are read when asked for. Immutable.
 */
final class FunctionTable {
	/** A chain of DW_AT_abstract_origin and DW_AT_specification is two or three long; a loop in it must end. */
	private static final int LONGEST_CHAIN = 16;

	private static final int NOT_INLINED = -1;
	/** Compilers stop at a few dozen; damaged tables may claim any number. */
	private static final int DEEPEST_INLINING = 1024;

	/** The table of a unit that could not be read. */
	static final FunctionTable EMPTY = new FunctionTable();

	private int[] die = new int[16];
	private long[] low = new long[16];
	/** Line of the call, {@link #NOT_INLINED} for a function. */
	private int[] callLine = new int[16];
	private int count;
	private final RangeIndex ranges;

	private FunctionTable() {
		ranges = new RangeIndex.Builder().build();
	}

	private FunctionTable(Unit unit, RangeLists rangeLists) throws SymbolFileException {
		RangeIndex.Builder found = new RangeIndex.Builder();
		DieReader reader = unit.reader(unit.dies());
		while (reader.next()) {
			switch (reader.tag()) {
				case Dw.TAG_SUBPROGRAM -> add(unit, reader, NOT_INLINED, rangeLists, found);
				case Dw.TAG_INLINED_SUBROUTINE -> {
					int line = (int) Math.min(reader.value(Dw.AT_CALL_LINE, 0) & Long.MAX_VALUE, Integer.MAX_VALUE);
					add(unit, reader, line, rangeLists, found);
				}
				default -> {
					if (!Dw.mayHoldCode(reader.tag())) {
						reader.skipChildren();
					}
				}
			}
		}
		ranges = found.build();
	}

	static FunctionTable read(Unit unit, RangeLists rangeLists) throws SymbolFileException {
		return new FunctionTable(unit, rangeLists);
	}

	private void add(Unit unit, DieReader reader, int line, RangeLists rangeLists, RangeIndex.Builder found)
			throws SymbolFileException {
		int before = found.size();
		rangeLists.addRanges(unit, reader, count, found);
		if (found.size() == before) {
			return; // a declaration, an abstract instance, or code that the linker dropped
		}
		if (count == die.length) {
			die = Arrays.copyOf(die, 2 * count);
			low = Arrays.copyOf(low, 2 * count);
			callLine = Arrays.copyOf(callLine, 2 * count);
		}
		die[count] = reader.offset();
		low[count] = found.low(before);
		callLine[count++] = line;
	}

	int count() {
		return count;
	}

	boolean isInlined(int entry) {
		return callLine[entry] != NOT_INLINED;
	}

	/** Line of the call of an inlined entry, 0 if unknown. */
	int callLine(int entry) {
		return callLine[entry];
	}

	/** Address where the entry begins; of several ranges, the first one in the debug information. */
	long low(int entry) {
		return low[entry];
	}

	/** The entries that contain {@code linear}, innermost first: expansions of inlined functions up to and including the function. */
	List<Integer> at(long linear) {
		Set<Integer> found = new LinkedHashSet<>();
		ranges.containing(linear, entry -> {
			found.add(Integer.valueOf(entry));
			return isInlined(entry) && found.size() < DEEPEST_INLINING;
		});
		return List.copyOf(found);
	}

	List<AddressRange> ranges(int entry) {
		List<AddressRange> own = new ArrayList<>();
		for (int i = 0; i < ranges.size(); i++) {
			if (ranges.owner(i) == entry) {
				own.add(new AddressRange(ranges.low(i), ranges.high(i)));
			}
		}
		return own;
	}

	/** DW_AT_name of the entry or of the DIE that it is an instance of; null if there is none in this file. */
	@Nullable
	String name(int entry, UnitIndex units) throws SymbolFileException {
		long offset = die[entry];
		String linkageName = null;
		for (int hop = 0; hop < LONGEST_CHAIN; hop++) {
			Unit unit = units.containing(offset);
			if (unit == null) {
				break;
			}
			DieReader reader = unit.reader(offset);
			if (!reader.next()) {
				break;
			}
			String name = reader.string(Dw.AT_NAME);
			if (name != null) {
				return name;
			}
			if (linkageName == null) {
				linkageName = reader.string(Dw.AT_LINKAGE_NAME);
			}
			long origin = reader.reference(Dw.AT_ABSTRACT_ORIGIN);
			offset = origin >= 0 ? origin : reader.reference(Dw.AT_SPECIFICATION);
		}
		return linkageName;
	}
}
