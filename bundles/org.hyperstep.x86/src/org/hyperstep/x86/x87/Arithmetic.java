/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import org.hyperstep.x86.x87.Real.Kind;

/** Addition, multiplication, division, square root and comparison, exact before the final rounding. */
final class Arithmetic {
	private final Rounding to;

	Arithmetic(Rounding rounding) {
		to = rounding;
	}

	/**
	 * The result where an operand is a NaN or in an unsupported format (Intel SDM, "Operating on SNaNs and QNaNs").
	 *
	 * @return whether there was one
	 */
	boolean propagate(Real a, Real b) {
		if (a.kind == Kind.UNSUPPORTED || b.kind == Kind.UNSUPPORTED) {
			to.invalid();
			return true;
		}
		if (!a.isNan() && !b.isNan()) {
			return false;
		}
		boolean firstSignals = a.kind == Kind.SIGNALLING_NAN;
		boolean secondSignals = b.kind == Kind.SIGNALLING_NAN;
		to.raised |= firstSignals || secondSignals ? Rounding.INVALID : 0;
		Real chosen;
		if (!b.isNan()) {
			chosen = a;
		} else if (!a.isNan()) {
			chosen = b;
		} else if (firstSignals != secondSignals) {
			chosen = firstSignals ? b : a;
		} else {
			int order = Long.compareUnsigned(a.significand, b.significand);
			chosen = order > 0 || order == 0 && a.sign == 0 ? a : b;
		}
		to.set(chosen.sign << 15 | Real.SPECIAL, chosen.significand | Real.QUIET_BIT);
		return true;
	}

	/** As {@link #propagate(Real, Real)} for the only operand. */
	boolean propagate(Real a) {
		return propagate(a, a);
	}

	/** Raises the denormal-operand exception where an operand is denormal. */
	void checkDenormal(Real a, Real b) {
		to.raised |= a.denormal || b.denormal ? Rounding.DENORMAL : 0;
	}

	/** The same value, rounded to the precision in effect. */
	private void round(Real a) {
		to.round(a.sign, a.exponent, a.significand, 0);
	}

	/** a + b; the caller has inverted the sign of b for a difference. */
	void add(Real a, Real b) {
		if (a.isInfinite() || b.isInfinite()) {
			if (a.isInfinite() && b.isInfinite() && a.sign != b.sign) {
				to.invalid();
			} else {
				checkDenormal(a, b);
				to.infinity(a.isInfinite() ? a.sign : b.sign);
			}
			return;
		}
		checkDenormal(a, b);
		if (a.isZero() && b.isZero()) {
			to.zero(a.sign == b.sign ? a.sign : signOfZero());
		} else if (a.isZero() || b.isZero()) {
			round(a.isZero() ? b : a);
		} else if (a.exponent > b.exponent
				|| a.exponent == b.exponent && Long.compareUnsigned(a.significand, b.significand) >= 0) {
			addSmaller(a, b);
		} else {
			addSmaller(b, a);
		}
	}

	private int signOfZero() {
		return to.mode() == Rounding.DOWN ? 1 : 0;
	}

	private void addSmaller(Real a, Real b) {
		int shift = a.exponent - b.exponent;
		long high = Rounding.shiftedHigh(b.significand, shift);
		long low = Rounding.shiftedLow(b.significand, 0, shift);
		if (a.sign == b.sign) {
			long sum = a.significand + high;
			if (Long.compareUnsigned(sum, high) < 0) {
				to.round(a.sign, a.exponent + 1, sum >>> 1 | Real.INTEGER_BIT, sum << 63 | low >>> 1 | low & 1);
			} else {
				to.round(a.sign, a.exponent, sum, low);
			}
			return;
		}
		long difference = a.significand - high - (low != 0 ? 1 : 0);
		normalizeAndRound(a.sign, a.exponent, difference, -low);
	}

	private void normalizeAndRound(int sign, int exponent, long high, long low) {
		if (high == 0 && low == 0) {
			to.zero(signOfZero());
			return;
		}
		if (high == 0) {
			int shift = Long.numberOfLeadingZeros(low);
			to.round(sign, exponent - 64 - shift, low << shift, 0);
			return;
		}
		int shift = Long.numberOfLeadingZeros(high);
		to.round(sign, exponent - shift, shift == 0 ? high : high << shift | low >>> 64 - shift, low << shift);
	}

	void multiply(Real a, Real b) {
		int sign = a.sign ^ b.sign;
		if (a.isInfinite() || b.isInfinite()) {
			if (a.isZero() || b.isZero()) {
				to.invalid();
			} else {
				checkDenormal(a, b);
				to.infinity(sign);
			}
			return;
		}
		checkDenormal(a, b);
		if (a.isZero() || b.isZero()) {
			to.zero(sign);
			return;
		}
		long high = Math.unsignedMultiplyHigh(a.significand, b.significand);
		long low = a.significand * b.significand;
		int exponent = a.exponent + b.exponent - Real.BIAS + 1;
		if (high < 0) {
			to.round(sign, exponent, high, low);
		} else {
			to.round(sign, exponent - 1, high << 1 | low >>> 63, low << 1);
		}
	}

