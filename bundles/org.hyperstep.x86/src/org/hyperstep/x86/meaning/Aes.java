/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** Rounds of the Advanced Encryption Standard (FIPS 197), and carry-less products. The state's columns are doublewords. */
final class Aes {
	private static final int[] SUBSTITUTION = new int[256];
	private static final int[] INVERSE = new int[256];
	/** A substituted byte's part of a mixed column, were it in row 0; that of row n is rotated left by 8n bits. */
	private static final int[] MIXED = new int[256];
	/** As {@link #MIXED} for the inverse, of a byte that is substituted already. */
	private static final int[] UNMIXED = new int[256];

	static {
		int p = 1;
		int q = 1;
		do {
			// p runs through the powers of 3, q through their inverses.
			p = p ^ twice(p);
			q ^= q << 1;
			q ^= q << 2;
			q = (q ^ q << 4) & 255;
			q ^= (q & 0x80) != 0 ? 9 : 0;
			int s = (q ^ rotated(q, 1) ^ rotated(q, 2) ^ rotated(q, 3) ^ rotated(q, 4)) & 255 ^ 0x63;
			SUBSTITUTION[p] = s;
		} while (p != 1);
		SUBSTITUTION[0] = 0x63;
		for (int k = 0; k < 256; k++) {
			int s = SUBSTITUTION[k];
			INVERSE[s] = k;
			MIXED[k] = twice(s) | s << 8 | s << 16 | (twice(s) ^ s) << 24;
			int two = twice(k);
			int four = twice(two);
			int eight = twice(four);
			UNMIXED[k] = eight ^ four ^ two | (eight ^ k) << 8 | (eight ^ four ^ k) << 16 | (eight ^ two ^ k) << 24;
		}
	}

	private Aes() {
	}

	static void define(Section rows) {
		rows.define(Mnemonic.AESENC, lane -> round(lane, lane.aLow, lane.aHigh, false));
		rows.define(Mnemonic.AESENCLAST, lane -> round(lane, lane.aLow, lane.aHigh, true));
		rows.define(Mnemonic.AESDEC, lane -> inverseRound(lane, false));
		rows.define(Mnemonic.AESDECLAST, lane -> inverseRound(lane, true));
		rows.define(Mnemonic.AESIMC, lane -> lane.set(
				unmixed((int) lane.bLow) & 0xffff_ffffL | (long) unmixed((int) (lane.bLow >>> 32)) << 32,
				unmixed((int) lane.bHigh) & 0xffff_ffffL | (long) unmixed((int) (lane.bHigh >>> 32)) << 32));
		rows.define(Mnemonic.AESKEYGENASSIST, lane -> lane.set(keys(lane.bLow, lane.immediate),
				keys(lane.bHigh, lane.immediate)));
	}

	/** The row of PCLMULQDQ. */
	static void defineProduct(Section rows) {
		rows.define(Mnemonic.PCLMULQDQ, lane -> {
			long a = (lane.immediate & 1) == 0 ? lane.aLow : lane.aHigh;
			long b = (lane.immediate & 0x10) == 0 ? lane.bLow : lane.bHigh;
			long low = 0;
			long high = 0;
			for (int k = 0; k < 64; k++) {
				long taken = -(b >>> k & 1) & a;
				low ^= taken << k;
				high ^= taken >>> 1 >>> 63 - k;
			}
			lane.set(low, high);
		});
	}

	private static int twice(int value) {
		return value << 1 & 255 ^ ((value & 0x80) != 0 ? 0x1b : 0);
	}

	private static int rotated(int value, int by) {
		return value << by | value >> 8 - by;
	}

	/** ShiftRows, SubBytes, MixColumns unless it is the last round; then the round key. */
	private static void round(VectorLane lane, long low, long high, boolean last) {
		int c0 = (int) low;
		int c1 = (int) (low >>> 32);
		int c2 = (int) high;
		int c3 = (int) (high >>> 32);
		lane.set(column(c0, c1, c2, c3, last) & 0xffff_ffffL | (long) column(c1, c2, c3, c0, last) << 32,
				column(c2, c3, c0, c1, last) & 0xffff_ffffL | (long) column(c3, c0, c1, c2, last) << 32);
		lane.low ^= lane.bLow;
		lane.high ^= lane.bHigh;
	}

	private static int column(int row0, int row1, int row2, int row3, boolean last) {
		int b0 = row0 & 255;
		int b1 = row1 >>> 8 & 255;
		int b2 = row2 >>> 16 & 255;
		int b3 = row3 >>> 24;
		return last ? SUBSTITUTION[b0] | SUBSTITUTION[b1] << 8 | SUBSTITUTION[b2] << 16 | SUBSTITUTION[b3] << 24
				: MIXED[b0] ^ Integer.rotateLeft(MIXED[b1], 8) ^ Integer.rotateLeft(MIXED[b2], 16)
						^ Integer.rotateLeft(MIXED[b3], 24);
	}

	/** InvShiftRows, InvSubBytes, InvMixColumns unless it is the last round; then the round key. */
	private static void inverseRound(VectorLane lane, boolean last) {
		int c0 = (int) lane.aLow;
		int c1 = (int) (lane.aLow >>> 32);
		int c2 = (int) lane.aHigh;
		int c3 = (int) (lane.aHigh >>> 32);
		lane.set(inverseColumn(c0, c3, c2, c1, last) & 0xffff_ffffL | (long) inverseColumn(c1, c0, c3, c2, last) << 32,
				inverseColumn(c2, c1, c0, c3, last) & 0xffff_ffffL
						| (long) inverseColumn(c3, c2, c1, c0, last) << 32);
		lane.low ^= lane.bLow;
		lane.high ^= lane.bHigh;
	}

	private static int inverseColumn(int row0, int row1, int row2, int row3, boolean last) {
		int substituted = INVERSE[row0 & 255] | INVERSE[row1 >>> 8 & 255] << 8 | INVERSE[row2 >>> 16 & 255] << 16
				| INVERSE[row3 >>> 24] << 24;
		return last ? substituted : unmixed(substituted);
	}

	private static int unmixed(int column) {
		return UNMIXED[column & 255] ^ Integer.rotateLeft(UNMIXED[column >>> 8 & 255], 8)
				^ Integer.rotateLeft(UNMIXED[column >>> 16 & 255], 16) ^ Integer.rotateLeft(UNMIXED[column >>> 24], 24);
	}

	/** SubWord of the upper doubleword, and the same rotated and with the round constant. */
	private static long keys(long half, int constant) {
		int word = (int) (half >>> 32);
		int substituted = column(word, word, word, word, true);
		return substituted & 0xffff_ffffL | (long) (Integer.rotateRight(substituted, 8) ^ constant) << 32;
	}
}
