/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.math.BigDecimal;

/**
 * IEEE 754 arithmetic of one element as SSE does it: rounding control, exception flags, NaN rules, denormals as zeros
 * and flush to zero. Values are bit patterns of 32 or 64 bits; results are exact to the bit. Flags are those of MXCSR.
 */
public final class FloatUnit {
	static final int INVALID = 1, DENORMAL = 2, DIVIDE_BY_ZERO = 4, OVERFLOW = 8, UNDERFLOW = 16, INEXACT = 32;
	static final int DENORMALS_ARE_ZEROS = 1 << 6, FLUSH_TO_ZERO = 1 << 15;
	private static final int NEAREST = 0, DOWN = 1, UP = 2;

	/** Arithmetic operations. */
	enum Operation {
		ADD, SUBTRACT, MULTIPLY, DIVIDE, MINIMUM, MAXIMUM, SQUARE_ROOT
	}

	private int control;
	private int raised;

	/** Begins an instruction under this MXCSR. */
	void begin(int mxcsr) {
		control = mxcsr;
		raised = 0;
	}

	/** Exception flags raised since {@link #begin}. */
	int raised() {
		return raised;
	}

	/** Raises exception flags. */
	void raise(int flags) {
		raised |= flags;
	}

	/** Whether an exception is masked. */
	boolean masked(int flag) {
		return (control & flag << 7) != 0;
	}

	// ---- bit patterns ----

	static boolean isNan(long bits, boolean wide) {
		return wide ? (bits & Long.MAX_VALUE) > 0x7ff0_0000_0000_0000L : (bits & 0x7fff_ffff) > 0x7f80_0000;
	}

	static boolean isSignalling(long bits, boolean wide) {
		return isNan(bits, wide) && (bits & (wide ? 1L << 51 : 1L << 22)) == 0;
	}

	static long quiet(long bits, boolean wide) {
		return bits | (wide ? 1L << 51 : 1L << 22);
	}

	private static long indefinite(boolean wide) {
		return wide ? 0xfff8_0000_0000_0000L : 0xffc0_0000L;
	}

	private static boolean isDenormal(long bits, boolean wide) {
		return wide ? (bits & 0x7ff0_0000_0000_0000L) == 0 && bits << 1 != 0
				: (bits & 0x7f80_0000) == 0 && (bits & 0x7fffff) != 0;
	}

	static double value(long bits, boolean wide) {
		return wide ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
	}

	/** An operand as the arithmetic takes it: denormals become zeros, or raise their flag. */
	long take(long bits, boolean wide) {
		if (!isDenormal(bits, wide)) {
			return bits;
		}
		if ((control & DENORMALS_ARE_ZEROS) != 0) {
			return bits & (wide ? Long.MIN_VALUE : 0x8000_0000L);
		}
		raised |= DENORMAL;
		return bits;
	}

	// ---- arithmetic ----

	/** One operation; SQUARE_ROOT takes the second operand alone. */
	long compute(Operation operation, long first, long second, boolean wide) {
		if (operation == Operation.MINIMUM || operation == Operation.MAXIMUM) {
			return extreme(operation, first, second, wide);
		}
		boolean unary = operation == Operation.SQUARE_ROOT;
		if (!unary && isNan(first, wide) || isNan(second, wide)) {
			boolean signalling = !unary && isSignalling(first, wide) || isSignalling(second, wide);
			raised |= signalling ? INVALID : 0;
			return quiet(!unary && isNan(first, wide) ? first : second, wide);
		}
		int before = raised;
		double x = unary ? 0 : value(take(first, wide), wide);
		double y = value(take(second, wide), wide);
		return switch (operation) {
			case ADD -> add(x, y, wide);
			case SUBTRACT -> add(x, -y, wide);
			case MULTIPLY -> multiply(x, y, wide);
			case DIVIDE -> divide(x, y, wide, before);
			default -> squareRoot(y, wide, before);
		};
	}

	/** MIN and MAX: the second operand where either is NaN or both are zeros. */
	private long extreme(Operation operation, long first, long second, boolean wide) {
		if (isNan(first, wide) || isNan(second, wide)) {
			raised |= INVALID;
			return (control & DENORMALS_ARE_ZEROS) != 0 ? take(second, wide) : second;
		}
		long a = take(first, wide);
		long b = take(second, wide);
		double x = value(a, wide);
		double y = value(b, wide);
		return (operation == Operation.MINIMUM ? x < y : x > y) ? a : b;
	}

	/** As {@link #invalid(boolean)}: the exception comes before the denormal one of the same operation. */
	long invalid(boolean wide, int before) {
		raised &= ~DENORMAL | before;
		return invalid(wide);
	}

