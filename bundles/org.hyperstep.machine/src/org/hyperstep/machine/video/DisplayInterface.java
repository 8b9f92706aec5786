/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;

/**
 * Bochs' interface for linear framebuffers (VBE DISPI): an index at port 0x1ce and data at 0x1cf and 0x1d0, each of them 16 bits
 * wide, so that accesses of neighbours overlap.
 */
@SuppressWarnings("nls")
final class DisplayInterface implements PortDevice {
	static final int FIRST_PORT = 0x1ce, PORTS = 4;
	private static final int ID = 0, WIDTH = 1, HEIGHT = 2, DEPTH = 3, ENABLE = 4, BANK = 5, VIRTUAL_WIDTH = 6,
			VIRTUAL_HEIGHT = 7, X_OFFSET = 8, Y_OFFSET = 9, MEMORY_64K = 10, REGISTERS = 11;
	private static final int OLDEST_VERSION = 0xb0c0, VERSION = 0xb0c5, ENABLED = 1, CAPABILITIES = 2,
			WIDE_COLOURS = 0x20, NO_CLEAR = 0x80;
	private static final int MOST_WIDTH = 4096, MOST_HEIGHT = 2160, MOST_DEPTH = 32;

	private final VideoMemory memory;
	private final int[] values = new int[REGISTERS];
	private int index;

	DisplayInterface(VideoMemory memory) {
		this.memory = memory;
	}

	void reset() {
		index = 0;
		java.util.Arrays.fill(values, 0);
		values[ID] = VERSION;
		values[MEMORY_64K] = VideoMemory.SIZE >> 16;
	}

	DeviceState state() {
		return new DeviceState().number("index", () -> index, v -> index = (int) v).numbers("registers", values);
	}

	boolean isEnabled() {
		return (values[ENABLE] & ENABLED) != 0;
	}

	boolean wideColours() {
		return (values[ENABLE] & WIDE_COLOURS) != 0;
	}

	int width() {
		return values[WIDTH];
	}

	int height() {
		return values[HEIGHT];
	}

	/** Bits a pixel: 4, 8, 15, 16, 24 or 32. */
	int depth() {
		return values[DEPTH];
	}

	/** Bytes from a line to the next. */
	int pitch() {
		return values[DEPTH] == 4 ? values[VIRTUAL_WIDTH] >> 1 : values[VIRTUAL_WIDTH] * bytesPerPixel();
	}

	int bytesPerPixel() {
		return values[DEPTH] + 7 >> 3;
	}

	/** Byte offset of the first pixel shown. */
	long start() {
		return (long) values[Y_OFFSET] * pitch() + (long) values[X_OFFSET] * Math.max(1, bytesPerPixel());
	}

	/** Byte offset of the 64 KB that show in the VGA's window. */
	long bank() {
		return isEnabled() ? (long) values[BANK] << 16 : 0;
	}

	@Override
	public long read(int port, int size) {
		if (size != 2) {
			return -1;
		}
		return port == 0 ? index : get(index);
	}

	@Override
	public void write(int port, int size, long value) {
		if (size == 2) {
			if (port == 0) {
				index = (int) value;
			} else {
				set(index, (int) value);
			}
		}
	}

	/** With the capabilities bit set, the resolution registers say the most that is possible. */
	int get(int register) {
		if (register >= REGISTERS) {
			return 0;
		}
		boolean most = (values[ENABLE] & CAPABILITIES) != 0;
		return switch (register) {
			case WIDTH -> most ? MOST_WIDTH : values[WIDTH];
			case HEIGHT -> most ? MOST_HEIGHT : values[HEIGHT];
			case DEPTH -> most ? MOST_DEPTH : values[DEPTH];
			default -> values[register];
		};
	}

	void set(int register, int value) {
		switch (register) {
			case WIDTH -> values[WIDTH] = Math.clamp(value & ~7, 8, MOST_WIDTH);
			case HEIGHT -> values[HEIGHT] = Math.clamp(value, 1, MOST_HEIGHT);
			case DEPTH -> {
				boolean possible = value == 4 || value == 8 || value == 15 || value == 16 || value == 24 || value == 32;
				values[DEPTH] = possible || value == 0 ? value == 0 ? 8 : value : values[DEPTH];
			}
			case ENABLE -> enable(value);
			case BANK -> values[BANK] = Math.min(value, (VideoMemory.SIZE >> 16) - 1);
			case VIRTUAL_WIDTH -> setVirtualWidth(value);
			case X_OFFSET, Y_OFFSET -> setOffset(register, value);
			case ID -> values[ID] = value >= OLDEST_VERSION && value <= VERSION ? value : values[ID];
			default -> {
				// The virtual height follows from the memory; the memory's size is fixed.
			}
		}
	}

	private void enable(int value) {
		boolean wasEnabled = isEnabled();
		values[ENABLE] = value & 0xff;
		if (isEnabled() && !wasEnabled) {
			memory.makeWhole();
			values[DEPTH] = values[DEPTH] == 0 ? 8 : values[DEPTH];
			values[X_OFFSET] = 0;
			values[Y_OFFSET] = 0;
			values[BANK] = 0;
			setVirtualWidth(values[WIDTH]);
			if ((value & NO_CLEAR) == 0) {
				memory.clear((long) pitch() * values[HEIGHT]);
			}
		}
	}

	private void setVirtualWidth(int value) {
		values[VIRTUAL_WIDTH] = Math.max(value, values[WIDTH]);
		values[VIRTUAL_HEIGHT] = pitch() == 0 ? 0 : Math.min(0xffff, VideoMemory.SIZE / pitch());
	}

	private void setOffset(int register, int value) {
		int before = values[register];
		values[register] = value;
		if (start() + (long) pitch() * values[HEIGHT] > VideoMemory.SIZE) {
			values[register] = before;
		}
	}
}
