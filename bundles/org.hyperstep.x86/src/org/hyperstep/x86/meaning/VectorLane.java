/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

/**
 * The 128 bits of two or three sources that a packed instruction works on, and of its result; an MMX register is the low
 * half of one. Instructions on 256 bits go through it twice. One to a processor; halves are bits 63:0 and 127:64.
 */
public final class VectorLane {
	/** First source: the destination's old value, or the register in VEX.vvvv. */
	long aLow, aHigh;
	/** Second source: register, memory, general register or immediate, zero-extended. */
	long bLow, bHigh;
	/** Third source: XMM0, or the register that a VEX form names. */
	long cLow, cHigh;
	/** The result; before the operation the first source. */
	long low, high;
	/** 8 for MMX registers, else 16. */
	int bytes;
	/** The last operand's 8 bits if it is an immediate, else 0. */
	int immediate;
	/** Arithmetic of floating-point elements; begun under MXCSR for the rows that use it. */
	final FloatUnit unit;

	/** Makes the lane of the processor that has this unit. */
	public VectorLane(FloatUnit unit) {
		this.unit = unit;
	}

	/** Doubleword 0 to 3 of the second source. */
	long bDoubleword(int which) {
		return ((which & 2) == 0 ? bLow : bHigh) >>> ((which & 1) << 5) & 0xffff_ffffL;
	}

	/** Doubleword 0 to 3 of the first source. */
	long aDoubleword(int which) {
		return ((which & 2) == 0 ? aLow : aHigh) >>> ((which & 1) << 5) & 0xffff_ffffL;
	}

	/** The result's halves. */
	void set(long newLow, long newHigh) {
		low = newLow;
		high = newHigh;
	}
}
