/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/** FRNDINT, FSCALE and the partial remainders. Operands are no NaNs. */
final class Scaling {
	private final Rounding to;
	private final Arithmetic arithmetic;
	/** The low bits of the quotient of a complete remainder. */
	int quotient;
	/** Whether the remainder is not complete: C2. */
	boolean partial;
	/** Whether there is a quotient. */
	boolean divided;

	Scaling(Rounding rounding, Arithmetic arithmetic) {
		to = rounding;
		this.arithmetic = arithmetic;
	}

	private void unchanged(Real a) {
		if (a.isZero()) {
			to.zero(a.sign);
		} else if (a.isInfinite()) {
			to.infinity(a.sign);
		} else {
			to.round(a.sign, a.exponent, a.significand, 0, 0);
		}
	}

	void begin() {
		quotient = 0;
		partial = false;
		divided = false;
	}

	void roundToInteger(Real a) {
		arithmetic.checkDenormal(a, a);
		if (!a.isFinite() || a.exponent >= Real.BIAS + 63) {
			unchanged(a);
			return;
		}
		long magnitude = to.integer(a, false);
		if (magnitude == 0) {
			to.zero(a.sign);
			return;
		}
		int shift = Long.numberOfLeadingZeros(magnitude);
		to.set(a.sign << 15 | Real.BIAS + 63 - shift, magnitude << shift);
	}

	/** a × 2^b, with b rounded toward zero. */
	void scale(Real a, Real b) {
		if (b.isInfinite()) {
			if (b.sign == 0 ? a.isZero() : a.isInfinite()) {
				to.invalid();
				return;
			}
			arithmetic.checkDenormal(a, b);
			if (b.sign == 0) {
				to.infinity(a.sign);
			} else {
				to.zero(a.sign);
			}
			return;
		}
		arithmetic.checkDenormal(a, b);
		if (!a.isFinite() || b.isZero() || b.exponent < Real.BIAS) {
			unchanged(a);
			return;
		}
		// No exponent of a register is as far as 2^16 from another.
		int magnitude = b.exponent > Real.BIAS + 16 ? 0x1_0000 : (int) (b.significand >>> Real.BIAS + 63 - b.exponent);
		to.round(a.sign, a.exponent + (b.sign != 0 ? -magnitude : magnitude), a.significand, 0, 0);
	}

	/** The remainder of a / b: the quotient is rounded toward zero (FPREM) or to the nearest integer (FPREM1). */
	void remainder(Real a, Real b, boolean nearest) {
		if (a.isInfinite() || b.isZero()) {
			to.invalid();
			return;
		}
		arithmetic.checkDenormal(a, b);
		divided = true;
		int difference = a.exponent - b.exponent;
		if (a.isZero() || b.isInfinite() || difference < (nearest ? -1 : 0)) {
			unchanged(a);
			return;
		}
		partial = difference >= 64;
		int steps = partial ? difference & 31 | 32 : difference;
		int exponent = partial ? a.exponent - steps : b.exponent;
		reduce(a, b, steps, exponent, nearest && !partial);
	}

	private void reduce(Real a, Real b, int steps, int exponent, boolean nearest) {
		long divisor = b.significand;
		boolean below = steps < 0;
		long rest = a.significand;
		boolean carry = false;
		int bits = 0;
		for (int i = steps; i >= 0; i--) {
			boolean bit = carry || Long.compareUnsigned(rest, divisor) >= 0;
			rest -= bit ? divisor : 0;
			bits = bits << 1 | (bit ? 1 : 0);
			if (i > 0) {
				carry = rest < 0;
				rest <<= 1;
			}
		}
		int sign = a.sign;
		int scale = exponent;
		if (below) {
			// The exponent is one below the divisor's, so that the quotient is 1 where a's significand is the larger.
			scale = a.exponent;
			if (Long.compareUnsigned(rest, divisor) > 0) {
				rest = (divisor << 1) - rest;
				sign ^= 1;
				bits = 1;
			}
		} else if (nearest && isNearerAbove(rest, divisor, bits)) {
			rest = divisor - rest;
			sign ^= 1;
			bits++;
		}
		quotient = partial ? 0 : bits;
		if (rest == 0) {
			to.zero(a.sign);
			return;
		}
		int shift = Long.numberOfLeadingZeros(rest);
		to.round(sign, scale - shift, rest << shift, 0, 0);
	}

	/** Whether rest is more than half of the divisor, or half of it and the quotient odd. */
	private static boolean isNearerAbove(long rest, long divisor, int bits) {
		int order = Long.compareUnsigned(rest, divisor - rest);
		return order > 0 || order == 0 && (bits & 1) != 0;
	}
}
