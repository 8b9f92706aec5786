/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.x87;

/** Packed decimal integers of 18 digits, the operands of FBLD and FBSTP. */
final class Decimal80 {
	/** The packed BCD integer indefinite. */
	static final long INDEFINITE_LOW = 0xc000_0000_0000_0000L, INDEFINITE_HIGH = 0xffff;
	static final long LIMIT = 1_000_000_000_000_000_000L;

	private Decimal80() {
	}

	/** The magnitude of a packed decimal; what digits above 9 mean is undefined. */
	static long magnitude(long low, long high) {
		long value = (high >>> 4 & 15) * 10 + (high & 15);
		for (int i = 60; i >= 0; i -= 4) {
			value = value * 10 + (low >>> i & 15);
		}
		return value;
	}

	/** The low 16 digits of a magnitude below {@link #LIMIT}. */
	static long low(long magnitude) {
		return digits(magnitude, 16);
	}

	/** The high two digits. */
	static long high(long magnitude) {
		return digits(magnitude / 10_000_000_000_000_000L, 2);
	}

	private static long digits(long value, int count) {
		long rest = value;
		long packed = 0;
		for (int i = 0; i < count; i++) {
			packed |= rest % 10 << 4 * i;
			rest /= 10;
		}
		return packed;
	}
}
