/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.dwarf.AbbreviationTable.Abbreviation;
import org.hyperstep.symbols.dwarf.Form.Meaning;
import org.hyperstep.symbols.elf.Cursor;

/** Reads the DIEs of a unit one after the other, children after their parent (DWARF, "Debugging Information Entry"). For one thread. */
@SuppressWarnings("nls")
final class DieReader {
	private final Unit unit;
	private final Cursor in;
	private final long[] values = new long[AbbreviationTable.MOST_ATTRIBUTES];
	private final Form[] forms = new Form[AbbreviationTable.MOST_ATTRIBUTES];
	private @Nullable Abbreviation abbreviation;
	private int offset;
	private int depth;

	DieReader(Unit unit, long at) throws SymbolFileException {
		this.unit = unit;
		if (at < unit.dies() || at > unit.end()) {
			throw unit.sections().info().failure(at,
					"a reference to the unit at 0x%x leads outside of its DIEs".formatted(unit.offset()));
		}
		in = unit.sections().info().cursor(at, unit.end());
	}

	/** Reads the next DIE; false at the end of the unit. */
	boolean next() throws SymbolFileException {
		Abbreviation parent = abbreviation;
		if (parent != null && parent.hasChildren()) {
			depth++;
		}
		abbreviation = null;
		while (in.remaining() > 0) {
			offset = in.offset();
			long code = in.uleb();
			if (code != 0) {
				read(unit.abbreviations().get(code, in));
				return true;
			}
			depth--;
		}
		return false;
	}

	private void read(Abbreviation shape) throws SymbolFileException {
		abbreviation = shape;
		for (int i = 0; i < shape.forms().length; i++) {
			Form form = shape.forms()[i];
			while (form == Form.INDIRECT) {
				form = Form.of(in.uleb(), in);
				if (form == Form.IMPLICIT_CONST) {
					throw in.failure("DW_FORM_implicit_const behind DW_FORM_indirect");
				}
			}
			forms[i] = form;
			long[] constants = shape.constants();
			values[i] = form == Form.IMPLICIT_CONST && constants != null ? constants[i] : form.read(in, unit.format());
		}
	}

	/** Passes over the children, where the DIE says where they end. */
	void skipChildren() throws SymbolFileException {
		Abbreviation shape = abbreviation;
		int i = index(Dw.AT_SIBLING);
		if (shape != null && shape.hasChildren() && i >= 0 && forms[i].meaning == Meaning.UNIT_REFERENCE) {
			long sibling = unit.offset() + values[i];
			// a sibling before the end of this DIE would make an endless loop of the unit
			if (sibling < in.offset()) {
				throw in.failure("DW_AT_sibling leads backwards");
			}
			in.seek(sibling);
			abbreviation = null;
		}
	}

	/** Offset of the DIE in {@code .debug_info}. */
	int offset() {
		return offset;
	}

	/** Levels below the first DIE read. */
	int depth() {
		return depth;
	}

	int tag() {
		Abbreviation shape = abbreviation;
		return shape == null ? 0 : shape.tag();
	}

	boolean has(int attribute) {
		return index(attribute) >= 0;
	}

	private int index(int attribute) {
		Abbreviation shape = abbreviation;
		if (shape != null) {
			int[] attributes = shape.attributes();
			for (int i = 0; i < attributes.length; i++) {
				if (attributes[i] == attribute) {
					return i;
				}
			}
		}
		return -1;
	}

	/** The value as stored, or {@code otherwise} if the DIE lacks the attribute. */
	long value(int attribute, long otherwise) {
		int i = index(attribute);
		return i < 0 ? otherwise : values[i];
	}

	/** The form of an attribute that the DIE {@linkplain #has has}. */
	@Nullable
	Form form(int attribute) {
		int i = index(attribute);
		return i < 0 ? null : forms[i];
	}

	@Nullable
	String string(int attribute) throws SymbolFileException {
		int i = index(attribute);
		return i < 0 ? null : unit.string(forms[i], values[i]);
	}

	/** DW_AT_low_pc or another address, {@code otherwise} if the DIE lacks it. */
	long address(int attribute, long otherwise) throws SymbolFileException {
		int i = index(attribute);
		if (i < 0) {
			return otherwise;
		}
		return forms[i].meaning == Meaning.ADDRESS_INDEX ? unit.indexedAddress(values[i]) : values[i];
	}

	/** DW_AT_high_pc, which is an address or the length from {@code low} on. */
	long highPc(long low) throws SymbolFileException {
		int i = index(Dw.AT_HIGH_PC);
		if (i >= 0 && forms[i].meaning == Meaning.CONSTANT) {
			return low + values[i];
		}
		return address(Dw.AT_HIGH_PC, low);
	}

	/** Offset in {@code .debug_info} of the DIE that the attribute refers to; -1 if absent or not in this section. */
	long reference(int attribute) {
		int i = index(attribute);
		if (i < 0) {
			return -1;
		}
		return switch (forms[i].meaning) {
			case UNIT_REFERENCE -> unit.offset() + values[i];
			case SECTION_REFERENCE -> values[i];
			default -> -1;
		};
	}
}
