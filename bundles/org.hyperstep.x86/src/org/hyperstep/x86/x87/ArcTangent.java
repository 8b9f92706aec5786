/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/** FPATAN with the special operands of its page in the manual. */
final class ArcTangent {
	private final Rounding to;
	private final Elementary elementary;
	private final Wide result = new Wide();
	private final Wide first = new Wide();
	private final Wide second = new Wide();

	ArcTangent(Rounding rounding, Elementary elementary) {
		to = rounding;
		this.elementary = elementary;
	}

	/** The angle of the point (x, y); neither is a NaN. */
	void compute(Real y, Real x) {
		to.raised |= x.denormal || y.denormal ? Rounding.DENORMAL : 0;
		boolean negative = x.sign != 0;
		if (y.isInfinite()) {
			eighths(y.sign, !x.isInfinite() ? 2 : negative ? 3 : 1);
		} else if (x.isInfinite() || y.isZero()) {
			if (negative) {
				eighths(y.sign, 4);
			} else {
				to.zero(y.sign);
			}
		} else if (x.isZero()) {
			eighths(y.sign, 2);
		} else {
			ofFinite(y, x);
		}
	}

	/** ±π × count / 4. */
	private void eighths(int sign, int count) {
		Elementary.pi(result, 2);
		result.multiply(result, first.setInteger(count));
		result.sign = sign;
		Transcendentals.round(to, result);
	}

	private void ofFinite(Real y, Real x) {
		first.set(y);
		second.set(x);
		first.sign = 0;
		second.sign = 0;
		boolean flat = y.exponent < x.exponent
				|| y.exponent == x.exponent && Long.compareUnsigned(y.significand, x.significand) <= 0;
		if (flat) {
			elementary.arcTangent(result, first, second);
		} else {
			elementary.arcTangent(result, second, first);
			result.add(Elementary.pi(first, 1), result.negate());
		}
		if (x.sign != 0) {
			result.add(Elementary.pi(first, 0), result.negate());
		}
		result.sign = y.sign;
		Transcendentals.round(to, result);
	}
}
