/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

/**
 * Bit patterns of singles and doubles, zero-extended. A finite value that is not zero is {@code significand} × 2^(exponent
 * − 63) with bit 63 of the significand set, denormals too.
 */
final class FloatFormat {
	private FloatFormat() {
	}

	static boolean isNan(long bits, boolean wide) {
		return wide ? (bits & Long.MAX_VALUE) > 0x7ff0_0000_0000_0000L : (bits & 0x7fff_ffff) > 0x7f80_0000;
	}

	static boolean isSignalling(long bits, boolean wide) {
		return isNan(bits, wide) && (bits & (wide ? 1L << 51 : 1L << 22)) == 0;
	}

	static boolean isInfinite(long bits, boolean wide) {
		return (wide ? bits & Long.MAX_VALUE : bits & 0x7fff_ffff) == infinity(wide);
	}

	static boolean isZero(long bits, boolean wide) {
		return wide ? bits << 1 == 0 : (bits & 0x7fff_ffff) == 0;
	}

	static boolean isDenormal(long bits, boolean wide) {
		return wide ? (bits & 0x7ff0_0000_0000_0000L) == 0 && bits << 1 != 0
				: (bits & 0x7f80_0000) == 0 && (bits & 0x7fffff) != 0;
	}

	static long quiet(long bits, boolean wide) {
		return bits | (wide ? 1L << 51 : 1L << 22);
	}

	/** The QNaN floating-point indefinite. */
	static long indefinite(boolean wide) {
		return wide ? 0xfff8_0000_0000_0000L : 0xffc0_0000L;
	}

	static long infinity(boolean wide) {
		return wide ? 0x7ff0_0000_0000_0000L : 0x7f80_0000;
	}

	/** The sign bit alone. */
	static long sign(long bits, boolean wide) {
		return bits & signBit(wide);
	}

	static long signBit(boolean wide) {
		return wide ? Long.MIN_VALUE : 0x8000_0000L;
	}

	static double value(long bits, boolean wide) {
		return wide ? Double.longBitsToDouble(bits) : Float.intBitsToFloat((int) bits);
	}

	private static int exponentField(long bits, boolean wide) {
		return wide ? (int) (bits >>> 52) & 0x7ff : (int) bits >>> 23 & 0xff;
	}

	/** The fraction with its first bit at bit 62. */
	private static long fraction(long bits, boolean wide) {
		return bits << (wide ? 11 : 40) & Long.MAX_VALUE;
	}

	static long significand(long bits, boolean wide) {
		long fraction = fraction(bits, wide);
		return exponentField(bits, wide) != 0 ? fraction | Long.MIN_VALUE
				: fraction << Long.numberOfLeadingZeros(fraction);
	}

	static int exponent(long bits, boolean wide) {
		int field = exponentField(bits, wide);
		int bias = wide ? 1023 : 127;
		return field != 0 ? field - bias : 1 - bias - Long.numberOfLeadingZeros(fraction(bits, wide));
	}
}
