/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * The result of one operation: rounds it, and knows which exceptions were raised (Intel SDM, "Rounding" and "x87 FPU
 * Floating-Point Exception Handling"). Flags are those of the status word.
 */
final class Rounding {
	static final int INVALID = 1, DENORMAL = 2, DIVIDE_BY_ZERO = 4, OVERFLOW = 8, UNDERFLOW = 16, PRECISION = 32;
	static final int NEAREST = 0, DOWN = 1, UP = 2, TO_ZERO = 3;
	/** What an exponent is adjusted by where overflow or underflow is not masked. */
	private static final int WRAP = 24576;
	private static final long INDEFINITE = 0xc000_0000_0000_0000L;

	/** Exceptions raised since {@link #begin}. */
	int raised;
	/** Whether the last rounding went away from zero: C1. */
	boolean roundedUp;
	/** The result in a register's encoding. */
	int signAndExponent;
	long significand;

	private int control;
	private int carry;
	private boolean inexact;

	void begin(int controlWord) {
		control = controlWord;
		raised = 0;
		roundedUp = false;
	}

	int mode() {
		return control >> 10 & 3;
	}

	/** Whether an exception has a masked response. */
	boolean masks(int exception) {
		return (control & exception) == exception;
	}

	/** Low bits of the significand that precision control leaves zero. */
	int unusedBits() {
		return switch (control >> 8 & 3) {
			case 0 -> 40;
			case 2 -> 11;
			default -> 0;
		};
	}

	// ---- results that need no rounding ----

	void set(int newSignAndExponent, long newSignificand) {
		signAndExponent = newSignAndExponent;
		significand = newSignificand;
	}

	void zero(int sign) {
		set(sign << 15, 0);
	}

	void infinity(int sign) {
		set(sign << 15 | Real.SPECIAL, Real.INTEGER_BIT);
	}

	/** The QNaN floating-point indefinite. */
	void indefinite() {
		set(0xffff, INDEFINITE);
	}

	void invalid() {
		raised |= INVALID;
		indefinite();
	}

	// ---- rounding ----

	/** Rounds to the precision that the control word asks for. */
	void round(int sign, int exponent, long high, long low) {
		round(sign, exponent, high, low, unusedBits());
	}

	/**
	 * Rounds ±(high + low / 2^64) × 2^(exponent − 16383 − 63).
	 *
	 * @param high has bit 63 set
	 * @param low  its last bit may stand for all that is behind it
	 */
	void round(int sign, int exponent, long high, long low, int unused) {
		long rounded = increment(sign, high, low, unused);
		int result = exponent + carry;
		if (result >= Real.SPECIAL) {
			overflow(sign, result, rounded, unused);
		} else if (result <= 0) {
			underflow(sign, exponent, high, low, unused);
		} else {
			raised |= inexact ? PRECISION : 0;
			set(sign << 15 | result, rounded);
		}
	}

	/** Rounds the significand: sets carry (into the exponent), inexact and roundedUp. */
	private long increment(int sign, long high, long low, int unused) {
		long unit = 1L << unused;
		boolean half = unused == 0 ? low < 0 : (high & unit >>> 1) != 0;
		boolean rest = unused == 0 ? low << 1 != 0 : (high & (unit >>> 1) - 1) != 0 || low != 0;
		inexact = half || rest;
		roundedUp = switch (mode()) {
			case NEAREST -> half && (rest || (high & unit) != 0);
			case DOWN -> inexact && sign != 0;
			case UP -> inexact && sign == 0;
			default -> false;
		};
		long kept = high & -unit;
		carry = 0;
		if (!roundedUp) {
			return kept;
		}
		long sum = kept + unit;
		if (sum == 0) {
			carry = 1;
			return Real.INTEGER_BIT;
		}
		return sum;
	}

	private void overflow(int sign, int exponent, long rounded, int unused) {
		raised |= OVERFLOW;
		if (!masks(OVERFLOW)) {
			raised |= inexact ? PRECISION : 0;
			int wrapped = exponent - WRAP;
			if (wrapped < Real.SPECIAL) {
				set(sign << 15 | wrapped, rounded);
			} else {
				// FSCALE can leave even the adjusted range.
				raised |= PRECISION;
				roundedUp = true;
				infinity(sign);
			}
			return;
		}
		raised |= PRECISION;
		roundedUp = awayFromZero(sign);
		if (roundedUp) {
			infinity(sign);
		} else {
			set(sign << 15 | 0x7ffe, -1L << unused);
		}
	}

	/** Whether what is too large becomes infinite. */
	boolean awayFromZero(int sign) {
		return switch (mode()) {
			case NEAREST -> true;
			case DOWN -> sign != 0;
			case UP -> sign == 0;
			default -> false;
		};
	}

	private void underflow(int sign, int exponent, long high, long low, int unused) {
		if (!masks(UNDERFLOW)) {
			long rounded = increment(sign, high, low, unused);
			raised |= UNDERFLOW | (inexact ? PRECISION : 0);
			int wrapped = exponent + carry + WRAP;
			if (wrapped > 0) {
				set(sign << 15 | wrapped, rounded);
			} else {
				raised |= PRECISION;
				roundedUp = false;
				zero(sign);
			}
			return;
		}
		int shift = 1 - exponent;
		long rounded = increment(sign, shiftedHigh(high, shift), shiftedLow(high, low, shift), unused);
		raised |= inexact ? UNDERFLOW | PRECISION : 0;
		set(sign << 15 | (rounded < 0 ? 1 : 0), rounded);
	}

	// ---- 128 bits ----

	/** The upper half of high:low shifted right. */
	static long shiftedHigh(long high, int shift) {
		return shift < 64 ? high >>> shift : 0;
	}

	/** The lower half of high:low shifted right; its last bit is set if anything was lost. */
	static long shiftedLow(long high, long low, int shift) {
		if (shift == 0) {
			return low;
		}
		if (shift < 64) {
			return high << 64 - shift | low >>> shift | (low << 64 - shift != 0 ? 1 : 0);
		}
		if (shift == 64) {
			return high | (low != 0 ? 1 : 0);
		}
		if (shift < 128) {
			return high >>> shift - 64 | (high << 128 - shift != 0 || low != 0 ? 1 : 0);
		}
		return (high | low) != 0 ? 1 : 0;
	}

	// ---- narrower formats and integers ----

	/**
	 * Rounds a finite value to a single or double.
	 *
	 * @return its encoding; unspecified where an unmasked overflow or underflow was raised
	 */
	long narrow(Real value, boolean wide) {
		int fractionBits = wide ? 52 : 23;
		int largest = wide ? 0x7ff : 0xff;
		int unused = 63 - fractionBits;
		int exponent = value.exponent - Real.BIAS + (largest >> 1);
		long signBit = (long) value.sign << (wide ? 63 : 31);
		long rounded = increment(value.sign, value.significand, 0, unused);
		if (exponent + carry >= largest) {
			raised |= OVERFLOW | (inexact || masks(OVERFLOW) ? PRECISION : 0);
			roundedUp = awayFromZero(value.sign);
			long infinity = (long) largest << fractionBits;
			return signBit | (roundedUp ? infinity : infinity - 1);
		}
		if (exponent + carry > 0) {
			raised |= inexact ? PRECISION : 0;
			return signBit | (long) (exponent + carry) << fractionBits | (rounded & Long.MAX_VALUE) >>> unused;
		}
		if (!masks(UNDERFLOW)) {
			raised |= UNDERFLOW | (inexact ? PRECISION : 0);
			return 0;
		}
		int shift = 1 - exponent;
		rounded = increment(value.sign, shiftedHigh(value.significand, shift), shiftedLow(value.significand, 0, shift),
				unused);
		raised |= inexact ? UNDERFLOW | PRECISION : 0;
		// The integer bit, if rounding has set it, is the exponent 1.
		return signBit | rounded >>> unused;
	}

	/** The magnitude of a finite value below 2^64 rounded to an integer, and PE. What is not below gives -1 and IE. */
	long integer(Real value, boolean truncate) {
		int shift = Real.BIAS + 63 - value.exponent;
		if (shift < 0) {
			raised |= INVALID;
			return -1;
		}
		int was = control;
		control |= truncate ? TO_ZERO << 10 : 0;
		long rounded = increment(value.sign, shiftedHigh(value.significand, shift),
				shiftedLow(value.significand, 0, shift), 0);
		control = was;
		if (carry != 0) {
			raised |= INVALID;
			return -1;
		}
		raised |= inexact ? PRECISION : 0;
		return rounded;
	}
}
