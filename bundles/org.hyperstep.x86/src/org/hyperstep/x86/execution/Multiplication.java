/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.execution.Slots.CARRIES;
import static org.hyperstep.x86.execution.Slots.RESULT;
import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RDX;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;

/** MUL, IMUL, DIV and IDIV of the accumulator. */
final class Multiplication {
	private final Processor processor;
	private final long[] g;

	Multiplication(Processor processor) {
		this.processor = processor;
		g = processor.state().general;
	}

	/** CF and OF say that the upper half is more than the lower half's extension; the other flags are undefined. */
	void multiply(int bits, long factor, boolean signed) {
		long low;
		long high;
		boolean significant;
		if (bits == 64) {
			low = g[RAX] * factor;
			high = signed ? Math.multiplyHigh(g[RAX], factor) : Math.unsignedMultiplyHigh(g[RAX], factor);
			significant = signed ? high != low >> 63 : high != 0;
		} else {
			long product = signed ? RegisterWidth.signed(bits, g[RAX]) * RegisterWidth.signed(bits, factor)
					: RegisterWidth.unsigned(bits, g[RAX]) * RegisterWidth.unsigned(bits, factor);
			low = product;
			high = product >> bits;
			significant = signed ? product != RegisterWidth.signed(bits, product)
					: RegisterWidth.unsigned(bits, high) != 0;
		}
		if (bits == 8) {
			g[RAX] = RegisterWidth.merge(16, g[RAX], low);
		} else {
			g[RAX] = RegisterWidth.merge(bits, g[RAX], low);
			g[RDX] = RegisterWidth.merge(bits, g[RDX], high);
		}
		g[RESULT] = RegisterWidth.signed(bits, low);
		g[CARRIES] = Flags.carries(significant, significant);
	}

	private GuestFault divideError() {
		return processor.fault().raise(Vector.DE);
	}

	/** The dividend of 16, 32 or 64 bits for a divisor of half that. */
	private long dividend(int bits) {
		return switch (bits) {
			case 8 -> g[RAX] & 0xffff;
			case 16 -> (g[RDX] & 0xffff) << 16 | g[RAX] & 0xffff;
			default -> g[RDX] << 32 | g[RAX] & 0xffff_ffffL;
		};
	}

	private void store(int bits, long quotient, long remainder) {
		if (bits == 8) {
			g[RAX] = RegisterWidth.merge(16, g[RAX], (remainder & 0xff) << 8 | quotient & 0xff);
		} else {
			g[RAX] = RegisterWidth.merge(bits, g[RAX], quotient);
			g[RDX] = RegisterWidth.merge(bits, g[RDX], remainder);
		}
	}

	/** The flags are undefined and stay as they were. */
	void divide(int bits, long operand) {
		long divisor = RegisterWidth.unsigned(bits, operand);
		if (divisor == 0) {
			throw divideError();
		}
		if (bits == 64) {
			divide128(divisor);
			return;
		}
		long dividend = dividend(bits);
		long quotient = Long.divideUnsigned(dividend, divisor);
		if (RegisterWidth.unsigned(bits, quotient) != quotient) {
			throw divideError();
		}
		store(bits, quotient, Long.remainderUnsigned(dividend, divisor));
	}

	private void divide128(long divisor) {
		long high = g[RDX];
		long low = g[RAX];
		if (Long.compareUnsigned(high, divisor) >= 0) {
			throw divideError();
		}
		if (high == 0) {
			store(64, Long.divideUnsigned(low, divisor), Long.remainderUnsigned(low, divisor));
			return;
		}
		long quotient = quotient(high, low, divisor);
		store(64, quotient, low - quotient * divisor);
	}

	/** Quotient of high:low by a divisor greater than high: Knuth's algorithm D with two digits of 32 bits. */
	static long quotient(long high, long low, long divisor) {
		int shift = Long.numberOfLeadingZeros(divisor);
		long v = divisor << shift;
		long v1 = v >>> 32;
		long v0 = v & 0xffff_ffffL;
		long u32 = shift == 0 ? high : high << shift | low >>> 64 - shift;
		long u10 = low << shift;
		long q1 = digit(u32, u10 >>> 32, v1, v0);
		long u21 = (u32 << 32 | u10 >>> 32) - q1 * v;
		long q0 = digit(u21, u10 & 0xffff_ffffL, v1, v0);
		return (q1 << 32) + q0;
	}

	/** One digit: the estimate from the upper digit of the divisor is at most two too large. */
	private static long digit(long upper, long nextDigit, long v1, long v0) {
		long q = Long.divideUnsigned(upper, v1);
		long rest = upper - q * v1;
		while (q >>> 32 != 0 || Long.compareUnsigned(q * v0, rest << 32 | nextDigit) > 0) {
			q--;
			rest += v1;
			if (rest >>> 32 != 0) {
				break;
			}
		}
		return q;
	}

	void divideSigned(int bits, long operand) {
		long divisor = RegisterWidth.signed(bits, operand);
		if (divisor == 0) {
			throw divideError();
		}
		if (bits == 64) {
			divideSigned128(divisor);
			return;
		}
		long dividend = bits == 32 ? dividend(bits) : RegisterWidth.signed(2 * bits, dividend(bits));
		// The one overflow of Java's division, and of this: the quotient does not fit anyway.
		if (dividend == Long.MIN_VALUE && divisor == -1) {
			throw divideError();
		}
		long quotient = dividend / divisor;
		if (RegisterWidth.signed(bits, quotient) != quotient) {
			throw divideError();
		}
		store(bits, quotient, dividend % divisor);
	}

	private void divideSigned128(long divisor) {
		boolean negativeDividend = g[RDX] < 0;
		long low = negativeDividend ? -g[RAX] : g[RAX];
		long high = negativeDividend ? ~g[RDX] + (g[RAX] == 0 ? 1 : 0) : g[RDX];
		long magnitude = Math.abs(divisor);
		if (Long.compareUnsigned(high, magnitude) >= 0) {
			throw divideError();
		}
		long quotient = high == 0 ? Long.divideUnsigned(low, magnitude) : quotient(high, low, magnitude);
		long remainder = low - quotient * magnitude;
		boolean negative = negativeDividend != divisor < 0;
		if (negative ? Long.compareUnsigned(quotient, Long.MIN_VALUE) > 0 : quotient < 0) {
			throw divideError();
		}
		store(64, negative ? -quotient : quotient, negativeDividend ? -remainder : remainder);
	}
}
