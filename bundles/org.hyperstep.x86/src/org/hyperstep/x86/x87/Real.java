/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * A value of double extended precision, taken apart. A finite one that is not zero is significand × 2^(exponent − 16383
 * − 63) with bit 63 of the significand set, also where its encoding is denormal: the exponent is then below 1.
 */
final class Real {
	/** What a value is (Intel SDM, "Real Number and NaN Encodings"). */
	enum Kind {
		ZERO, FINITE, INFINITY, QUIET_NAN, SIGNALLING_NAN, UNSUPPORTED
	}

	static final int BIAS = 16383, SPECIAL = 0x7fff;
	static final long INTEGER_BIT = Long.MIN_VALUE, QUIET_BIT = 1L << 62;

	/** 1 if negative. */
	int sign;
	int exponent;
	long significand;
	Kind kind = Kind.ZERO;
	/** Whether the encoding is denormal or pseudo-denormal. */
	boolean denormal;

	/** Takes a register's value apart. */
	void set(int signAndExponent, long bits) {
		sign = signAndExponent >> 15 & 1;
		exponent = signAndExponent & SPECIAL;
		significand = bits;
		denormal = false;
		if (exponent == 0) {
			setTiny();
		} else if (bits >= 0) {
			kind = Kind.UNSUPPORTED;
		} else if (exponent < SPECIAL) {
			kind = Kind.FINITE;
		} else if (bits == INTEGER_BIT) {
			kind = Kind.INFINITY;
		} else {
			kind = (bits & QUIET_BIT) != 0 ? Kind.QUIET_NAN : Kind.SIGNALLING_NAN;
		}
	}

	private void setTiny() {
		if (significand == 0) {
			kind = Kind.ZERO;
		} else {
			kind = Kind.FINITE;
			denormal = true;
			int shift = Long.numberOfLeadingZeros(significand);
			significand <<= shift;
			exponent = 1 - shift;
		}
	}

	/** Takes an integer, whose value every register holds exactly. */
	void setInteger(long value) {
		sign = value < 0 ? 1 : 0;
		denormal = false;
		kind = value == 0 ? Kind.ZERO : Kind.FINITE;
		long magnitude = value < 0 ? -value : value;
		int shift = Long.numberOfLeadingZeros(magnitude);
		significand = value == 0 ? 0 : magnitude << shift;
		exponent = value == 0 ? 0 : BIAS + 63 - shift;
	}

	/** Takes a single (24 bits of precision) or double (53) apart; those that are denormal are so here too. */
	void setNarrow(long bits, boolean wide) {
		int fractionBits = wide ? 52 : 23;
		int exponentBits = wide ? 11 : 8;
		int largest = (1 << exponentBits) - 1;
		int field = (int) (bits >>> fractionBits) & largest;
		long fraction = bits << 63 - fractionBits & Long.MAX_VALUE;
		sign = (int) (bits >>> fractionBits + exponentBits) & 1;
		denormal = false;
		if (field == largest) {
			set(sign << 15 | SPECIAL, INTEGER_BIT | fraction);
		} else if (field == 0 && fraction == 0) {
			set(sign << 15, 0);
		} else {
			kind = Kind.FINITE;
			denormal = field == 0;
			int shift = denormal ? Long.numberOfLeadingZeros(fraction) : 0;
			significand = denormal ? fraction << shift : INTEGER_BIT | fraction;
			exponent = (denormal ? 1 - shift : field) + BIAS - (largest >> 1);
		}
	}

	void copy(Real from) {
		sign = from.sign;
		exponent = from.exponent;
		significand = from.significand;
		kind = from.kind;
		denormal = from.denormal;
	}

	boolean isNan() {
		return kind == Kind.QUIET_NAN || kind == Kind.SIGNALLING_NAN;
	}

	boolean isFinite() {
		return kind == Kind.FINITE;
	}

	boolean isZero() {
		return kind == Kind.ZERO;
	}

	boolean isInfinite() {
		return kind == Kind.INFINITY;
	}
}
