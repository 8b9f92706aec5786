/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** F16C: conversions between singles and halves ("Half-Precision Floating-Point Conversion"). */
final class HalfPrecision {
	private static final long LOWER = 0xffff_ffffL;

	private HalfPrecision() {
	}

	static void define(Section rows) {
		rows.define(Mnemonic.VCVTPH2PS, Result.FIRST_OPERAND, Alignment.ANY, true, i -> lane -> lane.set(
				single(lane.unit, (int) lane.bLow) | single(lane.unit, (int) (lane.bLow >>> 16)) << 32,
				single(lane.unit, (int) (lane.bLow >>> 32)) | single(lane.unit, (int) (lane.bLow >>> 48)) << 32));
		rows.define(Mnemonic.VCVTPS2PH, Result.FIRST_OPERAND, Alignment.ANY, true,
				i -> lane -> lane.set(halves(lane, lane.bLow) | halves(lane, lane.bHigh) << 32, 0));
	}

	/** Exact. Denormal halves are taken as they are, and raise nothing. */
	private static long single(FloatUnit unit, int half) {
		int bits = half & 0xffff;
		if ((bits & 0x7fff) > 0x7c00) {
			if ((bits & 0x200) == 0) {
				unit.raise(FloatUnit.INVALID);
			}
			return (bits & 0x8000L) << 16 | 0x7fc0_0000L | (bits & 0x3ffL) << 13;
		}
		return Float.floatToRawIntBits(Float.float16ToFloat((short) bits)) & LOWER;
	}

	private static long halves(VectorLane lane, long singles) {
		return half(lane.unit, (int) singles, lane.immediate)
				| half(lane.unit, (int) (singles >>> 32), lane.immediate) << 16;
	}

	/** Rounded as bits 1:0 of the immediate say, or as MXCSR does where bit 2 is set. MXCSR.FTZ has no effect. */
	private static long half(FloatUnit unit, int single, int immediate) {
		long sign = single >>> 16 & 0x8000;
		int magnitude = single & 0x7fff_ffff;
		if (magnitude > 0x7f80_0000) {
			if ((single & 0x40_0000) == 0) {
				unit.raise(FloatUnit.INVALID);
			}
			return sign | 0x7e00 | magnitude >> 13 & 0x3ff;
		}
		if (magnitude == 0x7f80_0000) {
			return sign | 0x7c00;
		}
		int taken = (int) unit.take(single & LOWER, false) & 0x7fff_ffff;
		return sign | round(unit, taken, sign != 0, (immediate & 4) != 0 ? unit.rounding() : immediate & 3);
	}

	/** Of the magnitude of a finite single. */
	private static int round(FloatUnit unit, int single, boolean negative, int mode) {
		int exponent = (single >> 23) - 127;
		int significand = single & 0x7f_ffff | (single >> 23 == 0 ? 0 : 0x80_0000);
		if (significand == 0) {
			return 0;
		}
		// Bits of the significand below the half's last one: 13 for a normal half, more for a denormal one.
		int dropped = Math.min(13 + Math.max(0, -14 - exponent), 25);
		int kept = significand >> dropped;
		int rest = significand & (1 << dropped) - 1;
		boolean up = switch (mode) {
			case 0 -> rest > 1 << dropped - 1 || rest == 1 << dropped - 1 && (kept & 1) != 0;
			case 1 -> rest != 0 && negative;
			case 2 -> rest != 0 && !negative;
			default -> false;
		};
		int rounded = kept + (up ? 1 : 0);
		// A carry out of the significand counts in the exponent; a denormal one becomes normal by itself.
		int half = exponent >= -14 ? (exponent + 14 << 10) + rounded : rounded;
		if (half >= 0x7c00) {
			unit.raise(FloatUnit.OVERFLOW);
			if (rest != 0 || unit.masked(FloatUnit.OVERFLOW)) {
				unit.raise(FloatUnit.INEXACT);
			}
			boolean infinite = mode == 0 || mode == 1 && negative || mode == 2 && !negative;
			return infinite ? 0x7c00 : 0x7bff;
		}
		boolean tiny = exponent < -15 || exponent == -15 && tinyAfterRounding(significand, negative, mode);
		if (tiny && (rest != 0 || !unit.masked(FloatUnit.UNDERFLOW))) {
			unit.raise(FloatUnit.UNDERFLOW);
		}
		if (tiny && !unit.masked(FloatUnit.UNDERFLOW) ? isInexactWithoutLimits(significand) : rest != 0) {
			unit.raise(FloatUnit.INEXACT);
		}
		return half;
	}

	/** Whether a significand has more than the 11 bits of a half whose exponent has no limits. */
	private static boolean isInexactWithoutLimits(int significand) {
		return 32 - Integer.numberOfLeadingZeros(significand) - Integer.numberOfTrailingZeros(significand) > 11;
	}

	/** Whether a value just below the least normal half stays below it when rounded with all bits of a normal one. */
	private static boolean tinyAfterRounding(int significand, boolean negative, int mode) {
		int kept = significand >> 13;
		int rest = significand & 0x1fff;
		boolean up = switch (mode) {
			case 0 -> rest > 0x1000 || rest == 0x1000 && (kept & 1) != 0;
			case 1 -> rest != 0 && negative;
			case 2 -> rest != 0 && !negative;
			default -> false;
		};
		return kept + (up ? 1 : 0) < 0x800;
	}
}
