/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;

/** The abbreviations of one or more units (DWARF, "Abbreviations Tables"). Immutable. */
@SuppressWarnings("nls")
final class AbbreviationTable {
	/** Compilers write some thirty; the bound keeps the cost of one byte of DIE bounded, as an attribute may take no byte at all. */
	static final int MOST_ATTRIBUTES = 256;

	/**
	 * One abbreviation: the shape of the DIEs that name its code.
	 *
	 * @param tag DW_TAG_
	 * @param hasChildren DW_CHILDREN_yes
	 * @param attributes DW_AT_ codes
	 * @param forms of the attributes
	 * @param constants of attributes with DW_FORM_implicit_const, or null if there is none
	 */
	record Abbreviation(int tag, boolean hasChildren, int[] attributes, Form[] forms, long @Nullable [] constants) {
	}

	private final Map<Long, @Nullable Abbreviation> sparse;
	/** By code, for the usual tables whose codes count from 1. */
	private final @Nullable Abbreviation[] dense;

	private AbbreviationTable(Map<Long, @Nullable Abbreviation> byCode) {
		sparse = byCode;
		dense = new @Nullable Abbreviation[byCode.size() + 1];
		byCode.forEach((code, abbreviation) -> {
			if (code.longValue() > 0 && code.longValue() < dense.length) {
				dense[code.intValue()] = abbreviation;
			}
		});
	}

	static AbbreviationTable read(Cursor in) throws SymbolFileException {
		Map<Long, @Nullable Abbreviation> byCode = new HashMap<>();
		for (long code = in.uleb(); code != 0; code = in.uleb()) {
			if (byCode.put(Long.valueOf(code), abbreviation(in)) != null) {
				throw in.failure("abbreviation code %d is defined twice".formatted(code));
			}
		}
		return new AbbreviationTable(byCode);
	}

	private static Abbreviation abbreviation(Cursor in) throws SymbolFileException {
		int tag = small(in);
		boolean hasChildren = in.u8() != 0;
		List<Integer> attributes = new ArrayList<>();
		List<Form> forms = new ArrayList<>();
		long[] constants = null;
		for (;;) {
			int attribute = small(in);
			long code = in.uleb();
			if (attribute == 0 && code == 0) {
				break;
			}
			if (forms.size() == MOST_ATTRIBUTES) {
				throw in.failure("an abbreviation of more than " + MOST_ATTRIBUTES + " attributes");
			}
			Form form = Form.of(code, in);
			if (form == Form.IMPLICIT_CONST) {
				constants = constants == null ? new long[MOST_ATTRIBUTES] : constants;
				constants[forms.size()] = in.sleb();
			}
			attributes.add(Integer.valueOf(attribute));
			forms.add(form);
		}
		long[] trimmed = constants == null ? null : Arrays.copyOf(constants, forms.size());
		return new Abbreviation(tag, hasChildren, attributes.stream().mapToInt(Integer::intValue).toArray(),
				forms.toArray(new Form[0]), trimmed);
	}

	private static int small(Cursor in) throws SymbolFileException {
		long code = in.uleb();
		if (code < 0 || code > 0xffff) {
			throw in.failure("code 0x%x of a tag or an attribute is beyond 16 bits".formatted(code));
		}
		return (int) code;
	}

	Abbreviation get(long code, Cursor at) throws SymbolFileException {
		Abbreviation abbreviation = code > 0 && code < dense.length ? dense[(int) code] : null;
		if (abbreviation == null) {
			abbreviation = sparse.get(Long.valueOf(code));
		}
		if (abbreviation == null) {
			throw at.failure("abbreviation code %d is not in the unit's table".formatted(code));
		}
		return abbreviation;
	}
}
