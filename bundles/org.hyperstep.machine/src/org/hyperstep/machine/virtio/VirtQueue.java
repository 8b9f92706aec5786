/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;

/**
 * A split virtqueue (Virtual I/O Device specification, "Split Virtqueues"), the device's side. All that the driver wrote
 * is checked: rings lie in RAM, a chain has no more buffers than the queue has descriptors, there are no more chains
 * than descriptors. A driver that breaks a rule gets {@link Broken}.
 */
@SuppressWarnings("nls")
final class VirtQueue {
	/** Descriptors at most. */
	static final int LARGEST = 256;
	private static final int DESCRIPTOR = 16, USED_ENTRY = 8, RING = 4;
	private static final int NEXT = 1, WRITE = 2, INDIRECT = 4, NO_INTERRUPT = 1;

	/** The driver broke the rules; the device needs a reset. */
	static final class Broken extends Exception {
		private static final long serialVersionUID = 1L;

		Broken(String message) {
			super(message, null, false, false);
		}
	}

	private final DirectMemory memory;
	private final byte[] descriptor = new byte[DESCRIPTOR];
	int size;
	boolean enabled;
	long descriptors;
	long driver;
	long device;
	private int taken;
	private int used;

	VirtQueue(DirectMemory memory) {
		this.memory = memory;
		reset();
	}

	void reset() {
		size = LARGEST;
		enabled = false;
		descriptors = 0;
		driver = 0;
		device = 0;
		taken = 0;
		used = 0;
	}

	DeviceState state() {
		return new DeviceState().number("size", () -> size, v -> size = (int) v)
				.flag("enabled", () -> enabled, v -> enabled = v)
				.number("descriptors", () -> descriptors, v -> descriptors = v)
				.number("driver", () -> driver, v -> driver = v).number("device", () -> device, v -> device = v)
				.number("taken", () -> taken, v -> taken = (int) v).number("used", () -> used, v -> used = (int) v);
	}

	/** Chains that the driver has made available and that were not taken yet. */
	int available() throws Broken {
		if (!enabled) {
			return 0;
		}
		if (!memory.isRam(driver, RING + 2L * size) || !memory.isRam(device, RING + (long) USED_ENTRY * size)
				|| !memory.isRam(descriptors, (long) DESCRIPTOR * size)) {
			throw new Broken("a ring is not in memory");
		}
		int count = (int) memory.read(driver + 2, 2) - taken & 0xffff;
		if (count > size) {
			throw new Broken(count + " chains in a queue of " + size);
		}
		return count;
	}

	/** Takes the next chain, or null if there is none. It must go back by {@link #giveBack}. */
	@Nullable
	Chain take() throws Broken {
		if (available() == 0) {
			return null;
		}
		int head = (int) memory.read(driver + RING + 2L * (taken & size - 1), 2);
		taken = taken + 1 & 0xffff;
		Chain chain = new Chain(memory, head);
		follow(chain, descriptors, size, head, true);
		return chain;
	}

	/** Puts the chain taken last back, as if it had not been taken. */
	void untake() {
		taken = taken - 1 & 0xffff;
	}

	private void follow(Chain chain, long table, int entries, int first, boolean indirectAllowed) throws Broken {
		int index = first;
		for (int count = 0; count < entries; count++) {
			if (index >= entries) {
				throw new Broken("descriptor " + index + " of " + entries);
			}
			memory.read(table + (long) DESCRIPTOR * index, descriptor, 0, DESCRIPTOR);
			long address = field(0, 8);
			long length = field(8, 4);
			int flags = (int) field(12, 2);
			int next = (int) field(14, 2);
			if ((flags & INDIRECT) != 0) {
				indirect(chain, address, length, flags, indirectAllowed);
				return;
			}
			if (!memory.isRam(address, length) || !chain.add(address, length, (flags & WRITE) != 0)) {
				throw new Broken(String.format("a buffer of 0x%x bytes at 0x%x", length, address));
			}
			if ((flags & NEXT) == 0) {
				return;
			}
			index = next;
		}
		throw new Broken("a chain that does not end");
	}

	private void indirect(Chain chain, long table, long length, int flags, boolean allowed) throws Broken {
		long entries = length / DESCRIPTOR;
		if (!allowed || (flags & NEXT) != 0 || length % DESCRIPTOR != 0 || entries == 0 || entries > LARGEST
				|| !memory.isRam(table, length)) {
			throw new Broken(String.format("an indirect table of 0x%x bytes at 0x%x", length, table));
		}
		follow(chain, table, (int) entries, 0, false);
	}

	private long field(int offset, int length) {
		long value = 0;
		for (int i = 0; i < length; i++) {
			value |= (descriptor[offset + i] & 0xffL) << 8 * i;
		}
		return value;
	}

	/**
	 * Gives a chain back to the driver.
	 *
	 * @param written bytes that the device wrote
	 */
	void giveBack(Chain chain, long written) {
		long entry = device + RING + (long) USED_ENTRY * (used & size - 1);
		memory.write(entry, 4, chain.head);
		memory.write(entry + 4, 4, written);
		used = used + 1 & 0xffff;
		memory.write(device + 2, 2, used);
	}

	/** Whether the driver wants an interrupt for what was given back. */
	boolean wantsInterrupt() {
		return ((int) memory.read(driver, 2) & NO_INTERRUPT) == 0;
	}
}
