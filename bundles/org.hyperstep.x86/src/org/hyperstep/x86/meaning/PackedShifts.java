/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** Packed shifts by an immediate, or by the low 64 bits of the second source. */
final class PackedShifts {
	/** A half whose elements are all shifted by a count below 256. */
	@FunctionalInterface
	private interface Shift {
		long apply(long half, int count);
	}

	private PackedShifts() {
	}

	static void define(Section rows) {
		rows.define(Mnemonic.PSLLW, shifting((h, count) -> count > 15 ? 0 : h << count & repeated16(0xffff << count)));
		rows.define(Mnemonic.PSLLD,
				shifting((h, count) -> count > 31 ? 0 : h << count & repeated32(0xffff_ffffL << count)));
		rows.define(Mnemonic.PSLLQ, shifting((h, count) -> count > 63 ? 0 : h << count));
		rows.define(Mnemonic.PSRLW,
				shifting((h, count) -> count > 15 ? 0 : h >>> count & repeated16(0xffff >>> count)));
		rows.define(Mnemonic.PSRLD,
				shifting((h, count) -> count > 31 ? 0 : h >>> count & repeated32(0xffff_ffffL >>> count)));
		rows.define(Mnemonic.PSRLQ, shifting((h, count) -> count > 63 ? 0 : h >>> count));
		rows.define(Mnemonic.PSRAW, shifting(PackedShifts::arithmeticWords));
		rows.define(Mnemonic.PSRAD, shifting((h, count) -> h >> Math.min(count, 31) & 0xffff_ffff_0000_0000L
				| (int) h >> Math.min(count, 31) & 0xffff_ffffL));
		rows.define(Mnemonic.PSLLDQ, lane -> shiftBytesLeft(lane, (int) Math.min(lane.bLow, 16)));
		rows.define(Mnemonic.PSRLDQ, lane -> shiftBytesRight(lane, (int) Math.min(lane.bLow, 16)));
	}

	private static long repeated16(int word) {
		return (word & 0xffffL) * 0x0001_0001_0001_0001L;
	}

	private static long repeated32(long doubleword) {
		return (doubleword & 0xffff_ffffL) * 0x1_0000_0001L;
	}

	private static long arithmeticWords(long half, int count) {
		int shift = Math.min(count, 15);
		long result = 0;
		for (int at = 0; at < 64; at += 16) {
			result |= ((short) (half >>> at) >> shift & 0xffffL) << at;
		}
		return result;
	}

	private static void shiftBytesLeft(VectorLane lane, int count) {
		int bits = 8 * count;
		lane.set(bits < 64 ? lane.aLow << bits : 0,
				bits == 0 ? lane.aHigh
						: bits < 64 ? lane.aHigh << bits | lane.aLow >>> 64 - bits
								: bits < 128 ? lane.aLow << bits - 64 : 0);
	}

	private static void shiftBytesRight(VectorLane lane, int count) {
		int bits = 8 * count;
		lane.set(bits == 0 ? lane.aLow
				: bits < 64 ? lane.aLow >>> bits | lane.aHigh << 64 - bits
						: bits < 128 ? lane.aHigh >>> bits - 64 : 0,
				bits < 64 ? lane.aHigh >>> bits : 0);
	}

	private static LaneOperation shifting(Shift shift) {
		return lane -> {
			int count = lane.bLow < 0 || lane.bLow > 255 ? 255 : (int) lane.bLow;
			lane.low = shift.apply(lane.aLow, count);
			lane.high = shift.apply(lane.aHigh, count);
		};
	}
}
