/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/**
 * A VEX prefix of two or three bytes, as in the manual's section "The VEX Prefix".
 *
 * @param opcodeMap  {@link #MAP_0F}, or the maps behind 0F 38 and 0F 3A one and two above it
 * @param rex        the bits of the REX prefix that it stands for: W, R, X, B in bits 3:0
 * @param register   the register in vvvv, 0 to 15; 0 where the field is unused. Outside 64-bit mode bit 3 has no effect
 *                   on the register, but an unused field must still be all zeros here.
 * @param length     L: 0 for vectors of 128 bits and scalars, 1 for 256 bits
 * @param mandatory  the prefix in pp: 0 none, 1 for 66, 2 for F3, 3 for F2, as {@link PrefixBytes#mandatory()} has it
 */
record VexPrefix(int opcodeMap, int rex, int register, int length, int mandatory) {

	/** The number by which {@link Instruction#opcode()} has the first of the three maps. */
	static final int MAP_0F = 0xc1;

	private static final int THREE_BYTES = 0xc4;

	/** Reads what follows {@code first}, C4 or C5. */
	static VexPrefix read(int first, InstructionBytes bytes, boolean longMode) {
		int inverted = ~bytes.next();
		int last = first == THREE_BYTES ? bytes.next() : ~inverted & 0x7f;
		int map = first == THREE_BYTES ? ~inverted & 0x1f : 1;
		int rex = inverted >> 5 & (first == THREE_BYTES ? 7 : 4) | last >> 4 & 8;
		int register = ~last >> 3 & 15;
		// Outside 64-bit mode there are eight registers: R and X are part of the opcode, B is ignored.
		return new VexPrefix(MAP_0F + map - 1, longMode ? rex : rex & 8, register, last >> 2 & 1, last & 3);
	}

	/** Whether the map is one that exists. */
	boolean isDefined() {
		return opcodeMap >= MAP_0F && opcodeMap < MAP_0F + 3;
	}

	/** Bytes of a vector. */
	int vectorBytes() {
		return length == 0 ? 16 : 32;
	}
}
