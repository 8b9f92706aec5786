/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.SplittableRandom;

/** Operands: edges of all widths, numbers that meet each other, and anything. */
final class RandomValues {
	private static final double[] DOUBLES = { 0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY,
			Double.NEGATIVE_INFINITY, Double.MAX_VALUE, Double.MIN_VALUE, Double.MIN_NORMAL };
	private static final float[] SINGLES = { 0f, -0f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY,
			Float.MAX_VALUE, Float.MIN_VALUE, Float.MIN_NORMAL };

	private final SplittableRandom random;

	RandomValues(SplittableRandom random) {
		this.random = random;
	}

	/** All general registers; of compatibility mode the lower halves alone. */
	long[] registers(boolean compatibility) {
		long[] registers = new long[16];
		for (int k = 0; k < registers.length; k++) {
			registers[k] = compatibility ? integer() & 0xffff_ffffL : integer();
		}
		return registers;
	}

	/** Values near the borders of all widths are as likely as any others. */
	long integer() {
		int width = 8 << random.nextInt(4);
		return switch (random.nextInt(6)) {
			case 0 -> (1L << width - 1) + random.nextInt(-2, 3);
			case 1 -> random.nextInt(-3, 4);
			case 2 -> (-1L >>> 64 - width) + random.nextInt(-1, 2);
			case 3 -> random.nextLong() >> random.nextInt(64);
			default -> random.nextLong();
		};
	}

	/** Half of a vector register. */
	long half() {
		return switch (random.nextInt(8)) {
			case 0, 1 -> integer();
			case 2 -> text();
			case 3, 4 -> Double.doubleToRawLongBits(real());
			case 5 -> exponents();
			default -> single() << 32 | single();
		};
	}

	/** Bytes or words of a small alphabet with zeros. */
	private long text() {
		int mask = random.nextBoolean() ? 3 : 0x81;
		long letters = random.nextLong() & (random.nextBoolean() ? 0x0101_0101_0101_0101L * mask
				: 0x0001_0001_0001_0001L * mask);
		return random.nextBoolean() ? letters | 0x0004_0404_0404_0404L : letters;
	}

	/** Doubles, or pairs of singles, at the borders of overflow and underflow, and NaNs of all kinds. */
	private long exponents() {
		long fraction = random.nextLong() & -1L << random.nextInt(64);
		if (random.nextBoolean()) {
			int near = new int[] { 0, 1, 0x7fe, 0x7ff, 1023, 1023 - 500, 1023 + 500 }[random.nextInt(7)];
			return fraction & 0x800f_ffff_ffff_ffffL | (near + random.nextInt(3) & 0x7ffL) << 52;
		}
		int near = new int[] { 0, 1, 0xfe, 0xff, 127, 127 - 60, 127 + 60 }[random.nextInt(7)];
		long single = near + random.nextInt(3) & 0xffL;
		return fraction & 0x807f_ffff_807f_ffffL | single << 23 | single << 55;
	}

	private double real() {
		return switch (random.nextInt(8)) {
			case 0 -> random.nextInt(-9, 10);
			case 1 -> random.nextDouble() * 1e-308;
			case 2 -> random.nextDouble() * 1e308;
			case 3 -> DOUBLES[random.nextInt(DOUBLES.length)];
			case 4 -> random.nextInt() / 16.0;
			default -> (random.nextDouble() - 0.5) * 1e6;
		};
	}

	private long single() {
		float value = switch (random.nextInt(8)) {
			case 0 -> random.nextInt(-9, 10);
			case 1 -> random.nextFloat() * 1e-38f;
			case 2 -> random.nextFloat() * 1e38f;
			case 3 -> SINGLES[random.nextInt(SINGLES.length)];
			case 4 -> random.nextInt() / 16f;
			default -> (random.nextFloat() - 0.5f) * 1e6f;
		};
		return Float.floatToRawIntBits(value) & 0xffff_ffffL;
	}
}
