/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

/**
 * IEEE 754 arithmetic of one element as SSE does it: rounding control, exception flags, NaN rules, denormals as zeros
 * and flush to zero. Values are bit patterns of 32 or 64 bits, zero-extended; results are exact to the bit.
 */
public final class FloatUnit extends FloatRounding {
	/** Arithmetic operations. */
	enum Operation {
		ADD, SUBTRACT, MULTIPLY, DIVIDE, MINIMUM, MAXIMUM, SQUARE_ROOT
	}

	/** Rounding to nearest, and the precision exception masked and raised before: what is normal needs no more. */
	private static final int SETTLED_BITS = 0x7020, SETTLED = 0x1020;

	/** An operand as the arithmetic takes it: denormals become zeros, or raise their flag. */
	long take(long bits, boolean wide) {
		if (!FloatFormat.isDenormal(bits, wide)) {
			return bits;
		}
		if ((control & DENORMALS_ARE_ZEROS) != 0) {
			return FloatFormat.sign(bits, wide);
		}
		raised |= DENORMAL;
		return bits;
	}

	// ---- arithmetic ----

	/** One operation; SQUARE_ROOT takes the second operand alone. */
	long compute(Operation operation, long first, long second, boolean wide) {
		if ((control & SETTLED_BITS) == SETTLED && operation.ordinal() <= Operation.DIVIDE.ordinal()) {
			long result = wide ? SettledArithmetic.ofDoubles(operation, first, second)
					: SettledArithmetic.ofSingles(operation, first, second);
			if (result != 0) {
				return result;
			}
		}
		return switch (operation) {
			case MINIMUM, MAXIMUM -> extreme(operation, first, second, wide);
			case SQUARE_ROOT -> squareRoot(second, wide);
			default -> binary(operation, first, second, wide);
		};
	}

	/** The first operand if it is a NaN, else the second. */
	private long propagate(long first, long second, boolean wide) {
		boolean signalling = FloatFormat.isSignalling(first, wide) || FloatFormat.isSignalling(second, wide);
		raised |= signalling ? INVALID : 0;
		return FloatFormat.quiet(FloatFormat.isNan(first, wide) ? first : second, wide);
	}

	private long binary(Operation operation, long first, long second, boolean wide) {
		if (FloatFormat.isNan(first, wide) || FloatFormat.isNan(second, wide)) {
			return propagate(first, second, wide);
		}
		int before = raised;
		long a = take(first, wide);
		long b = take(second, wide);
		return switch (operation) {
			case ADD -> add(a, b, wide, before);
			case SUBTRACT -> add(a, b ^ FloatFormat.signBit(wide), wide, before);
			case MULTIPLY -> multiply(a, b, wide, before);
			default -> divide(a, b, wide, before);
		};
	}

	/** The invalid and divide-by-zero exceptions come before the denormal one. */
	private void forgetDenormal(int before) {
		raised &= ~DENORMAL | before;
	}

	/** The indefinite, for an exception that comes before the denormal one of the same operation. */
	long invalid(boolean wide, int before) {
		forgetDenormal(before);
		return invalid(wide);
	}

	private long add(long a, long b, boolean wide, int before) {
		if (FloatFormat.isInfinite(a, wide) || FloatFormat.isInfinite(b, wide)) {
			if (FloatFormat.isInfinite(a, wide) && FloatFormat.isInfinite(b, wide) && a != b) {
				return invalid(wide, before);
			}
			return FloatFormat.isInfinite(a, wide) ? a : b;
		}
		boolean firstZero = FloatFormat.isZero(a, wide);
		if (firstZero && FloatFormat.isZero(b, wide)) {
			return a == b ? a : cancelled(wide);
		}
		if (firstZero || FloatFormat.isZero(b, wide)) {
			long only = firstZero ? b : a;
			return round(FloatFormat.sign(only, wide), FloatFormat.exponent(only, wide),
					FloatFormat.significand(only, wide), wide);
		}
		boolean ordered = (a & ~FloatFormat.signBit(wide)) >= (b & ~FloatFormat.signBit(wide));
		return addSmaller(ordered ? a : b, ordered ? b : a, wide);
	}

	/** b is not the larger. One bit of room above, and what is shifted out below leaves a last bit. */
	private long addSmaller(long a, long b, boolean wide) {
		int exponent = FloatFormat.exponent(a, wide);
		int shift = exponent - FloatFormat.exponent(b, wide) + 1;
		long larger = FloatFormat.significand(a, wide) >>> 1;
		long smaller = FloatFormat.significand(b, wide);
		smaller = shift < 64 ? smaller >>> shift | (smaller << 64 - shift != 0 ? 1 : 0) : 1;
		boolean sameSign = ((a ^ b) & FloatFormat.signBit(wide)) == 0;
		long sum = sameSign ? larger + smaller : larger - smaller;
		if (sum == 0) {
			return cancelled(wide);
		}
		int normal = Long.numberOfLeadingZeros(sum);
		return round(FloatFormat.sign(a, wide), exponent + 1 - normal, sum << normal, wide);
	}

