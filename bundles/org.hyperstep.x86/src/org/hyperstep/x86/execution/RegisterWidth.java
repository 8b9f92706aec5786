/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

/** Values of a width of 8, 16, 32 or 64 bits within 64-bit slots. */
public final class RegisterWidth {
	private RegisterWidth() {
	}

	/** What a general register holds after a write of a width to its low part: 32 bits clear the upper half. */
	public static long merge(int bits, long old, long value) {
		return switch (bits) {
			case 64 -> value;
			case 32 -> value & 0xffff_ffffL;
			case 16 -> old & ~0xffffL | value & 0xffff;
			default -> old & ~0xffL | value & 0xff;
		};
	}

	/** Sign-extends from a width. */
	public static long signed(int bits, long value) {
		return value << 64 - bits >> 64 - bits;
	}

	/** Zero-extends from a width. */
	public static long unsigned(int bits, long value) {
		return value << 64 - bits >>> 64 - bits;
	}
}
