/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.FloatVectors.Shape;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/**
 * FMA: a product and a sum with one rounding. The operands are a = VEX.vvvv, b = ModR/M, c = the destination; the digits
 * of a name say which are multiplied (first and second digit) and which is added (third), counting destination, VEX.vvvv,
 * ModR/M.
 */
@SuppressWarnings("nls")
final class FusedMultiplyAdd {
	private static final long LOWER = 0xffff_ffffL, UPPER = ~LOWER;

	/** Which terms of an element of even number, and of odd number, are negated. */
	private enum Kind {
		FMADD(false, false, false), FMSUB(false, true, true), FNMADD(true, false, false), FNMSUB(true, true, true),
		FMADDSUB(false, true, false), FMSUBADD(false, false, true);

		final boolean negatesProduct;
		final boolean subtractsEven;
		final boolean subtractsOdd;

		Kind(boolean negatesProduct, boolean subtractsEven, boolean subtractsOdd) {
			this.negatesProduct = negatesProduct;
			this.subtractsEven = subtractsEven;
			this.subtractsOdd = subtractsOdd;
		}

		boolean subtracts(int element) {
			return (element & 1) == 0 ? subtractsEven : subtractsOdd;
		}
	}

	private FusedMultiplyAdd() {
	}

	static void define(Section rows) {
		for (Kind kind : Kind.values()) {
			for (String order : new String[] { "132", "213", "231" }) {
				for (Shape shape : Shape.values()) {
					if (shape.count > 1 || kind.subtractsEven == kind.subtractsOdd) {
						Mnemonic mnemonic = Mnemonic.valueOf("V" + kind + order + shape);
						LaneOperation operation = operation(kind, order, shape);
						rows.define(mnemonic, Result.FIRST_OPERAND, Alignment.ANY, true, i -> operation);
					}
				}
			}
		}
	}

	private static LaneOperation operation(Kind kind, String order, Shape shape) {
		return switch (shape) {
			case SD -> lane -> lane.set(element(lane.unit, kind, order, 0, lane.aLow, lane.bLow, lane.cLow, true),
					lane.cHigh);
			case PD -> lane -> lane.set(element(lane.unit, kind, order, 0, lane.aLow, lane.bLow, lane.cLow, true),
					element(lane.unit, kind, order, 1, lane.aHigh, lane.bHigh, lane.cHigh, true));
			case SS -> lane -> lane.set(lane.cLow & UPPER | element(lane.unit, kind, order, 0, lane.aLow & LOWER,
					lane.bLow & LOWER, lane.cLow & LOWER, false), lane.cHigh);
			case PS -> lane -> lane.set(pair(lane.unit, kind, order, lane.aLow, lane.bLow, lane.cLow),
					pair(lane.unit, kind, order, lane.aHigh, lane.bHigh, lane.cHigh));
		};
	}

	private static long pair(FloatUnit unit, Kind kind, String order, long a, long b, long c) {
		return element(unit, kind, order, 0, a & LOWER, b & LOWER, c & LOWER, false)
				| element(unit, kind, order, 1, a >>> 32, b >>> 32, c >>> 32, false) << 32;
	}

	private static long element(FloatUnit unit, Kind kind, String order, int number, long a, long b, long c,
			boolean wide) {
		boolean minus = kind.subtracts(number);
		return switch (order) {
			case "132" -> fused(unit, c, b, a, wide, kind.negatesProduct, minus);
			case "213" -> fused(unit, a, c, b, wide, kind.negatesProduct, minus);
			default -> fused(unit, a, b, c, wide, kind.negatesProduct, minus);
		};
	}

	/** ±x × y ± z. */
	private static long fused(FloatUnit unit, long x, long y, long z, boolean wide, boolean negative, boolean minus) {
		if (FloatFormat.isNan(x, wide) || FloatFormat.isNan(y, wide) || FloatFormat.isNan(z, wide)) {
			return nan(unit, x, y, z, wide);
		}
		int before = unit.raised();
		long first = unit.take(x, wide);
		long second = unit.take(y, wide);
		long third = unit.take(z, wide);
		long inverted = FloatFormat.signBit(wide);
		return fused(unit, negative ? first ^ inverted : first, second, minus ? third ^ inverted : third, wide, before);
	}

