/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.SplittableRandom;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** Random x87 states and operands in memory that meet each other, in all encodings, under all control words. */
final class X87States {
	private static final int SPECIAL = 0x7fff, BIAS = 0x3fff;
	private final SplittableRandom random;
	/** Exponent that the operands of one case are near to. */
	private int near;

	X87States(SplittableRandom random) {
		this.random = random;
	}

	/** A state; the operands in memory that {@link #patch} gives are then near to it. */
	HostProcessor.X87 x87() {
		near = random.nextInt(4) == 0 ? random.nextInt(0x8000) : BIAS;
		int exceptions = random.nextInt(4) != 0 ? 0x3f : random.nextInt(64);
		// Precision control 1 is reserved.
		int precision = random.nextInt(2) == 0 ? 0x300 : 0x200 * random.nextInt(2);
		int control = exceptions | 0x40 | precision | random.nextInt(4) << 10 | random.nextInt(2) << 12;
		int status = random.nextInt() & 0x7f00;
		if (random.nextInt(4) == 0) {
			// Mostly flags that are masked: others raise #MF before the instruction.
			int flags = random.nextInt(128);
			status |= random.nextInt(8) == 0 ? flags : flags & (exceptions | 0x40);
		}
		int empty = random.nextInt(3) == 0 ? random.nextInt(256) : 1 << ((status >> 11) + 7 & 7);
		int tags = 0;
		long[] significands = new long[8];
		int[] words = new int[8];
		for (int k = 0; k < 8; k++) {
			tags |= (empty >> k & 1) * 3 << 2 * k;
			words[k] = word();
			significands[k] = significand(words[k] & SPECIAL);
		}
		return new HostProcessor.X87(control, status, tags, significands, words);
	}

	private int word() {
		int sign = random.nextInt(2) << 15;
		return sign | switch (random.nextInt(16)) {
			case 0 -> 0;
			case 1 -> random.nextInt(3) == 0 ? SPECIAL : 0x7ffe;
			case 2 -> random.nextInt(0x8000);
			case 3 -> random.nextInt(130);
			case 4 -> BIAS + random.nextInt(-1100, 1100) & SPECIAL;
			case 5 -> BIAS + random.nextInt(-160, 160);
			case 6, 7 -> near + random.nextInt(-70, 70) & SPECIAL;
			case 8 -> BIAS + 63;
			default -> near + random.nextInt(-3, 4) & SPECIAL;
		};
	}

	private long significand(int exponent) {
		long bits = switch (random.nextInt(12)) {
			case 0 -> 0;
			case 1 -> -1L;
			case 2 -> -1L << random.nextInt(64);
			case 3 -> 1L << random.nextInt(64);
			case 4 -> -1L >>> random.nextInt(64);
			case 5 -> random.nextLong() & -1L << random.nextInt(64);
			case 6 -> (long) random.nextInt(1, 100) << random.nextInt(57);
			case 7 -> 0xc000_0000_0000_0000L | random.nextInt(3);
			case 8 -> random.nextLong() & 0xffff_ff00_0000_0000L | 1L << random.nextInt(40);
			default -> random.nextLong();
		};
		// Mostly supported formats: the integer bit is set unless the exponent is 0.
		return exponent == 0 || random.nextInt(40) == 0 ? bits : bits | Long.MIN_VALUE;
	}

	/** An operand at an offset in the window. */
	HostProcessor.Patch patch(Instruction i, int offset) {
		int size = i.operands().size() == 1 && i.operand(0) instanceof Operand.Mem mem ? mem.size() : 0;
		int word = word();
		long low = significand(word & SPECIAL);
		if (i.mnemonic() == Mnemonic.FBLD) {
			// Digits above 9 are undefined.
			low = Long.parseUnsignedLong(Long.toString(random.nextLong(1_000_000_000_000_000L) * 10), 16);
			word = word & 0xff00 | random.nextInt(10) << 4 | random.nextInt(10);
		} else if (i.mnemonic().name().startsWith("FI")) { //$NON-NLS-1$
			low = random.nextBoolean() ? random.nextInt(-9, 10) : random.nextLong() >> random.nextInt(64);
		} else if (size == 4 || size == 8) {
			low = size == 8 ? Double.doubleToRawLongBits(narrow(1023)) : Float.floatToRawIntBits((float) narrow(127));
			low = random.nextInt(4) == 0 ? edge(size) : low;
		}
		return new HostProcessor.Patch(offset, low, word);
	}

	private double narrow(int range) {
		double fraction = random.nextBoolean() ? 1 : random.nextDouble(1, 2);
		int exponent = random.nextBoolean() ? random.nextInt(-3, 4) : random.nextInt(-range - 10, range + 1);
		return Math.scalb(random.nextBoolean() ? -fraction : fraction, exponent);
	}

	/** Zeros, denormals, infinities and NaNs. */
	private long edge(int size) {
		boolean wide = size == 8;
		int fraction = wide ? 52 : 23;
		long largest = wide ? 0x7ff : 0xff;
		long exponent = random.nextBoolean() ? 0 : largest;
		long bits = random.nextBoolean() ? 0 : random.nextLong() >>> 64 - fraction;
		return (random.nextLong() & largest + 1 | exponent) << fraction | bits;
	}
}