	void divide(Real a, Real b) {
		int sign = a.sign ^ b.sign;
		if (a.isInfinite() && b.isInfinite() || a.isZero() && b.isZero()) {
			to.invalid();
			return;
		}
		if (b.isZero() && a.isFinite()) {
			to.raised |= Rounding.DIVIDE_BY_ZERO;
			to.infinity(sign);
			return;
		}
		checkDenormal(a, b);
		if (a.isInfinite() || b.isZero()) {
			to.infinity(sign);
		} else if (a.isZero() || b.isInfinite()) {
			to.zero(sign);
		} else {
			divideFinite(sign, a, b);
		}
	}

	private void divideFinite(int sign, Real a, Real b) {
		int exponent = a.exponent - b.exponent + Real.BIAS;
		long rest = a.significand;
		boolean carry = false;
		if (Long.compareUnsigned(rest, b.significand) < 0) {
			carry = true;
			rest <<= 1;
			exponent--;
		}
		long quotient = 0;
		for (int i = 0; i < 64; i++) {
			boolean bit = carry || Long.compareUnsigned(rest, b.significand) >= 0;
			rest -= bit ? b.significand : 0;
			quotient = quotient << 1 | (bit ? 1 : 0);
			carry = rest < 0;
			rest <<= 1;
		}
		boolean half = carry || Long.compareUnsigned(rest, b.significand) >= 0;
		rest -= half ? b.significand : 0;
		to.round(sign, exponent, quotient, (half ? Long.MIN_VALUE : 0) | (rest != 0 ? 1 : 0));
	}

	void squareRoot(Real a) {
		if (a.isZero()) {
			to.zero(a.sign);
		} else if (a.sign != 0) {
			to.invalid();
		} else if (a.isInfinite()) {
			to.infinity(0);
		} else {
			checkDenormal(a, a);
			squareRootOfFinite(a);
		}
	}

	/** Digit by digit: the root's 64 bits come from 128 bits of the radicand. */
	private void squareRootOfFinite(Real a) {
		int unbiased = a.exponent - Real.BIAS;
		boolean odd = (unbiased & 1) != 0;
		long high = odd ? a.significand : a.significand >>> 1;
		long low = odd ? 0 : a.significand << 63;
		long root = 0;
		long restHigh = 0;
		long rest = 0;
		for (int i = 0; i < 64; i++) {
			restHigh = restHigh << 2 | rest >>> 62;
			rest = rest << 2 | high >>> 62;
			high = high << 2 | low >>> 62;
			low <<= 2;
			long trialHigh = root >>> 62;
			long trial = root << 2 | 1;
			root <<= 1;
			if (restHigh > trialHigh || restHigh == trialHigh && Long.compareUnsigned(rest, trial) >= 0) {
				restHigh -= trialHigh + (Long.compareUnsigned(rest, trial) < 0 ? 1 : 0);
				rest -= trial;
				root |= 1;
			}
		}
		boolean half = restHigh != 0 || Long.compareUnsigned(rest, root) > 0;
		boolean inexact = restHigh != 0 || rest != 0;
		to.round(0, (unbiased >> 1) + Real.BIAS, root, (half ? Long.MIN_VALUE : 0) | (inexact ? 1 : 0));
	}

	/** -1, 0 or 1 as a is less than, equal to or greater than b, 2 where they are unordered. */
	int compare(Real a, Real b, boolean quietNansAreInvalid) {
		boolean unsupported = a.kind == Kind.UNSUPPORTED || b.kind == Kind.UNSUPPORTED;
		if (unsupported || a.isNan() || b.isNan()) {
			boolean signalling = a.kind == Kind.SIGNALLING_NAN || b.kind == Kind.SIGNALLING_NAN;
			to.raised |= unsupported || signalling || quietNansAreInvalid ? Rounding.INVALID : 0;
			return 2;
		}
		checkDenormal(a, b);
		if (a.isZero() && b.isZero()) {
			return 0;
		}
		if (a.isZero()) {
			return b.sign != 0 ? 1 : -1;
		}
		if (b.isZero() || a.sign != b.sign) {
			return a.sign != 0 ? -1 : 1;
		}
		int order = a.exponent != b.exponent ? Integer.compare(a.exponent, b.exponent)
				: Long.compareUnsigned(a.significand, b.significand);
		return a.sign != 0 ? -Integer.signum(order) : Integer.signum(order);
	}
}