	private long invalid(boolean wide) {
		raised |= INVALID;
		return indefinite(wide);
	}

	private long add(double x, double y, boolean wide) {
		if (Double.isInfinite(x) && Double.isInfinite(y) && x != y) {
			return invalid(wide);
		}
		double sum = x + y;
		if (sum == 0) {
			return zero(x, y, wide);
		}
		double part = sum - x;
		double error = Double.isInfinite(sum) ? 0 : x - (sum - part) + (y - part);
		return round(sum, error, Double.isInfinite(x) || Double.isInfinite(y), wide);
	}

	/** An exact sum of zero: x + -x is +0, but -0 when rounding down; zeros of the same sign keep it. */
	long zero(double x, double y, boolean wide) {
		boolean alike = x == 0 && y == 0 && Double.doubleToRawLongBits(x) == Double.doubleToRawLongBits(y);
		return pattern(alike ? x : rounding() == DOWN ? -0.0 : 0.0, wide);
	}

	private long multiply(double x, double y, boolean wide) {
		boolean infinite = Double.isInfinite(x) || Double.isInfinite(y);
		if (infinite && (x == 0 || y == 0)) {
			return invalid(wide);
		}
		double product = x * y;
		double error = infinite || Double.isInfinite(product) ? 0 : residue(x, y, product);
		return round(product, error, infinite, wide);
	}

	/** Sign of x * y - product, where the difference itself may be too small for a double. */
	private static double residue(double x, double y, double product) {
		if (Math.abs(product) > 0x1p-900 || x == 0 || y == 0) {
			return Math.fma(x, y, -product);
		}
		BigDecimal exact = new BigDecimal(x).multiply(new BigDecimal(y));
		return exact.compareTo(new BigDecimal(product));
	}

	private long divide(double x, double y, boolean wide, int before) {
		if (Double.isInfinite(x) && Double.isInfinite(y) || x == 0 && y == 0) {
			return invalid(wide);
		}
		double quotient = x / y;
		if (y == 0 && !Double.isInfinite(x)) {
			raised = raised & (~DENORMAL | before) | DIVIDE_BY_ZERO;
			return pattern(quotient, wide);
		}
		boolean infinite = Double.isInfinite(x) || Double.isInfinite(y);
		double error = infinite || Double.isInfinite(quotient) || quotient == 0 && x == 0 ? 0
				: -residue(quotient, y, x) * Math.signum(y);
		return round(quotient, quotient == 0 && x != 0 ? Math.signum(x) * Math.signum(y) : error, infinite, wide);
	}

	private long squareRoot(double y, boolean wide, int before) {
		if (y < 0) {
			return invalid(wide, before);
		}
		double root = Math.sqrt(y);
		return round(root, y == 0 || Double.isInfinite(y) ? 0 : -residue(root, root, y), Double.isInfinite(y), wide);
	}

	int rounding() {
		return control >> 13 & 3;
	}

	private static long pattern(double value, boolean wide) {
		return wide ? Double.doubleToRawLongBits(value) : Float.floatToRawIntBits((float) value) & 0xffff_ffffL;
	}

	/**
	 * The final rounding.
	 *
	 * @param nearest  the exact result rounded to the nearest double
	 * @param error    has the sign of what that left out, or is 0
	 * @param infinite an operand was infinite, so that an infinite result is exact
	 */
	long round(double nearest, double error, boolean infinite, boolean wide) {
		if (infinite || nearest == 0 && error == 0) {
			return pattern(nearest, wide);
		}
		return wide ? roundDouble(nearest, error) : roundFloat(nearest, error);
	}

	private long roundDouble(double nearest, double error) {
		double result = nearest;
		if (Double.isInfinite(nearest)) {
			raised |= OVERFLOW | INEXACT;
			return Double
					.doubleToRawLongBits(overflowed(nearest > 0) ? nearest : Math.copySign(Double.MAX_VALUE, nearest));
		}
		if (error != 0) {
			result = switch (rounding()) {
				case NEAREST -> nearest;
				case DOWN -> error < 0 ? Math.nextDown(nearest) : nearest;
				case UP -> error > 0 ? Math.nextUp(nearest) : nearest;
				default -> nearest != 0 && error < 0 == nearest > 0 ? towardsZero(nearest) : nearest;
			};
			raised |= INEXACT;
			if (Double.isInfinite(result)) {
				raised |= OVERFLOW;
			}
		}
		return Double.doubleToRawLongBits(Math.abs(result) < Double.MIN_NORMAL ? tiny(result, error != 0) : result);
	}

	private static double towardsZero(double value) {
		return value > 0 ? Math.nextDown(value) : Math.nextUp(value);
	}

