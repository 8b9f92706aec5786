/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Contents;

/**
 * The header of a unit and what its first DIE says about all of it (DWARF, "Unit Headers" and "Full and Partial Compilation Unit
 * Entries"). Immutable.
 *
 * @param sections the file's
 * @param offset of the header in {@code .debug_info}
 * @param dies offset of the first DIE
 * @param end offset after the unit
 * @param format of its values
 * @param abbreviations of its DIEs
 * @param bases the attributes that other forms need
 */
@SuppressWarnings("nls")
record Unit(DebugSections sections, int offset, int dies, int end, UnitFormat format, AbbreviationTable abbreviations,
		Bases bases) {

	static final long NO_LINE_PROGRAM = -1;

	/**
	 * What the first DIE gives to the rest of the unit.
	 *
	 * @param low DW_AT_low_pc, the base of range lists; 0 if absent
	 * @param strOffsets DW_AT_str_offsets_base
	 * @param addr DW_AT_addr_base
	 * @param rnglists DW_AT_rnglists_base
	 * @param ranges DW_AT_GNU_ranges_base
	 * @param lineProgram DW_AT_stmt_list, or {@link #NO_LINE_PROGRAM}
	 * @param compilationDirectory DW_AT_comp_dir, or empty
	 */
	record Bases(long low, long strOffsets, long addr, long rnglists, long ranges, long lineProgram,
			String compilationDirectory) {
	}

	Unit with(Bases found) {
		return new Unit(sections, offset, dies, end, format, abbreviations, found);
	}

	DieReader reader(long at) throws SymbolFileException {
		return new DieReader(this, at);
	}

	/** The string that a form's value stands for; null if it is in another file or not a string. */
	@Nullable
	String string(Form form, long value) throws SymbolFileException {
		return switch (form.meaning) {
			case STRING -> sections.info().string(value);
			case STR_OFFSET -> sections.str().string(value);
			case LINE_STR_OFFSET -> sections.lineStr().string(value);
			case STRING_INDEX ->
				sections.str().string(indexed(sections.strOffsets(), bases.strOffsets, value, format.offsetSize()));
			default -> null;
		};
	}

	/** The {@code index}-th address of the unit's part of {@code .debug_addr}. */
	long indexedAddress(long index) throws SymbolFileException {
		return indexed(sections.addr(), bases.addr, index, format.addressSize());
	}

	/** The {@code index}-th range list of the unit's part of {@code .debug_rnglists}, as an offset in that section. */
	long indexedRangeList(long index) throws SymbolFileException {
		return bases.rnglists + indexed(sections.rnglists(), bases.rnglists, index, format.offsetSize());
	}

	private static long indexed(Contents section, long base, long index, int size) throws SymbolFileException {
		if (index < 0 || index > section.size() || base < 0 || base > section.size()) {
			throw section.failure(base, "entry %d lies outside".formatted(index));
		}
		return section.cursor(base + index * size).unsigned(size);
	}
}