	/** The first of them that is a NaN, made quiet. */
	private static long nan(FloatUnit unit, long x, long y, long z, boolean wide) {
		if (FloatFormat.isSignalling(x, wide) || FloatFormat.isSignalling(y, wide)
				|| FloatFormat.isSignalling(z, wide)) {
			unit.raise(FloatUnit.INVALID);
		}
		return FloatFormat.quiet(FloatFormat.isNan(x, wide) ? x : FloatFormat.isNan(y, wide) ? y : z, wide);
	}

	/** @param before the flags before the operands were taken */
	private static long fused(FloatUnit unit, long x, long y, long z, boolean wide, int before) {
		long signBit = FloatFormat.sign(x ^ y, wide);
		boolean infinite = FloatFormat.isInfinite(x, wide) || FloatFormat.isInfinite(y, wide);
		boolean zero = FloatFormat.isZero(x, wide) || FloatFormat.isZero(y, wide);
		if (infinite && (zero || FloatFormat.isInfinite(z, wide) && FloatFormat.sign(z, wide) != signBit)) {
			return unit.invalid(wide, before);
		}
		if (infinite) {
			return signBit | FloatFormat.infinity(wide);
		}
		if (FloatFormat.isInfinite(z, wide)) {
			return z;
		}
		if (!zero) {
			return sum(unit, signBit, x, y, z, wide);
		}
		if (FloatFormat.isZero(z, wide)) {
			return z == signBit ? z : unit.cancelled(wide);
		}
		return unit.round(FloatFormat.sign(z, wide), FloatFormat.exponent(z, wide), FloatFormat.significand(z, wide),
				wide);
	}

	/** The product has at most 106 bits, so that 128 hold it and the addend but for a last bit that says there is more. */
	private static long sum(FloatUnit unit, long signBit, long x, long y, long z, boolean wide) {
		long s = FloatFormat.significand(x, wide);
		long t = FloatFormat.significand(y, wide);
		long high = Math.unsignedMultiplyHigh(s, t);
		long low = s * t;
		int exponent = FloatFormat.exponent(x, wide) + FloatFormat.exponent(y, wide) + 1;
		boolean addend = !FloatFormat.isZero(z, wide);
		int other = addend ? FloatFormat.exponent(z, wide) : exponent;
		// One bit of room for a carry.
		int scale = Math.max(exponent, other) + 1;
		long productLow = shiftedLow(high, low, scale - exponent);
		long productHigh = shiftedHigh(high, scale - exponent);
		long significand = addend ? FloatFormat.significand(z, wide) : 0;
		long addendLow = shiftedLow(significand, 0, scale - other);
		long addendHigh = shiftedHigh(significand, scale - other);
		long sign = signBit;
		if (addend && FloatFormat.sign(z, wide) != signBit) {
			boolean borrow = Long.compareUnsigned(productLow, addendLow) < 0;
			low = productLow - addendLow;
			high = productHigh - addendHigh - (borrow ? 1 : 0);
			if (high < 0) {
				sign ^= FloatFormat.signBit(wide);
				high = ~high + (low == 0 ? 1 : 0);
				low = -low;
			}
		} else {
			low = productLow + addendLow;
			high = productHigh + addendHigh + (Long.compareUnsigned(low, addendLow) < 0 ? 1 : 0);
		}
		return normalized(unit, sign, scale, high, low, wide);
	}

	private static long normalized(FloatUnit unit, long sign, int scale, long high, long low, boolean wide) {
		if (high == 0 && low == 0) {
			return unit.cancelled(wide);
		}
		int shift = high != 0 ? Long.numberOfLeadingZeros(high) : 64 + Long.numberOfLeadingZeros(low);
		long top = shift == 0 ? high : shift < 64 ? high << shift | low >>> 64 - shift : low << shift - 64;
		long rest = shift < 64 ? low << shift : 0;
		return unit.round(sign, scale - shift, top | (rest != 0 ? 1 : 0), wide);
	}

	/** The upper half of high:low shifted right by at least one bit. */
	private static long shiftedHigh(long high, int shift) {
		return shift < 64 ? high >>> shift : 0;
	}

	/** The lower half; its last bit is set where anything was lost. */
	private static long shiftedLow(long high, long low, int shift) {
		if (shift < 64) {
			return high << 64 - shift | low >>> shift | (low << 64 - shift != 0 ? 1 : 0);
		}
		if (shift == 64) {
			return high | (low != 0 ? 1 : 0);
		}
		return shift < 128 ? high >>> shift - 64 | (high << 128 - shift != 0 || low != 0 ? 1 : 0)
				: (high | low) != 0 ? 1 : 0;
	}
}
