/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import java.util.function.LongSupplier;

import org.hyperstep.x86.memory.MmioDevice;

/**
 * The 128 KB below 768 KB through which the processor reaches the four planes of a VGA (IBM VGA technical reference,
 * "Programming the VGA: Video Memory Read/Write Operations"). The four bytes of a place stand side by side in the
 * adapter's memory, plane 0 first, so that the linear framebuffer shows the same bytes.
 */
final class VideoWindow implements MmioDevice {
	static final long BASE = 0xa0000;
	static final int SIZE = 0x20000;
	private static final int CHAIN_4 = 8, ODD_EVEN = 0x10, READ_COMPARE = 8;
	private static final int OUTSIDE = -1;

	private final VgaRegisters registers;
	private final VideoMemory memory;
	/** Byte offset of the bank that shows at the window's start in a linear mode. */
	private final LongSupplier bank;
	int latch;

	VideoWindow(VgaRegisters registers, VideoMemory memory, LongSupplier bank) {
		this.registers = registers;
		this.memory = memory;
		this.bank = bank;
	}

	@Override
	public long read(long offset, int size) {
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (long) readByte((int) offset + i) << 8 * i;
		}
		return value;
	}

	@Override
	public void write(long offset, int size, long value) {
		for (int i = 0; i < size; i++) {
			writeByte((int) offset + i, (int) (value >>> 8 * i) & 0xff);
		}
	}

	/** Miscellaneous graphics register, "Memory Map Select". */
	private int place(int offset) {
		return switch (registers.graphics.get(VgaRegisters.GFX_MISCELLANEOUS) >> 2 & 3) {
			case 0 -> offset;
			case 1 -> offset < 0x10000 ? offset + (int) bank.getAsLong() : OUTSIDE;
			case 2 -> offset >= 0x10000 && offset < 0x18000 ? offset - 0x10000 : OUTSIDE;
			default -> offset >= 0x18000 ? offset - 0x18000 : OUTSIDE;
		};
	}

	private boolean chained() {
		return (registers.sequencer.get(VgaRegisters.SEQ_MEMORY_MODE) & CHAIN_4) != 0;
	}

	private int mode() {
		return registers.graphics.get(VgaRegisters.GFX_MODE);
	}

	/** The byte of an access in odd/even mode: the address's low bit selects the plane. */
	private int oddEven(int place) {
		return (place & ~1) << 1 | registers.graphics.get(4) & 2 | place & 1;
	}

	private int readByte(int offset) {
		int place = place(offset);
		if (place == OUTSIDE) {
			return 0xff;
		}
		if (chained()) {
			return place < VideoMemory.SIZE ? memory.get(place) : 0xff;
		}
		if ((mode() & ODD_EVEN) != 0) {
			int at = oddEven(place);
			return at < VideoMemory.SIZE ? memory.get(at) : 0xff;
		}
		if (place >= VideoMemory.SIZE >> 2) {
			return 0xff;
		}
		latch = memory.getPlanes(place << 2);
		if ((mode() & READ_COMPARE) == 0) {
			return latch >>> 8 * registers.graphics.get(4) & 0xff;
		}
		int differs = (latch ^ spread(registers.graphics.get(2))) & spread(registers.graphics.get(7));
		differs |= differs >>> 16;
		return ~(differs | differs >>> 8) & 0xff;
	}

	/** Each of the four bits becomes the byte of its plane. */
	private static int spread(int bits) {
		return ((bits & 1) | (bits & 2) << 7 | (bits & 4) << 14 | (bits & 8) << 21) * 0xff;
	}

	private void writeByte(int offset, int value) {
		int place = place(offset);
		int planes = registers.sequencer.get(VgaRegisters.SEQ_MAP_MASK);
		if (place == OUTSIDE) {
			return;
		}
		if (chained() || (mode() & ODD_EVEN) != 0) {
			int at = chained() ? place : oddEven(place);
			if (at < VideoMemory.SIZE && (planes >> (at & 3) & 1) != 0) {
				memory.set(at, value);
			}
		} else if (place < VideoMemory.SIZE >> 2) {
			int mask = spread(planes);
			int old = memory.getPlanes(place << 2);
			memory.setPlanes(place << 2, old & ~mask | planar(value) & mask);
		}
	}

	/** What a write of a byte means for the four planes ("Graphics Mode Register, Write Mode"). */
	private int planar(int value) {
		IndexedRegisters graphics = registers.graphics;
		int rotation = graphics.get(3) & 7;
		int rotated = (value >> rotation | value << 8 - rotation) & 0xff;
		int bits = graphics.get(8);
		int set = spread(graphics.get(0));
		return switch (mode() & 3) {
			case 0 -> {
				int enabled = spread(graphics.get(1));
				yield combine(rotated * 0x01010101 & ~enabled | set & enabled, bits);
			}
			case 1 -> latch;
			case 2 -> combine(spread(value & 0xf), bits);
			default -> combine(set, bits & rotated);
		};
	}

	private int combine(int value, int bits) {
		int result = switch (registers.graphics.get(3) >> 3) {
			case 1 -> value & latch;
			case 2 -> value | latch;
			case 3 -> value ^ latch;
			default -> value;
		};
		int mask = bits * 0x01010101;
		return result & mask | latch & ~mask;
	}
}