	private long multiply(long a, long b, boolean wide, int before) {
		long signBit = FloatFormat.sign(a ^ b, wide);
		boolean zero = FloatFormat.isZero(a, wide) || FloatFormat.isZero(b, wide);
		if (FloatFormat.isInfinite(a, wide) || FloatFormat.isInfinite(b, wide)) {
			if (zero) {
				return invalid(wide, before);
			}
			return signBit | FloatFormat.infinity(wide);
		}
		if (zero) {
			return signBit;
		}
		long x = FloatFormat.significand(a, wide);
		long y = FloatFormat.significand(b, wide);
		long high = Math.unsignedMultiplyHigh(x, y);
		int normal = Long.numberOfLeadingZeros(high);
		// At most 106 bits: the lower half has room for one more at its end.
		long low = x * y;
		long product = normal == 0 ? high : high << 1 | low >>> 63;
		return round(signBit, FloatFormat.exponent(a, wide) + FloatFormat.exponent(b, wide) + 1 - normal,
				product | (low << normal != 0 ? 1 : 0), wide);
	}

	private long divide(long a, long b, boolean wide, int before) {
		long signBit = FloatFormat.sign(a ^ b, wide);
		boolean infinite = FloatFormat.isInfinite(a, wide);
		if (infinite && FloatFormat.isInfinite(b, wide)
				|| FloatFormat.isZero(a, wide) && FloatFormat.isZero(b, wide)) {
			return invalid(wide, before);
		}
		if (FloatFormat.isZero(b, wide) && !infinite) {
			forgetDenormal(before);
			raised |= DIVIDE_BY_ZERO;
			return signBit | FloatFormat.infinity(wide);
		}
		if (infinite) {
			return signBit | FloatFormat.infinity(wide);
		}
		if (FloatFormat.isZero(a, wide) || FloatFormat.isInfinite(b, wide)) {
			return signBit;
		}
		double dividend = unit(FloatFormat.significand(a, wide), 0);
		double divisor = unit(FloatFormat.significand(b, wide), 0);
		double quotient = dividend / divisor;
		return roundNearest(signBit, FloatFormat.exponent(a, wide) - FloatFormat.exponent(b, wide), quotient,
				Math.fma(-quotient, divisor, dividend), wide);
	}

	private long squareRoot(long operand, boolean wide) {
		if (FloatFormat.isNan(operand, wide)) {
			return propagate(operand, operand, wide);
		}
		int before = raised;
		long a = take(operand, wide);
		if (FloatFormat.isZero(a, wide)) {
			return a;
		}
		if (FloatFormat.sign(a, wide) != 0) {
			return invalid(wide, before);
		}
		if (FloatFormat.isInfinite(a, wide)) {
			return a;
		}
		int exponent = FloatFormat.exponent(a, wide);
		double radicand = unit(FloatFormat.significand(a, wide), exponent & 1);
		double root = Math.sqrt(radicand);
		return roundNearest(0, exponent >> 1, root, Math.fma(-root, root, radicand), wide);
	}

	/** The significand of at most 53 bits as a number from 1 to 2, times 2 if wanted. */
	private static double unit(long significand, int doubled) {
		return Double.longBitsToDouble((1023L + doubled << 52) + (significand >>> 11 & 0xf_ffff_ffff_ffffL));
	}

	/**
	 * Rounds what the host has rounded to the nearest double: where something was left out, the significand becomes one
	 * that lies on the right side of it.
	 *
	 * @param left has the sign of what was left out
	 */
	private long roundNearest(long signBit, int exponent, double nearest, double left, boolean wide) {
		long bits = Double.doubleToRawLongBits(nearest);
		long significand = FloatFormat.significand(bits, true);
		int scale = exponent + FloatFormat.exponent(bits, true);
		if (left < 0 && significand == Long.MIN_VALUE) {
			return round(signBit, scale - 1, -1L, wide);
		}
		return round(signBit, scale, left == 0 ? significand : left > 0 ? significand | 1 : significand - 1, wide);
	}