	private static float towardsZero(float value) {
		return value > 0 ? Math.nextDown(value) : Math.nextUp(value);
	}

	private long roundFloat(double nearest, double error) {
		float rounded = (float) nearest;
		boolean inexact = nearest != rounded || error != 0;
		float result = rounded;
		if (Float.isInfinite(rounded)) {
			raised |= OVERFLOW | INEXACT;
			result = overflowed(rounded > 0) ? rounded : Math.copySign(Float.MAX_VALUE, rounded);
		} else if (inexact) {
			result = directed(nearest, error);
			raised |= INEXACT | (Float.isInfinite(result) ? OVERFLOW : 0);
		}
		if (isTiny(result, inexact, nearest, error)) {
			result = (float) tiny(result, inexact);
		}
		return Float.floatToRawIntBits(result) & 0xffff_ffffL;
	}

	/** Rounded as MXCSR says. */
	private float directed(double nearest, double error) {
		float rounded = (float) nearest;
		double left = nearest != rounded ? nearest - rounded : error;
		return switch (rounding()) {
			case NEAREST -> rounded;
			case DOWN -> left < 0 ? Math.nextDown(rounded) : rounded;
			case UP -> left > 0 ? Math.nextUp(rounded) : rounded;
			default -> rounded != 0 && left != 0 && left < 0 == rounded > 0 ? towardsZero(rounded) : rounded;
		};
	}

	/** "Numeric Underflow Exception": tiny is what is so when rounded with an exponent without bounds. */
	private boolean isTiny(float result, boolean inexact, double nearest, double error) {
		float magnitude = Math.abs(result);
		return magnitude < Float.MIN_NORMAL || inexact && magnitude == Float.MIN_NORMAL
				&& Math.abs(directed(nearest * 0x1p64, error)) < Float.MIN_NORMAL * 0x1p64f;
	}

	/** Whether rounding takes a result that is too large to infinity. */
	private boolean overflowed(boolean positive) {
		return switch (rounding()) {
			case NEAREST -> true;
			case DOWN -> !positive;
			case UP -> positive;
			default -> false;
		};
	}

	/** A denormal result, or zero that is not exact. */
	private double tiny(double value, boolean inexact) {
		if ((control & FLUSH_TO_ZERO) != 0 && (control & UNDERFLOW << 7) != 0) {
			raised |= UNDERFLOW | INEXACT;
			return Math.copySign(0.0, value);
		}
		if (inexact || (control & UNDERFLOW << 7) == 0) {
			raised |= UNDERFLOW;
		}
		return value;
	}

	// ---- comparisons ----

	/** -1, 0 or 1 as the first is less, equal or greater, 2 where they are unordered. */
	int compare(long first, long second, boolean wide, boolean quietNansAreInvalid) {
		if (isNan(first, wide) || isNan(second, wide)) {
			if (quietNansAreInvalid || isSignalling(first, wide) || isSignalling(second, wide)) {
				raised |= INVALID;
			}
			return 2;
		}
		double x = value(take(first, wide), wide);
		double y = value(take(second, wide), wide);
		return x < y ? -1 : x > y ? 1 : 0;
	}

	// ---- conversions ----

	/** To the other floating-point width. */
	long convert(long bits, boolean fromWide) {
		if (isNan(bits, fromWide)) {
			raised |= isSignalling(bits, fromWide) ? INVALID : 0;
			return fromWide ? bits >>> 32 & 0x8000_0000L | 0x7fc0_0000L | bits >>> 29 & 0x3f_ffffL
					: (bits & 0x8000_0000L) << 32 | 0x7ff8_0000_0000_0000L | (bits & 0x3f_ffffL) << 29;
		}
		double x = value(take(bits, fromWide), fromWide);
		return round(x, 0, Double.isInfinite(x), !fromWide);
	}

	/** To a signed integer of 32 or 64 bits; what does not fit is the integer indefinite. */
	long toInteger(long bits, boolean fromWide, int width, boolean truncate) {
		long indefinite = width == 64 ? Long.MIN_VALUE : 0x8000_0000L;
		double x = isNan(bits, fromWide) ? Double.NaN : value(take(bits, fromWide), fromWide);
		raised &= ~DENORMAL;
		int mode = truncate ? 3 : rounding();
		double rounded = switch (mode) {
			case NEAREST -> Math.rint(x);
			case DOWN -> Math.floor(x);
			case UP -> Math.ceil(x);
			default -> x < 0 ? Math.ceil(x) : Math.floor(x);
		};
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
		double nearest = value;
		// No long is as large as 2^63.
		double error = nearest == 0x1p63 ? -1 : Long.compare(value, (long) nearest);
		return round(nearest, error, false, toWide);
	}
}
