/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/** FYL2X and FYL2XP1 with the special operands of their pages in the manual. */
final class Logarithms {
	private final Rounding to;
	private final Elementary elementary;
	private final Wide result = new Wide();
	private final Wide factor = new Wide();

	Logarithms(Rounding rounding, Elementary elementary) {
		to = rounding;
		this.elementary = elementary;
	}

	private void checkDenormal(Real x, Real y) {
		to.raised |= x.denormal || y.denormal ? Rounding.DENORMAL : 0;
	}

	/** y × log2 x; neither is a NaN. */
	void logarithm(Real x, Real y) {
		if (x.isZero()) {
			ofZero(y);
			return;
		}
		boolean one = x.isFinite() && x.exponent == Real.BIAS && x.significand == Real.INTEGER_BIT;
		if (x.sign != 0 || x.isInfinite() && y.isZero() || one && y.isInfinite()) {
			to.invalid();
			return;
		}
		checkDenormal(x, y);
		int sign = y.sign ^ (!x.isInfinite() && x.exponent < Real.BIAS ? 1 : 0);
		if (x.isInfinite() || y.isInfinite()) {
			to.infinity(sign);
		} else if (y.isZero() || one) {
			to.zero(sign);
		} else {
			elementary.logarithm(result, result.set(x));
			finish(y);
		}
	}

	private void ofZero(Real y) {
		if (y.isZero()) {
			to.invalid();
			return;
		}
		to.raised |= y.isInfinite() ? 0 : Rounding.DIVIDE_BY_ZERO;
		to.infinity(y.sign ^ 1);
	}

	/** y × log2(x + 1); neither is a NaN. Where x is not above -1 the result is undefined. */
	void logarithmOfOneMore(Real x, Real y) {
		if (x.isInfinite() && (x.sign != 0 || y.isZero()) || x.isZero() && y.isInfinite()) {
			to.invalid();
			return;
		}
		checkDenormal(x, y);
		int sign = x.sign ^ y.sign;
		if (x.isInfinite() || y.isInfinite()) {
			to.infinity(sign);
		} else if (x.isZero() || y.isZero()) {
			to.zero(sign);
		} else if (x.sign != 0 && x.exponent >= Real.BIAS) {
			to.raised |= Rounding.PRECISION;
			to.set(x.sign << 15 | x.exponent, x.significand);
		} else {
			elementary.logarithmOfOneMore(result, result.set(x));
			finish(y);
		}
	}

	private void finish(Real y) {
		result.multiply(result, factor.set(y));
		if (result.low == 0) {
			// Exact, as logarithms of powers of 2 are; the exceptions are raised all the same.
			to.round(result.sign, result.exponent + Real.BIAS, result.high, 0, 0);
			to.raised |= Rounding.PRECISION | (result.exponent <= -Real.BIAS ? Rounding.UNDERFLOW : 0);
		} else {
			Transcendentals.round(to, result);
		}
	}
}
