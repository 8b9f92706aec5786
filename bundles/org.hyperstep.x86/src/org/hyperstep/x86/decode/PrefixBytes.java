/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

/** The legacy and REX prefixes of one instruction, as in the manual's section "Instruction Prefixes". */
final class PrefixBytes {

	private static final int LOCK = 0xf0;
	private static final int REPNE = 0xf2;
	private static final int REP = 0xf3;
	private static final int OPERAND_SIZE = 0x66;
	private static final int ADDRESS_SIZE = 0x67;

	private static final boolean[] IS_LEGACY = new boolean[256];

	static {
		for (int prefix : new int[] { LOCK, REPNE, REP, OPERAND_SIZE, ADDRESS_SIZE, 0x26, 0x2e, 0x36, 0x3e, 0x64,
				0x65 }) {
			IS_LEGACY[prefix] = true;
		}
	}

	private List<Byte> legacy = List.of();
	private int rex;
	private boolean lock;
	private boolean operandSize;
	private boolean addressSize;
	private int repeat;
	private int segment = -1;

	/** Takes all prefixes and returns the byte behind them, the first of the opcode. */
	int read(InstructionBytes bytes, boolean longMode) {
		int first = bytes.next();
		while (true) {
			if (IS_LEGACY[first]) {
				// A REX prefix that is not the last one is ignored.
				rex = 0;
				add(first, longMode);
			} else if (longMode && (first & 0xf0) == 0x40) {
				rex = first;
			} else {
				return first;
			}
			first = bytes.next();
		}
	}

	private void add(int prefix, boolean longMode) {
		if (legacy.isEmpty()) {
			legacy = new ArrayList<>(2);
		}
		legacy.add((byte) prefix);
		switch (prefix) {
			case LOCK -> lock = true;
			case REP, REPNE -> repeat = prefix;
			case OPERAND_SIZE -> operandSize = true;
			case ADDRESS_SIZE -> addressSize = true;
			case 0x64, 0x65 -> segment = prefix - 0x60;
			default -> {
				// ES, CS, SS and DS overrides: "null prefixes" in 64-bit mode, which do not cancel FS or GS either.
				if (!longMode) {
					segment = prefix >> 3 & 3;
				}
			}
		}
	}

	List<Byte> legacy() {
		return legacy;
	}

	int rex() {
		return rex;
	}

	boolean lock() {
		return lock;
	}

	boolean operandSize() {
		return operandSize;
	}

	boolean addressSize() {
		return addressSize;
	}

	/** The last of F2 and F3, or 0. */
	int repeat() {
		return repeat;
	}

	/** The mandatory prefix that these make: 0 none, 1 for 66, 2 for F3, 3 for F2; F3 and F2 outrank 66. */
	int mandatory() {
		return repeat == REP ? 2 : repeat == REPNE ? 3 : operandSize ? 1 : 0;
	}

	/** The number of the segment register that an override in effect names, or -1. */
	int segment() {
		return segment;
	}
}
