/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.video;

import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * The adapter's 16 MB. A VGA's first 256 KB are there from the start; a guest that reaches beyond them, or turns the linear
 * framebuffer on, gets the whole, as a RAM bank beyond its reach that the framebuffer's base address shows. As a device it
 * is the framebuffer before that.
 */
final class VideoMemory implements MmioDevice {
	/** hostPhysical address of the bank: above the local APICs' pages, where no guestPhysical address leads. */
	static final long BANK = 3L << 40;
	static final int SIZE = 16 << 20;
	private static final int VGA_SIZE = 256 << 10;

	private final PhysicalMemory memory;
	private final Runnable whole;
	private byte[] bytes = new byte[VGA_SIZE];

	/**
	 * @param whole called when the bank has come into being
	 */
	VideoMemory(PhysicalMemory memory, Runnable whole) {
		this.memory = memory;
		this.whole = whole;
	}

	/** Whether the bank is there. */
	boolean isWhole() {
		return bytes.length == SIZE;
	}

	/** Makes the bank, unless it is there. */
	void makeWhole() {
		if (!isWhole()) {
			memory.addRam(BANK, SIZE);
			memory.copyIn(BANK, bytes, 0, bytes.length);
			bytes = java.util.Objects.requireNonNull(memory.bankAt(BANK)).bytes;
			whole.run();
		}
	}

	/** A byte, 0 to 255; offsets wrap. */
	int get(int offset) {
		int at = offset & SIZE - 1;
		return at < bytes.length ? bytes[at] & 0xff : 0;
	}

	/** The four bytes of a place at a multiple of 4. */
	int getPlanes(int offset) {
		int at = offset & SIZE - 1;
		return at < bytes.length ? (int) LittleEndian.INT.get(bytes, at) : 0;
	}

	void set(int offset, int value) {
		reach(offset & SIZE - 1)[offset & SIZE - 1] = (byte) value;
	}

	void setPlanes(int offset, int value) {
		LittleEndian.INT.set(reach(offset & SIZE - 1), offset & SIZE - 1, value);
	}

	/** Clears the first {@code length} bytes. */
	void clear(long length) {
		java.util.Arrays.fill(bytes, 0, (int) Math.min(bytes.length, length), (byte) 0);
	}

	private byte[] reach(int last) {
		if (last >= bytes.length) {
			makeWhole();
		}
		return bytes;
	}

	@Override
	public long read(long offset, int size) {
		return offset + size <= bytes.length ? LittleEndian.get(bytes, (int) offset, size) : 0;
	}

	@Override
	public void write(long offset, int size, long value) {
		LittleEndian.set(reach((int) offset + size - 1), (int) offset, size, value);
	}
}
