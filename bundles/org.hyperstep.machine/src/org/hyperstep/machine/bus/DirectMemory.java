/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

import java.util.function.BooleanSupplier;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The guest's RAM as a device reaches it by itself (direct memory access). It sees RAM below {@link #LIMIT} only:
 * other devices, holes and the hypervisor's own memory read as ones and drop writes. Confined to the machine's thread.
 */
public final class DirectMemory {
	/** First hostPhysical address that no device reaches. */
	public static final long LIMIT = 1L << 40;
	private static final int PAGE = 4096;

	private final PhysicalMemory memory;
	private final BooleanSupplier allowed;

	/**
	 * @param allowed asked at each access: whether the device may reach memory now; else it reads ones and writes nothing
	 */
	public DirectMemory(PhysicalMemory memory, BooleanSupplier allowed) {
		this.memory = memory;
		this.allowed = allowed;
	}

	/** Whether all the bytes are RAM that the device reaches now. */
	public boolean isRam(long guestPhysical, long length) {
		if (!allowed.getAsBoolean() || !isBelowLimit(guestPhysical, length)) {
			return false;
		}
		for (long at = guestPhysical; at < guestPhysical + length; at = (at | PAGE - 1) + 1) {
			if (memory.bankAt(memory.routed(at, Interception.READ)) == null) {
				return false;
			}
		}
		return true;
	}

	private static boolean isBelowLimit(long guestPhysical, long length) {
		return guestPhysical >= 0 && length >= 0 && guestPhysical <= LIMIT && length <= LIMIT - guestPhysical;
	}

	/** Reads {@code size} bytes, 1 to 8, little-endian and zero-extended. */
	public long read(long guestPhysical, int size) {
		if (!isRam(guestPhysical, size)) {
			return size == 8 ? -1L : (1L << 8 * size) - 1;
		}
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= memory.read(memory.routed(guestPhysical + i, Interception.READ), 1) << 8 * i;
		}
		return value;
	}

	/** Writes {@code size} bytes, 1 to 8, little-endian. */
	public void write(long guestPhysical, int size, long value) {
		if (isRam(guestPhysical, size)) {
			for (int i = 0; i < size; i++) {
				memory.write(memory.routed(guestPhysical + i, Interception.WRITE), 1, value >>> 8 * i & 0xff);
			}
		}
	}

	/** Copies from memory to the device. */
	public void read(long guestPhysical, byte[] to, int offset, int length) {
		if (!allowed.getAsBoolean() || !isBelowLimit(guestPhysical, length)) {
			java.util.Arrays.fill(to, offset, offset + length, (byte) 0xff);
			return;
		}
		for (int done = 0; done < length;) {
			long at = guestPhysical + done;
			int part = Math.min(length - done, partOfPage(at));
			memory.copyOut(memory.routed(at, Interception.READ), to, offset + done, part);
			done += part;
		}
	}

	/** Copies from the device to memory; what is no RAM is left out. */
	public void write(long guestPhysical, byte[] from, int offset, int length) {
		if (!allowed.getAsBoolean() || !isBelowLimit(guestPhysical, length)) {
			return;
		}
		for (int done = 0; done < length;) {
			long at = guestPhysical + done;
			int part = Math.min(length - done, partOfPage(at));
			memory.copyIn(memory.routed(at, Interception.WRITE), from, offset + done, part);
			done += part;
		}
	}

	/** Bytes to the end of the page. */
	private static int partOfPage(long guestPhysical) {
		return PAGE - (int) (guestPhysical & PAGE - 1);
	}
}
