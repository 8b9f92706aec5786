/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Contents;
import org.hyperstep.symbols.elf.Cursor;
import org.hyperstep.symbols.elf.ElfFile;
import org.hyperstep.symbols.elf.RangeIndex;
import org.hyperstep.symbols.elf.WorkBudget;

/** Reads the addresses that a DIE covers: DW_AT_low_pc and DW_AT_high_pc, or DW_AT_ranges. Safe for all threads. */
@SuppressWarnings("nls")
final class RangeLists {
	private final ElfFile file;
	private final WorkBudget budget;

	RangeLists(ElfFile file, DebugSections sections) {
		this.file = file;
		budget = new WorkBudget("range lists",
				16L * (sections.ranges().size() + (long) sections.rnglists().size()) + 65536);
	}

	/** Adds the ranges of the DIE that the reader is at. Code that the linker dropped is left out: it lies where no code is. */
	void addRanges(Unit unit, DieReader die, int owner, RangeIndex.Builder ranges) throws SymbolFileException {
		Form form = die.form(Dw.AT_RANGES);
		if (form == null) {
			if (die.has(Dw.AT_LOW_PC) && die.has(Dw.AT_HIGH_PC)) {
				long low = die.address(Dw.AT_LOW_PC, 0);
				add(low, die.highPc(low), owner, ranges);
			}
			return;
		}
		long value = die.value(Dw.AT_RANGES, 0);
		if (unit.format().version() >= 5) {
			long list = form.meaning == Form.Meaning.LIST_INDEX ? unit.indexedRangeList(value) : value;
			rnglist(unit, list, owner, ranges);
		} else {
			addressPairs(unit, value + unit.bases().ranges(), owner, ranges);
		}
	}

	private void add(long low, long high, int owner, RangeIndex.Builder ranges) {
		if (file.isCode(low)) {
			ranges.add(low, high, owner);
		}
	}

	/** DWARF 4, "Non-Contiguous Address Ranges". */
	private void addressPairs(Unit unit, long list, int owner, RangeIndex.Builder ranges) throws SymbolFileException {
		Contents section = unit.sections().ranges();
		Cursor in = section.cursor(list);
		int size = unit.format().addressSize();
		long selectBase = size == 8 ? -1L : (1L << 8 * size) - 1;
		long base = unit.bases().low();
		for (;;) {
			long low = in.unsigned(size);
			long high = in.unsigned(size);
			budget.charge(2L * size, in);
			if (low == 0 && high == 0) {
				return;
			}
			if (low == selectBase) {
				base = high;
			} else {
				add(base + low, base + high, owner, ranges);
			}
		}
	}

	/** DWARF 5, "Non-Contiguous Address Ranges". */
	private void rnglist(Unit unit, long list, int owner, RangeIndex.Builder ranges) throws SymbolFileException {
		Cursor in = unit.sections().rnglists().cursor(list);
		int size = unit.format().addressSize();
		long base = unit.bases().low();
		for (;;) {
			int start = in.offset();
			int kind = in.u8();
			switch (kind) {
				case 0 -> { // DW_RLE_end_of_list
					return;
				}
				case 1 -> base = unit.indexedAddress(in.uleb()); // DW_RLE_base_addressx
				case 2 -> add(unit.indexedAddress(in.uleb()), unit.indexedAddress(in.uleb()), owner, ranges); // DW_RLE_startx_endx
				case 3 -> addLength(unit.indexedAddress(in.uleb()), in.uleb(), owner, ranges); // DW_RLE_startx_length
				case 4 -> add(base + in.uleb(), base + in.uleb(), owner, ranges); // DW_RLE_offset_pair
				case 5 -> base = in.unsigned(size); // DW_RLE_base_address
				case 6 -> add(in.unsigned(size), in.unsigned(size), owner, ranges); // DW_RLE_start_end
				case 7 -> addLength(in.unsigned(size), in.uleb(), owner, ranges); // DW_RLE_start_length
				default -> throw in.failure("unknown range list entry 0x%x".formatted(kind));
			}
			budget.charge(in.offset() - start, in);
		}
	}

	private void addLength(long low, long length, int owner, RangeIndex.Builder ranges) {
		add(low, low + length, owner, ranges);
	}
}
