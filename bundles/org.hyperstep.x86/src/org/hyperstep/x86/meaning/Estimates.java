/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.PackedTable.Section;

/**
 * RCPPS, RCPSS, RSQRTPS and RSQRTSS. The manuals bound the relative error by 1.5 × 2^-12 and leave the bits to the
 * processor; here the estimate is the exact result rounded to the nearest single. They raise no exceptions, take
 * denormals for zeros and flush denormal results to zero.
 */
final class Estimates {
	private static final int QUIET = 0x40_0000, INDEFINITE = 0xffc0_0000;

	private Estimates() {
	}

	@FunctionalInterface
	private interface Estimate {
		int of(int bits);
	}

	static void define(Section rows) {
		rows.define(Mnemonic.RCPPS, packed(Estimates::reciprocal));
		rows.define(Mnemonic.RCPSS, scalar(Estimates::reciprocal));
		rows.define(Mnemonic.RSQRTPS, packed(Estimates::reciprocalRoot));
		rows.define(Mnemonic.RSQRTSS, scalar(Estimates::reciprocalRoot));
	}

	private static boolean isNan(int bits) {
		return (bits & 0x7fff_ffff) > 0x7f80_0000;
	}

	/** The operand, and the result, with denormals flushed to zero. */
	private static int flushed(int bits) {
		return (bits & 0x7f80_0000) == 0 ? bits & 0x8000_0000 : bits;
	}

	static int reciprocal(int bits) {
		return isNan(bits) ? bits | QUIET
				: flushed(Float.floatToRawIntBits((float) (1.0 / Float.intBitsToFloat(flushed(bits)))));
	}

	static int reciprocalRoot(int bits) {
		if (isNan(bits)) {
			return bits | QUIET;
		}
		float value = Float.intBitsToFloat(flushed(bits));
		if (value == 0) {
			return bits & 0x8000_0000 | 0x7f80_0000;
		}
		return value < 0 ? INDEFINITE : Float.floatToRawIntBits((float) (1 / Math.sqrt(value)));
	}

	private static long both(Estimate estimate, long value) {
		return estimate.of((int) value) & 0xffff_ffffL | (long) estimate.of((int) (value >>> 32)) << 32;
	}

	private static LaneOperation packed(Estimate estimate) {
		return lane -> lane.set(both(estimate, lane.bLow), both(estimate, lane.bHigh));
	}

	private static LaneOperation scalar(Estimate estimate) {
		return lane -> lane.set(lane.aLow & 0xffff_ffff_0000_0000L | estimate.of((int) lane.bLow) & 0xffff_ffffL,
				lane.aHigh);
	}
}
