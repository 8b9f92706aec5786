/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** MMX and SSE instructions that move elements within and between registers. */
final class PackedShuffles {
	private PackedShuffles() {
	}

	static void define(Section rows) {
		rows.define(Mnemonic.PUNPCKLBW, interleaving(8, false));
		rows.define(Mnemonic.PUNPCKLWD, interleaving(16, false));
		rows.define(Mnemonic.PUNPCKLDQ, interleaving(32, false));
		rows.define(Mnemonic.PUNPCKLQDQ, lane -> lane.set(lane.aLow, lane.bLow));
		rows.define(Mnemonic.PUNPCKHBW, interleaving(8, true));
		rows.define(Mnemonic.PUNPCKHWD, interleaving(16, true));
		rows.define(Mnemonic.PUNPCKHDQ, interleaving(32, true));
		rows.define(Mnemonic.PUNPCKHQDQ, lane -> lane.set(lane.aHigh, lane.bHigh));
		rows.define(Mnemonic.UNPCKLPS, interleaving(32, false));
		rows.define(Mnemonic.UNPCKHPS, interleaving(32, true));
		rows.define(Mnemonic.UNPCKLPD, lane -> lane.set(lane.aLow, lane.bLow));
		rows.define(Mnemonic.UNPCKHPD, lane -> lane.set(lane.aHigh, lane.bHigh));
		rows.define(Mnemonic.PACKSSWB, packing(16, -128, 127));
		rows.define(Mnemonic.PACKUSWB, packing(16, 0, 255));
		rows.define(Mnemonic.PACKSSDW, packing(32, -32768, 32767));
		defineShuffles(rows);
	}

	private static void defineShuffles(Section rows) {
		rows.define(Mnemonic.PSHUFW, lane -> lane.set(words(lane.bLow, lane.immediate), 0));
		rows.define(Mnemonic.PSHUFLW, lane -> lane.set(words(lane.bLow, lane.immediate), lane.bHigh));
		rows.define(Mnemonic.PSHUFHW, lane -> lane.set(lane.bLow, words(lane.bHigh, lane.immediate)));
		rows.define(Mnemonic.PSHUFD, lane -> {
			int order = lane.immediate;
			lane.set(lane.bDoubleword(order) | lane.bDoubleword(order >> 2) << 32,
					lane.bDoubleword(order >> 4) | lane.bDoubleword(order >> 6) << 32);
		});
		rows.define(Mnemonic.SHUFPS, lane -> {
			int order = lane.immediate;
			lane.set(lane.aDoubleword(order) | lane.aDoubleword(order >> 2) << 32,
					lane.bDoubleword(order >> 4) | lane.bDoubleword(order >> 6) << 32);
		});
		rows.define(Mnemonic.SHUFPD, lane -> lane.set((lane.immediate & 1) == 0 ? lane.aLow : lane.aHigh,
				(lane.immediate & 2) == 0 ? lane.bLow : lane.bHigh));
		rows.define(Mnemonic.PINSRW, inserting(16));
		rows.define(Mnemonic.PEXTRW, extracting(16));
	}

	/** An element of so many bits, from the low bits of the second source, at the position that the immediate gives. */
	static LaneOperation inserting(int bits) {
		long mask = -1L >>> 64 - bits;
		return lane -> {
			int at = (lane.immediate & lane.bytes * 8 / bits - 1) * bits;
			boolean lower = at < 64;
			long was = lower ? lane.aLow : lane.aHigh;
			long now = was & ~(mask << at) | (lane.bLow & mask) << at;
			lane.set(lower ? now : lane.aLow, lower ? lane.aHigh : now);
		};
	}

	/** The element of so many bits at the position that the immediate gives, zero-extended. */
	static LaneOperation extracting(int bits) {
		return lane -> {
			int at = (lane.immediate & lane.bytes * 8 / bits - 1) * bits;
			lane.low = (at < 64 ? lane.bLow : lane.bHigh) >>> at & -1L >>> 64 - bits;
		};
	}

	private static long words(long value, int order) {
		long result = 0;
		for (int k = 0; k < 4; k++) {
			result |= (value >>> 16 * (order >> 2 * k & 3) & 0xffff) << 16 * k;
		}
		return result;
	}

	/** Elements of the lower or upper halves of both, alternating, the first source's first. */
	private static LaneOperation interleaving(int bits, boolean upper) {
		return lane -> {
			boolean wide = lane.bytes == 16;
			long a = wide ? upper ? lane.aHigh : lane.aLow : upper ? lane.aLow >>> 32 : lane.aLow;
			long b = wide ? upper ? lane.bHigh : lane.bLow : upper ? lane.bLow >>> 32 : lane.bLow;
			lane.set(spread(bits, a) | spread(bits, b) << bits,
					spread(bits, a >>> 32) | spread(bits, b >>> 32) << bits);
		};
	}

	/** The elements of the low 32 bits, each followed by as many zeros. */
	private static long spread(int bits, long value) {
		long spread = value & 0xffff_ffffL;
		if (bits <= 16) {
			spread = (spread | spread << 16) & 0x0000_ffff_0000_ffffL;
		}
		return bits == 8 ? (spread | spread << 8) & 0x00ff_00ff_00ff_00ffL : spread;
	}

	/** Signed elements to elements of half the width, saturated: the first source's to the lower half, the second's above. */
	static LaneOperation packing(int bits, long lowest, long highest) {
		return lane -> {
			if (lane.bytes == 8) {
				lane.low = pack(bits, lane.aLow, lowest, highest) | pack(bits, lane.bLow, lowest, highest) << 32;
			} else {
				lane.set(pack(bits, lane.aLow, lowest, highest) | pack(bits, lane.aHigh, lowest, highest) << 32,
						pack(bits, lane.bLow, lowest, highest) | pack(bits, lane.bHigh, lowest, highest) << 32);
			}
		};
	}

	private static long pack(int bits, long value, long lowest, long highest) {
		long mask = (1L << bits / 2) - 1;
		long result = 0;
		for (int k = 0; k < 64 / bits; k++) {
			long element = value << 64 - bits - k * bits >> 64 - bits;
			result |= (PackedIntegers.clamp(element, lowest, highest) & mask) << k * bits / 2;
		}
		return result;
	}
}