	/** MIN and MAX: the second operand where either is NaN or both are zeros. */
	private long extreme(Operation operation, long first, long second, boolean wide) {
		if (FloatFormat.isNan(first, wide) || FloatFormat.isNan(second, wide)) {
			raised |= INVALID;
			return (control & DENORMALS_ARE_ZEROS) != 0 ? take(second, wide) : second;
		}
		long a = take(first, wide);
		long b = take(second, wide);
		double x = FloatFormat.value(a, wide);
		double y = FloatFormat.value(b, wide);
		return (operation == Operation.MINIMUM ? x < y : x > y) ? a : b;
	}

	// ---- comparisons ----

	/** -1, 0 or 1 as the first is less, equal or greater, 2 where they are unordered. */
	int compare(long first, long second, boolean wide, boolean quietNansAreInvalid) {
		if (FloatFormat.isNan(first, wide) || FloatFormat.isNan(second, wide)) {
			if (quietNansAreInvalid || FloatFormat.isSignalling(first, wide)
					|| FloatFormat.isSignalling(second, wide)) {
				raised |= INVALID;
			}
			return 2;
		}
		double x = FloatFormat.value(take(first, wide), wide);
		double y = FloatFormat.value(take(second, wide), wide);
		return x < y ? -1 : x > y ? 1 : 0;
	}

	// ---- conversions ----

	/** To the other floating-point width. */
	long convert(long bits, boolean fromWide) {
		if (FloatFormat.isNan(bits, fromWide)) {
			raised |= FloatFormat.isSignalling(bits, fromWide) ? INVALID : 0;
			return fromWide ? bits >>> 32 & 0x8000_0000L | 0x7fc0_0000L | bits >>> 29 & 0x3f_ffffL
					: (bits & 0x8000_0000L) << 32 | 0x7ff8_0000_0000_0000L | (bits & 0x3f_ffffL) << 29;
		}
		long a = take(bits, fromWide);
		long signBit = FloatFormat.sign(a, fromWide) == 0 ? 0 : FloatFormat.signBit(!fromWide);
		if (FloatFormat.isZero(a, fromWide)) {
			return signBit;
		}
		return FloatFormat.isInfinite(a, fromWide) ? signBit | FloatFormat.infinity(!fromWide)
				: round(signBit, FloatFormat.exponent(a, fromWide), FloatFormat.significand(a, fromWide), !fromWide);
	}

	/** To an integral value of a rounding mode: 0 nearest, 1 down, 2 up, 3 toward zero. */
	private static double integral(double x, int mode) {
		return switch (mode) {
			case NEAREST -> Math.rint(x);
			case DOWN -> Math.floor(x);
			case UP -> Math.ceil(x);
			default -> x < 0 ? Math.ceil(x) : Math.floor(x);
		};
	}

	/** To a signed integer of 32 or 64 bits; what does not fit is the integer indefinite. */
	long toInteger(long bits, boolean fromWide, int width, boolean truncate) {
		long indefinite = width == 64 ? Long.MIN_VALUE : 0x8000_0000L;
		int before = raised;
		double x = FloatFormat.isNan(bits, fromWide) ? Double.NaN
				: FloatFormat.value(take(bits, fromWide), fromWide);
		forgetDenormal(before);
		double rounded = integral(x, truncate ? 3 : rounding());
		double limit = width == 64 ? 0x1p63 : 0x1p31;
		if (!(rounded >= -limit && rounded < limit)) {
			raised |= INVALID;
			return indefinite;
		}
		raised |= rounded != x ? INEXACT : 0;
		return width == 64 ? (long) rounded : (long) rounded & 0xffff_ffffL;
	}

	/** From a signed integer. */
	long fromInteger(long value, boolean toWide) {
		if (value == 0) {
			return 0;
		}
		long magnitude = Math.abs(value);
		int normal = Long.numberOfLeadingZeros(magnitude);
		return round(value < 0 ? FloatFormat.signBit(toWide) : 0, 63 - normal, magnitude << normal, toWide);
	}

	/**
	 * To an integral value of the same format.
	 *
	 * @param how immediate of ROUNDPS: mode in bits 1:0 unless bit 2 asks for MXCSR's; bit 3 suppresses the precision
	 *            exception
	 */
	long roundToIntegral(long bits, boolean wide, int how) {
		if (FloatFormat.isNan(bits, wide)) {
			return propagate(bits, bits, wide);
		}
		int before = raised;
		double x = FloatFormat.value(take(bits, wide), wide);
		forgetDenormal(before);
		double rounded = integral(x, (how & 4) != 0 ? rounding() : how & 3);
		raised |= rounded != x && (how & 8) == 0 ? INEXACT : 0;
		return wide ? Double.doubleToRawLongBits(rounded) : Float.floatToRawIntBits((float) rounded) & 0xffff_ffffL;
	}
}
