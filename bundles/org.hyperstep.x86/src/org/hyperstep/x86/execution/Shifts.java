/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.RegisterWidth.signed;
import static org.hyperstep.x86.execution.RegisterWidth.unsigned;
import static org.hyperstep.x86.execution.Slots.CARRIES;
import static org.hyperstep.x86.execution.Slots.RESULT;

/** Shifts and rotates of any width by any count. A masked count of 0 changes no flag. */
final class Shifts {
	private final long[] g;

	Shifts(long[] general) {
		g = general;
	}

	void execute(int operation, int bits, int d, long x, long y) {
		int count = (int) y & (bits == 64 ? 63 : 31);
		if (count == 0) {
			// A 32-bit write clears the upper half even then.
			g[d] = RegisterWidth.merge(bits, g[d], x);
			return;
		}
		switch (operation) {
			case MicroOp.SHL -> shiftLeft(bits, d, x, count);
			case MicroOp.SHR -> shiftRight(bits, d, unsigned(bits, x), count);
			case MicroOp.SAR -> shiftArithmetic(bits, d, signed(bits, x), count);
			case MicroOp.ROL -> rotateLeft(bits, d, unsigned(bits, x), count);
			case MicroOp.ROR -> rotateRight(bits, d, unsigned(bits, x), count);
			case MicroOp.RCL -> rotateThroughCarry(bits, d, unsigned(bits, x), count % (bits + 1), true);
			case MicroOp.RCR -> rotateThroughCarry(bits, d, unsigned(bits, x), count % (bits + 1), false);
			case MicroOp.SHLD -> doubleLeft(bits, d, x, count);
			default -> doubleRight(bits, d, x, count);
		}
	}

	private void finish(int bits, int d, long value, boolean carry, boolean overflow) {
		g[RESULT] = signed(bits, value);
		g[CARRIES] = Flags.carries(carry, overflow);
		g[d] = RegisterWidth.merge(bits, g[d], value);
	}

	private static boolean bit(long value, int number) {
		return (value >>> number & 1) != 0;
	}

	private void shiftLeft(int bits, int d, long x, int count) {
		// For bytes and words the count may exceed the width: everything is shifted out, bits above the width too.
		boolean carry = count <= bits && bit(x, bits - count);
		long value = x << count;
		finish(bits, d, value, carry, carry != signed(bits, value) < 0);
	}

	private void shiftRight(int bits, int d, long x, int count) {
		finish(bits, d, x >>> count, bit(x, count - 1), bit(x, bits - 1));
	}

	private void shiftArithmetic(int bits, int d, long x, int count) {
		finish(bits, d, x >> count, bit(x, count - 1), false);
	}

	/** Rotates change CF and OF alone. */
	private void finishRotate(int bits, int d, long value, boolean carry, boolean overflow) {
		long carries = g[CARRIES] & ~(3L << 62);
		g[CARRIES] = carries | Flags.carries(carry, overflow);
		g[d] = RegisterWidth.merge(bits, g[d], value);
	}

	private void rotateLeft(int bits, int d, long x, int count) {
		int by = count & bits - 1;
		long value = by == 0 ? x : x << by | x >>> bits - by;
		boolean carry = bit(value, 0);
		finishRotate(bits, d, value, carry, carry != bit(value, bits - 1));
	}

	private void rotateRight(int bits, int d, long x, int count) {
		int by = count & bits - 1;
		long value = by == 0 ? x : x >>> by | x << bits - by;
		finishRotate(bits, d, value, bit(value, bits - 1), bit(value, bits - 1) != bit(value, bits - 2));
	}

	private void rotateThroughCarry(int bits, int d, long x, int count, boolean left) {
		boolean carry = g[CARRIES] < 0;
		long value = x;
		for (int i = 0; i < count; i++) {
			boolean out = bit(value, left ? bits - 1 : 0);
			value = left ? value << 1 | (carry ? 1 : 0) : unsigned(bits, value) >>> 1 | (carry ? 1L << bits - 1 : 0);
			carry = out;
		}
		if (count == 0) {
			g[d] = RegisterWidth.merge(bits, g[d], x);
			return;
		}
		boolean overflow = left ? carry != bit(value, bits - 1) : bit(value, bits - 1) != bit(value, bits - 2);
		finishRotate(bits, d, value, carry, overflow);
	}

	/** The bits that come in are those of slot 16. For words a count above 16 is undefined; this does as the P6 does. */
	private void doubleLeft(int bits, int d, long x, int count) {
		long in = unsigned(bits, g[Slots.TEMPORARY]);
		long value;
		boolean carry;
		if (bits == 16) {
			long wide = unsigned(16, x) << 32 | in << 16 | unsigned(16, x);
			value = wide << count >>> 32;
			carry = bit(wide, 48 - count);
		} else {
			value = x << count | in >>> bits - count;
			carry = bit(x, bits - count);
		}
		finish(bits, d, value, carry, bit(value, bits - 1) != bit(x, bits - 1));
	}

	private void doubleRight(int bits, int d, long x, int count) {
		long in = unsigned(bits, g[Slots.TEMPORARY]);
		long value;
		boolean carry;
		if (bits == 16) {
			long wide = unsigned(16, x) << 32 | in << 16 | unsigned(16, x);
			value = wide >>> count;
			carry = bit(wide, count - 1);
		} else {
			value = unsigned(bits, x) >>> count | in << bits - count;
			carry = bit(x, count - 1);
		}
		finish(bits, d, value, carry, bit(value, bits - 1) != bit(x, bits - 1));
	}
}
