/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;

/** Attribute forms (DWARF, "Attribute Encodings", and the GNU extensions), one row each: code, how it is stored, what it means. */
@SuppressWarnings("nls")
enum Form {
	ADDR(0x01, Stored.ADDRESS, Meaning.ADDRESS),
	BLOCK2(0x03, Stored.BLOCK_U16, Meaning.BLOCK),
	BLOCK4(0x04, Stored.BLOCK_U32, Meaning.BLOCK),
	DATA2(0x05, Stored.U16, Meaning.CONSTANT),
	DATA4(0x06, Stored.U32, Meaning.CONSTANT),
	DATA8(0x07, Stored.U64, Meaning.CONSTANT),
	STRING(0x08, Stored.CHARACTERS, Meaning.STRING),
	BLOCK(0x09, Stored.BLOCK_ULEB, Meaning.BLOCK),
	BLOCK1(0x0a, Stored.BLOCK_U8, Meaning.BLOCK),
	DATA1(0x0b, Stored.U8, Meaning.CONSTANT),
	FLAG(0x0c, Stored.U8, Meaning.CONSTANT),
	SDATA(0x0d, Stored.SLEB, Meaning.CONSTANT),
	STRP(0x0e, Stored.OFFSET, Meaning.STR_OFFSET),
	UDATA(0x0f, Stored.ULEB, Meaning.CONSTANT),
	REF_ADDR(0x10, Stored.REFERENCE, Meaning.SECTION_REFERENCE),
	REF1(0x11, Stored.U8, Meaning.UNIT_REFERENCE),
	REF2(0x12, Stored.U16, Meaning.UNIT_REFERENCE),
	REF4(0x13, Stored.U32, Meaning.UNIT_REFERENCE),
	REF8(0x14, Stored.U64, Meaning.UNIT_REFERENCE),
	REF_UDATA(0x15, Stored.ULEB, Meaning.UNIT_REFERENCE),
	INDIRECT(0x16, Stored.INDIRECT, Meaning.UNRESOLVED),
	SEC_OFFSET(0x17, Stored.OFFSET, Meaning.SECTION_OFFSET),
	EXPRLOC(0x18, Stored.BLOCK_ULEB, Meaning.BLOCK),
	FLAG_PRESENT(0x19, Stored.NOTHING, Meaning.CONSTANT),
	STRX(0x1a, Stored.ULEB, Meaning.STRING_INDEX),
	ADDRX(0x1b, Stored.ULEB, Meaning.ADDRESS_INDEX),
	REF_SUP4(0x1c, Stored.U32, Meaning.UNRESOLVED),
	STRP_SUP(0x1d, Stored.OFFSET, Meaning.UNRESOLVED),
	DATA16(0x1e, Stored.U128, Meaning.BLOCK),
	LINE_STRP(0x1f, Stored.OFFSET, Meaning.LINE_STR_OFFSET),
	REF_SIG8(0x20, Stored.U64, Meaning.UNRESOLVED),
	IMPLICIT_CONST(0x21, Stored.NOTHING, Meaning.CONSTANT),
	LOCLISTX(0x22, Stored.ULEB, Meaning.LIST_INDEX),
	RNGLISTX(0x23, Stored.ULEB, Meaning.LIST_INDEX),
	REF_SUP8(0x24, Stored.U64, Meaning.UNRESOLVED),
	STRX1(0x25, Stored.U8, Meaning.STRING_INDEX),
	STRX2(0x26, Stored.U16, Meaning.STRING_INDEX),
	STRX3(0x27, Stored.U24, Meaning.STRING_INDEX),
	STRX4(0x28, Stored.U32, Meaning.STRING_INDEX),
	ADDRX1(0x29, Stored.U8, Meaning.ADDRESS_INDEX),
	ADDRX2(0x2a, Stored.U16, Meaning.ADDRESS_INDEX),
	ADDRX3(0x2b, Stored.U24, Meaning.ADDRESS_INDEX),
	ADDRX4(0x2c, Stored.U32, Meaning.ADDRESS_INDEX),
	GNU_ADDR_INDEX(0x1f01, Stored.ULEB, Meaning.ADDRESS_INDEX),
	GNU_STR_INDEX(0x1f02, Stored.ULEB, Meaning.STRING_INDEX),
	GNU_REF_ALT(0x1f20, Stored.OFFSET, Meaning.UNRESOLVED),
	GNU_STRP_ALT(0x1f21, Stored.OFFSET, Meaning.UNRESOLVED);

	/** How a value is stored in the DIE. */
	enum Stored {
		NOTHING, U8, U16, U24, U32, U64, U128, ULEB, SLEB, ADDRESS, OFFSET, REFERENCE, CHARACTERS, BLOCK_U8, BLOCK_U16,
		BLOCK_U32, BLOCK_ULEB, INDIRECT
	}

	/** What the stored value stands for. */
	enum Meaning {
		ADDRESS, ADDRESS_INDEX, CONSTANT, BLOCK, STRING, STR_OFFSET, LINE_STR_OFFSET, STRING_INDEX, UNIT_REFERENCE,
		SECTION_REFERENCE,
		SECTION_OFFSET, LIST_INDEX,
		/** Refers to another file or to a type unit, which are not read. */
		UNRESOLVED
	}

	private static final @Nullable Form[] BY_CODE = byCode();

	final int code;
	final Stored stored;
	final Meaning meaning;

	Form(int code, Stored stored, Meaning meaning) {
		this.code = code;
		this.stored = stored;
		this.meaning = meaning;
	}

	private static @Nullable Form[] byCode() {
		@Nullable
		Form[] table = new @Nullable Form[GNU_STRP_ALT.code + 1];
		for (Form form : values()) {
			table[form.code] = form;
		}
		return table;
	}

	/** The form with that code; a code without a row is a failure, as its length is not known. */
	static Form of(long code, Cursor at) throws SymbolFileException {
		Form form = code >= 0 && code < BY_CODE.length ? BY_CODE[(int) code] : null;
		if (form == null) {
			throw at.failure("unknown attribute form 0x%x".formatted(code));
		}
		return form;
	}

	/**
	 * Reads the value. Strings and blocks are passed over, the answer is the offset where they begin. An indirect form is resolved by
	 * the caller.
	 */
	long read(Cursor in, UnitFormat format) throws SymbolFileException {
		return switch (stored) {
			case NOTHING -> 1;
			case U8 -> in.u8();
			case U16 -> in.u16();
			case U24 -> in.u24();
			case U32 -> in.u32();
			case U64 -> in.u64();
			case U128 -> block(in, 16);
			case ULEB -> in.uleb();
			case SLEB -> in.sleb();
			case ADDRESS -> in.unsigned(format.addressSize());
			case OFFSET -> in.unsigned(format.offsetSize());
			case REFERENCE -> in.unsigned(format.version() <= 2 ? format.addressSize() : format.offsetSize());
			case CHARACTERS -> {
				int start = in.offset();
				in.skipString();
				yield start;
			}
			case BLOCK_U8 -> block(in, in.u8());
			case BLOCK_U16 -> block(in, in.u16());
			case BLOCK_U32 -> block(in, in.u32());
			case BLOCK_ULEB -> block(in, in.uleb());
			case INDIRECT -> throw in.failure("DW_FORM_indirect where it is not allowed");
		};
	}

	private static long block(Cursor in, long length) throws SymbolFileException {
		int start = in.offset();
		in.skip(length);
		return start;
	}
}
