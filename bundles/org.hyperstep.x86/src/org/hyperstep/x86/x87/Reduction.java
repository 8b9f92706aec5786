/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * Angles within an eighth of a circle (Intel SDM, "Approximation of Pi"): processors take π for
 * 0.C90FDAA22168C234C (hexadecimal) × 2^2, its first 66 bits, of which the next two are zeros. The remainder is exact.
 */
final class Reduction {
	/** Half of π, scaled by 2^127. */
	private static final long HIGH = 0xc90f_daa2_2168_c234L, LOW = 0xc000_0000_0000_0000L;

	/** What remains: from -π / 4 to π / 4, signed as if the angle were positive. */
	final Wide angle = new Wide();
	/** Quarters of a circle that were taken away, modulo 4. */
	int quarters;

	private long high;
	private long low;

	/** Reduces the magnitude of a finite value below 2^63. */
	void reduce(Real a) {
		angle.set(a);
		angle.sign = 0;
		quarters = 0;
		int exponent = a.exponent - Real.BIAS;
		if (exponent < -1) {
			return;
		}
		high = a.significand;
		low = 0;
		if (exponent < 0) {
			low = high << 63;
			high >>>= 1;
		} else {
			divide(exponent);
		}
		long otherLow = LOW - low;
		long otherHigh = HIGH - high - (Long.compareUnsigned(LOW, low) < 0 ? 1 : 0);
		if (isBelow(otherHigh, otherLow, high, low)) {
			high = otherHigh;
			low = otherLow;
			quarters++;
			angle.sign = 1;
		}
		int shift = Long.numberOfLeadingZeros(high);
		if (shift == 64) {
			int below = Long.numberOfLeadingZeros(low);
			angle.high = low << below;
			angle.low = 0;
			angle.exponent = -64 - below;
		} else {
			angle.high = shift == 0 ? high : high << shift | low >>> 64 - shift;
			angle.low = low << shift;
			angle.exponent = -shift;
		}
	}

	private void divide(int steps) {
		boolean carry = false;
		for (int i = steps; i >= 0; i--) {
			boolean bit = carry || !isBelow(high, low, HIGH, LOW);
			if (bit) {
				high -= HIGH + (Long.compareUnsigned(low, LOW) < 0 ? 1 : 0);
				low -= LOW;
			}
			quarters = quarters << 1 & 3 | (bit ? 1 : 0);
			if (i > 0) {
				carry = high < 0;
				high = high << 1 | low >>> 63;
				low <<= 1;
			}
		}
	}

	private static boolean isBelow(long high, long low, long otherHigh, long otherLow) {
		int order = Long.compareUnsigned(high, otherHigh);
		return order < 0 || order == 0 && Long.compareUnsigned(low, otherLow) < 0;
	}
}
