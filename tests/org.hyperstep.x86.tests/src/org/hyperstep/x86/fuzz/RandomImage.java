/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * The memory that a stream begins with, from a seed: descriptor tables, page tables, and bytes to execute. Handlers of
 * events are more of the random code.
 */
final class RandomImage {
	static final int RAM = 0x1_0000, GDT = 0x1000, IDT = 0x2000, TABLES = 0x3000, TSS = 0x7000, RANDOM = 0x8000;
	private static final int LONG_GATE = 16;
	private static final long PRESENT_WRITABLE_USER = 7;
	static final int[] CODES = { 0x8, 0x10, 0x18 };
	static final long[] DESCRIPTORS = { 0, 0x00cf9b000000ffffL, 0x00af9b000000ffffL, 0x000f9b000000ffffL,
			0x00cf93000000ffffL, 0x00cffb000000ffffL, 0x00affb000000ffffL, 0x00cff3000000ffffL, 0x000093000000ffffL };

	/** Modes that streams begin in. */
	enum Mode {
		REAL, PROTECTED_16, PROTECTED_32, PAGED_32, LONG, COMPATIBILITY
	}

	private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

	private static final Mode[] MODES = Mode.values();

	final byte[] bytes = new byte[RAM];
	private long seed;
	private Mode mode = Mode.REAL;
	private SplittableRandom random = new SplittableRandom(0);

	/** Makes it what a seed says. */
	void fill(long newSeed) {
		seed = newSeed;
		random = new SplittableRandom(seed);
		mode = MODES[random.nextInt(MODES.length)];
		fillMemory();
	}

	/** What it was made from. */
	long seed() {
		return seed;
	}

	/** The mode that the stream begins in. */
	Mode mode() {
		return mode;
	}

	private void fillMemory() {
		Arrays.fill(bytes, 0, RANDOM, (byte) 0);
		for (int at = RANDOM; at < RAM; at += 8) {
			WORDS.set(bytes, at, random.nextLong());
		}
		if (random.nextInt(4) != 0) {
			makePlausible();
		}
		for (int i = 0; i < DESCRIPTORS.length; i++) {
			put(GDT + 8 * i, 8, DESCRIPTORS[i]);
		}
		boolean wide = mode == Mode.LONG || mode == Mode.COMPATIBILITY;
		for (int vector = 0; vector < 256; vector++) {
			fillGate(wide, vector);
		}
		fillPageTables(wide);
		for (int i = 4; i < 0x68; i += 8) {
			put(TSS + i, 8, RAM - 0x1000 + random.nextInt(0x1000));
		}
	}

	private void put(int at, int size, long value) {
		switch (size) {
			case 8 -> WORDS.set(bytes, at, value);
			case 4 -> INTS.set(bytes, at, (int) value);
			default -> throw new IllegalArgumentException("size " + size); //$NON-NLS-1$
		}
	}

	/** Opcodes that software uses, at odd places: plain random bytes are exceptions for the most part. */
	private void makePlausible() {
		for (int at = RANDOM; at < RAM - 16;) {
			long bits = random.nextLong();
			int any = (int) (bits >>> 16);
			switch ((int) bits & 7) {
				case 0 -> bytes[at] = (byte) ((any & 7) << 3 | (any >>> 3 & 0xff) % 6);
				case 1 -> bytes[at] = (byte) (0x80 + (any & 15));
				case 2 -> bytes[at] = (byte) (0x50 + (any & 15));
				case 3 -> bytes[at] = (byte) (0x70 + (any & 15));
				case 4 -> opcode(at, 0x0f, any);
				case 5 -> opcode(at, 0xf2 | any & 1, 0xa4 + (any >>> 1 & 0xff) % 12);
				case 6 -> {
					opcode(at, 0x48, any >>> 8 & 0x3f);
					bytes[at + 2] = (byte) any;
				}
				default -> bytes[at] = (byte) (0xc0 + (any & 63));
			}
			at += 1 + (int) (bits >>> 56) % 12;
		}
	}

	private void opcode(int at, int first, int second) {
		bytes[at] = (byte) first;
		bytes[at + 1] = (byte) second;
	}

	private int code() {
		return RANDOM + random.nextInt(RAM - RANDOM - 0x1000);
	}

	private void fillGate(boolean wide, int vector) {
		long handler = code();
		long type = random.nextInt(16) == 0 ? random.nextInt(256) : 0x8e | random.nextInt(2) | random.nextInt(4) << 5;
		if (wide) {
			put(IDT + LONG_GATE * vector, 8, handler & 0xffff | 0x10 << 16 | type << 40 | handler >>> 16 << 48);
		} else if (mode == Mode.REAL) {
			put(4 * vector, 4, handler & 15 | handler >>> 4 << 16);
		} else {
			put(IDT + 8 * vector, 8, handler & 0xffff | (long) CODES[random.nextInt(2) * 2] << 16 | type << 40
					| handler >>> 16 << 48);
		}
	}

	private void fillPageTables(boolean wide) {
		int entry = wide ? 8 : 4;
		if (wide) {
			put(TABLES, 8, TABLES + 0x1000 | PRESENT_WRITABLE_USER);
			put(TABLES + 0x1000, 8, TABLES + 0x2000 | PRESENT_WRITABLE_USER);
			put(TABLES + 0x2000, 8, TABLES + 0x3000 | PRESENT_WRITABLE_USER);
		} else {
			put(TABLES, 4, TABLES + 0x3000 | PRESENT_WRITABLE_USER);
		}
		for (int page = 0; page < 64; page++) {
			boolean odd = random.nextInt(12) == 0 && page >= RANDOM >> 12;
			long frame = odd ? random.nextInt(20) : page & 15;
			long permissions = odd ? random.nextInt(8) | random.nextInt(2) << 8 : PRESENT_WRITABLE_USER;
			put(TABLES + 0x3000 + entry * page, entry, frame << 12 | permissions);
		}
	}
}
