/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

import org.hyperstep.x86.x87.Real.Kind;

/**
 * Instructions that store ST(0) in memory. Each computes {@link #low} and {@link #high}, and says whether they are to be
 * written; the caller has made sure that the memory can be, and pops by {@link #pop} behind the write.
 */
public final class Stores {
	private static final long NARROW_INDEFINITE = 0xffc0_0000L, WIDE_INDEFINITE = 0xfff8_0000_0000_0000L;

	private final X87Unit unit;
	private final Rounding rounding;
	/** The value's low 64 bits. */
	private long low;
	/** Bits 79:64 of a value of 10 bytes. */
	private long high;

	Stores(X87Unit unit) {
		this.unit = unit;
		rounding = unit.rounding;
	}

	/** The low 64 bits, or all of a narrower value. */
	public long low() {
		return low;
	}

	/** Bits 79:64. */
	public long high() {
		return high;
	}

	/** Pops the register that was stored. */
	public void pop() {
		unit.pop();
	}

	/** FST and FSTP to a single or double. */
	public boolean narrow(boolean wide) {
		low = wide ? WIDE_INDEFINITE : NARROW_INDEFINITE;
		if (unit.isEmpty(0)) {
			return unit.stackUnderflow();
		}
		Real a = unit.a;
		unit.read(0, a);
		long signBit = (long) a.sign << (wide ? 63 : 31);
		long infinity = wide ? 0x7ff0_0000_0000_0000L : 0x7f80_0000L;
		if (a.isFinite()) {
			low = rounding.narrow(a, wide);
		} else if (a.isZero()) {
			low = signBit;
		} else if (a.isInfinite()) {
			low = signBit | infinity;
		} else {
			rounding.raised |= a.kind == Kind.SIGNALLING_NAN || a.kind == Kind.UNSUPPORTED ? Rounding.INVALID : 0;
			if (a.kind != Kind.UNSUPPORTED) {
				low = signBit | infinity | ((a.significand | Real.QUIET_BIT) & Long.MAX_VALUE) >>> (wide ? 11 : 40);
			}
		}
		return unit.report(true);
	}

	/** FSTP to 10 bytes: no exception but the stack's. */
	public boolean extended() {
		if (unit.isEmpty(0)) {
			boolean masked = unit.stackUnderflow();
			low = rounding.significand;
			high = rounding.signAndExponent;
			return masked;
		}
		low = unit.significand(0);
		high = unit.signAndExponent(0);
		return true;
	}

	/** FIST, FISTP and FISTTP to 16, 32 or 64 bits. */
	public boolean integer(int bits, boolean truncate) {
		long limit = 1L << bits - 1;
		low = limit;
		if (unit.isEmpty(0)) {
			return unit.stackUnderflow();
		}
		unit.read(0, unit.a);
		long magnitude = magnitude(truncate);
		boolean fits = Long.compareUnsigned(magnitude, limit) < 0 || magnitude == limit && unit.a.sign != 0;
		if (!fits) {
			outOfRange();
		} else if (!isInvalid()) {
			low = unit.a.sign != 0 ? -magnitude : magnitude;
		}
		return unit.report(true);
	}

	/** FBSTP. */
	public boolean decimal() {
		low = Decimal80.INDEFINITE_LOW;
		high = Decimal80.INDEFINITE_HIGH;
		if (unit.isEmpty(0)) {
			return unit.stackUnderflow();
		}
		unit.read(0, unit.a);
		long magnitude = magnitude(false);
		if (Long.compareUnsigned(magnitude, Decimal80.LIMIT) >= 0) {
			outOfRange();
		} else if (!isInvalid()) {
			low = Decimal80.low(magnitude);
			high = Decimal80.high(magnitude) | (long) unit.a.sign << 15;
		}
		return unit.report(true);
	}

	private long magnitude(boolean truncate) {
		if (unit.a.isFinite()) {
			return rounding.integer(unit.a, truncate);
		}
		if (!unit.a.isZero()) {
			rounding.raised |= Rounding.INVALID;
		}
		return 0;
	}

	private boolean isInvalid() {
		return (rounding.raised & Rounding.INVALID) != 0;
	}

	private void outOfRange() {
		rounding.raised = Rounding.INVALID;
	}
}
