/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

/** Codes of the tags and attributes that are read, by their names in DWARF, "Data Representation". */
final class Dw {
	private static final int TAG_ARRAY_TYPE = 0x01;
	private static final int TAG_ENUMERATION_TYPE = 0x04;
	private static final int TAG_SUBROUTINE_TYPE = 0x15;
	private static final int TAG_UNION_TYPE = 0x17;
	static final int TAG_COMPILE_UNIT = 0x11;
	static final int TAG_INLINED_SUBROUTINE = 0x1d;
	static final int TAG_SUBPROGRAM = 0x2e;
	static final int TAG_PARTIAL_UNIT = 0x3c;
	static final int TAG_SKELETON_UNIT = 0x4a;

	static final int AT_SIBLING = 0x01;
	static final int AT_NAME = 0x03;
	static final int AT_STMT_LIST = 0x10;
	static final int AT_LOW_PC = 0x11;
	static final int AT_HIGH_PC = 0x12;
	static final int AT_COMP_DIR = 0x1b;
	static final int AT_ABSTRACT_ORIGIN = 0x31;
	static final int AT_SPECIFICATION = 0x47;
	static final int AT_ENTRY_PC = 0x52;
	static final int AT_RANGES = 0x55;
	static final int AT_CALL_LINE = 0x59;
	static final int AT_LINKAGE_NAME = 0x6e;
	static final int AT_STR_OFFSETS_BASE = 0x72;
	static final int AT_ADDR_BASE = 0x73;
	static final int AT_RNGLISTS_BASE = 0x74;
	static final int AT_GNU_RANGES_BASE = 0x2132;
	static final int AT_GNU_ADDR_BASE = 0x2133;

	static final int UT_COMPILE = 0x01;
	static final int UT_TYPE = 0x02;
	static final int UT_PARTIAL = 0x03;
	static final int UT_SKELETON = 0x04;
	static final int UT_SPLIT_COMPILE = 0x05;
	static final int UT_SPLIT_TYPE = 0x06;

	private Dw() {
	}

	/** Whether instances of functions may stand among the children of such a DIE. Structures hold them in C++ and Rust. */
	static boolean mayHoldCode(int tag) {
		return switch (tag) {
			case TAG_ARRAY_TYPE, TAG_ENUMERATION_TYPE, TAG_SUBROUTINE_TYPE, TAG_UNION_TYPE -> false;
			default -> true;
		};
	}
}
