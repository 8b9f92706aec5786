/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/**
 * A number with 128 bits of precision and an exponent without limits: ±high:low × 2^(exponent − 127), with bit 63 of
 * {@code high} set unless it is zero. Operations truncate; they store in the object they are called on, which may be an
 * operand too.
 */
final class Wide {
	int sign;
	int exponent;
	long high;
	long low;

	boolean isZero() {
		return high == 0;
	}

	/** A finite value of a register. */
	Wide set(Real value) {
		sign = value.sign;
		exponent = value.exponent - Real.BIAS;
		high = value.significand;
		low = 0;
		return this;
	}

	Wide set(Wide from) {
		sign = from.sign;
		exponent = from.exponent;
		high = from.high;
		low = from.low;
		return this;
	}

	/** A positive number by its parts. */
	Wide set(int newExponent, long newHigh, long newLow) {
		sign = 0;
		exponent = newExponent;
		high = newHigh;
		low = newLow;
		return this;
	}

	Wide setInteger(long value) {
		sign = value < 0 ? 1 : 0;
		long magnitude = Math.abs(value);
		int shift = Long.numberOfLeadingZeros(magnitude);
		exponent = 63 - shift;
		high = value == 0 ? 0 : magnitude << shift;
		low = 0;
		return this;
	}

	Wide negate() {
		sign ^= 1;
		return this;
	}

	Wide multiply(Wide a, Wide b) {
		long low1 = a.high * b.low;
		long low2 = a.low * b.high;
		long r1 = low1 + low2;
		long carries = Long.compareUnsigned(r1, low1) < 0 ? 1 : 0;
		long bottom = Math.unsignedMultiplyHigh(a.low, b.low);
		r1 += bottom;
		carries += Long.compareUnsigned(r1, bottom) < 0 ? 1 : 0;
		long middle1 = Math.unsignedMultiplyHigh(a.high, b.low);
		long middle2 = Math.unsignedMultiplyHigh(a.low, b.high);
		long r2 = a.high * b.high;
		long r3 = Math.unsignedMultiplyHigh(a.high, b.high);
		r2 += middle1;
		r3 += Long.compareUnsigned(r2, middle1) < 0 ? 1 : 0;
		r2 += middle2;
		r3 += Long.compareUnsigned(r2, middle2) < 0 ? 1 : 0;
		r2 += carries;
		r3 += Long.compareUnsigned(r2, carries) < 0 ? 1 : 0;
		sign = a.sign ^ b.sign;
		int sum = a.exponent + b.exponent;
		if (r3 < 0) {
			exponent = sum + 1;
			high = r3;
			low = r2;
		} else {
			exponent = sum;
			high = r3 << 1 | r2 >>> 63;
			low = r2 << 1 | r1 >>> 63;
		}
		return this;
	}

	/** a / b, bit by bit. */
	Wide divide(Wide a, Wide b) {
		long restHigh = a.high;
		long rest = a.low;
		long divisorHigh = b.high;
		long divisor = b.low;
		int quotientExponent = a.exponent - b.exponent;
		boolean carry = false;
		if (isBelow(restHigh, rest, divisorHigh, divisor)) {
			quotientExponent--;
			carry = restHigh < 0;
			restHigh = restHigh << 1 | rest >>> 63;
			rest <<= 1;
		}
		long quotientHigh = 0;
		long quotient = 0;
		for (int i = 0; i < 128; i++) {
			boolean bit = carry || !isBelow(restHigh, rest, divisorHigh, divisor);
			if (bit) {
				restHigh -= divisorHigh + (Long.compareUnsigned(rest, divisor) < 0 ? 1 : 0);
				rest -= divisor;
			}
			quotientHigh = quotientHigh << 1 | quotient >>> 63;
			quotient = quotient << 1 | (bit ? 1 : 0);
			carry = restHigh < 0;
			restHigh = restHigh << 1 | rest >>> 63;
			rest <<= 1;
		}
		sign = a.sign ^ b.sign;
		exponent = quotientExponent;
		high = a.isZero() ? 0 : quotientHigh;
		low = a.isZero() ? 0 : quotient;
		return this;
	}

	private static boolean isBelow(long high, long low, long otherHigh, long otherLow) {
		int order = Long.compareUnsigned(high, otherHigh);
		return order < 0 || order == 0 && Long.compareUnsigned(low, otherLow) < 0;
	}

	/** This / divisor, which is from 1 to 2^31. */
	Wide divideBy(int divisor) {
		long d = divisor;
		long q1 = Long.divideUnsigned(high, d);
		long rest = Long.remainderUnsigned(high, d);
		long q2 = rest << 32 | low >>> 32;
		rest = Long.remainderUnsigned(q2, d);
		q2 = Long.divideUnsigned(q2, d);
		long q3 = rest << 32 | low & 0xffff_ffffL;
		rest = Long.remainderUnsigned(q3, d);
		q3 = Long.divideUnsigned(q3, d);
		long behind = Long.divideUnsigned(rest << 32, d) << 32;
		return normalize(q1, q2 << 32 | q3, behind);
	}

	/** The magnitude at the present exponent; what is below it fills up. */
	private Wide normalize(long newHigh, long newLow, long behind) {
		long top = newHigh;
		long middle = newLow;
		long bottom = behind;
		int shift = 0;
		while (top == 0 && shift < 192) {
			top = middle;
			middle = bottom;
			bottom = 0;
			shift += 64;
		}
		int bits = Long.numberOfLeadingZeros(top);
		if (bits > 0 && bits < 64) {
			top = top << bits | middle >>> 64 - bits;
			middle = middle << bits | bottom >>> 64 - bits;
		}
		exponent -= shift + bits;
		high = top;
		low = middle;
		return this;
	}

	/** a + b. What is too small to be seen still makes a difference smaller than the larger operand. */
	Wide add(Wide a, Wide b) {
		if (a.isZero() || b.isZero()) {
			return set(a.isZero() ? b : a);
		}
		boolean ordered = a.exponent > b.exponent
				|| a.exponent == b.exponent && !isBelow(a.high, a.low, b.high, b.low);
		return addSmaller(ordered ? a : b, ordered ? b : a);
	}

	private Wide addSmaller(Wide a, Wide b) {
		int shift = a.exponent - b.exponent;
		long otherHigh = Rounding.shiftedHigh(b.high, shift);
		long otherLow = Rounding.shiftedLow(b.high, b.low, shift);
		boolean sameSign = a.sign == b.sign;
		long wasLow = a.low;
		long wasHigh = a.high;
		sign = a.sign;
		exponent = a.exponent;
		if (!sameSign) {
			long difference = wasLow - otherLow;
			long borrow = Long.compareUnsigned(wasLow, otherLow) < 0 ? 1 : 0;
			return normalize(wasHigh - otherHigh - borrow, difference, 0);
		}
		long sum = wasLow + otherLow;
		long carry = Long.compareUnsigned(sum, wasLow) < 0 ? 1 : 0;
		long upper = wasHigh + otherHigh;
		long top = upper + carry;
		boolean overflow = Long.compareUnsigned(upper, wasHigh) < 0 || Long.compareUnsigned(top, upper) < 0;
		high = overflow ? top >>> 1 | Long.MIN_VALUE : top;
		low = overflow ? top << 63 | sum >>> 1 : sum;
		exponent += overflow ? 1 : 0;
		return this;
	}
}
