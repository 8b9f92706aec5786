/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

/**
 * The control bits of MXCSR, the exceptions that were raised, and the one rounding at the end of each operation (Intel
 * SDM, "SIMD Floating-Point Exception Conditions").
 */
class FloatRounding {
	static final int INVALID = 1, DENORMAL = 2, DIVIDE_BY_ZERO = 4, OVERFLOW = 8, UNDERFLOW = 16, INEXACT = 32;
	static final int DENORMALS_ARE_ZEROS = 1 << 6, FLUSH_TO_ZERO = 1 << 15;
	static final int NEAREST = 0, DOWN = 1, UP = 2;
	/** Steps of an operation, at most. */
	static final int STEPS = 3;
	private static final int MASKS = 7;

	int control;
	int raised;
	private final int[] steps = new int[STEPS];
	private int step;
	private boolean inexact;

	/** Begins an instruction under this MXCSR. */
	void begin(int mxcsr) {
		control = mxcsr;
		raised = 0;
		steps[0] = 0;
		steps[1] = 0;
		steps[2] = 0;
	}

	/** Exception flags raised since {@link #begin}. */
	int raised() {
		return raised;
	}

	/** Begins, with the first step, an operation that computes in steps: DPPS. */
	void beginSteps() {
		step = 0;
	}

	/** Ends a step: what it has raised comes before what the next ones raise, and keeps them from being taken. */
	void endStep() {
		steps[step++] |= raised;
		raised = 0;
	}

	/** Exceptions of a step of all elements, 0 to 2. */
	int raisedInStep(int which) {
		return steps[which];
	}

	/** Raises exceptions. */
	void raise(int exceptions) {
		raised |= exceptions;
	}

	int rounding() {
		return control >> 13 & 3;
	}

	/** Whether an exception has a masked response. */
	boolean masked(int exception) {
		return (control >> MASKS & exception) != 0;
	}

	long invalid(boolean wide) {
		raised |= INVALID;
		return FloatFormat.indefinite(wide);
	}

	/** The sum of a value and its negative. */
	long cancelled(boolean wide) {
		return rounding() == DOWN ? FloatFormat.signBit(wide) : 0;
	}

	/**
	 * Rounds ±significand × 2^(exponent − 63).
	 *
	 * @param signBit     the sign, in its place
	 * @param significand has bit 63 set; its last bit may stand for all that is behind it
	 */
	long round(long signBit, int exponent, long significand, boolean wide) {
		int unused = wide ? 11 : 40;
		long rounded = increment(signBit != 0, significand, unused);
		int result = exponent;
		if (rounded == 0) {
			rounded = Long.MIN_VALUE;
			result++;
		}
		int bias = wide ? 1023 : 127;
		if (result > bias) {
			return overflow(signBit, wide);
		}
		if (result <= -bias) {
			return underflow(signBit, exponent, significand, wide);
		}
		raised |= inexact ? INEXACT : 0;
		return signBit | (long) (result + bias) << 63 - unused | (rounded & Long.MAX_VALUE) >>> unused;
	}

	/** Rounds to a multiple of 2^unused; 2^64 appears as 0. */
	private long increment(boolean negative, long significand, int unused) {
		long unit = 1L << unused;
		long rest = significand & unit - 1;
		inexact = rest != 0;
		boolean up = inexact && switch (rounding()) {
			case NEAREST -> rest > unit >> 1 || rest == unit >> 1 && (significand & unit) != 0;
			case DOWN -> negative;
			case UP -> !negative;
			default -> false;
		};
		long kept = significand - rest;
		return up ? kept + unit : kept;
	}

	private long overflow(long signBit, boolean wide) {
		raised |= OVERFLOW | (inexact || masked(OVERFLOW) ? INEXACT : 0);
		boolean infinite = switch (rounding()) {
			case NEAREST -> true;
			case DOWN -> signBit != 0;
			case UP -> signBit == 0;
			default -> false;
		};
		return signBit | FloatFormat.infinity(wide) - (infinite ? 0 : 1);
	}

	/** The result is tiny: too small for its precision at an exponent without limits. */
	private long underflow(long signBit, int exponent, long significand, boolean wide) {
		if (!masked(UNDERFLOW)) {
			raised |= UNDERFLOW | (inexact ? INEXACT : 0);
			return 0;
		}
		if ((control & FLUSH_TO_ZERO) != 0) {
			raised |= UNDERFLOW | INEXACT;
			return signBit;
		}
		int shift = (wide ? -1022 : -126) - exponent;
		long denormal = shift < 64 ? significand >>> shift | (significand << 64 - shift != 0 ? 1 : 0) : 1;
		int unused = wide ? 11 : 40;
		long rounded = increment(signBit != 0, denormal, unused);
		raised |= inexact ? UNDERFLOW | INEXACT : 0;
		// The integer bit, if rounding has set it, is the exponent 1.
		return signBit | rounded >>> unused;
	}
}
