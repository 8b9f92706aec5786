/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Objects;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.pci.ConfigSpace;
import org.hyperstep.machine.pci.PciAddress;
import org.hyperstep.x86.memory.PhysicalMemory;

/** A driver of a virtio device at 00:02.0 or behind it: registers, one ring a queue, buffers made by the test. */
final class VirtioDriver {
	static final int BUFFERS = 0x200000;
	private static final int RINGS = 0x100000, RING_SIZE = 0x10000, SIZE = 16;
	private static final int DRIVER_RING = 0x4000, DEVICE_RING = 0x8000;

	final PhysicalMemory memory;
	final ConfigSpace config;
	private final long base;
	private final int[] made = new int[2];

	VirtioDriver(Pc pc, int device) {
		memory = pc.machine.physicalMemory();
		config = Objects.requireNonNull(pc.machine.pci().at(new PciAddress(device, 0))).config();
		base = 0xe0000000L + device * 0x10000L;
		config.write(0x10, 4, base);
		config.write(4, 2, 7);
	}

	/** Negotiates what the device offers and sets up queues. */
	void start(int queues) {
		write(0x14, 1, 0);
		write(0x14, 1, 3);
		for (int half = 0; half < 2; half++) {
			write(0, 4, half);
			long offered = read(4, 4);
			write(8, 4, half);
			write(0xc, 4, offered);
		}
		write(0x14, 1, 0xb);
		assertEquals(0xb, read(0x14, 1));
		for (int queue = 0; queue < queues; queue++) {
			long ring = RINGS + queue * RING_SIZE;
			made[queue] = 0;
			memory.write(ring + DRIVER_RING, 4, 0);
			memory.write(ring + DEVICE_RING, 4, 0);
			write(0x16, 2, queue);
			write(0x18, 2, SIZE);
			write(0x20, 8, ring);
			write(0x28, 8, ring + DRIVER_RING);
			write(0x30, 4, ring + DEVICE_RING);
			write(0x34, 4, 0);
			write(0x1c, 2, 1);
		}
		write(0x14, 1, 0xf);
	}

	long read(int offset, int size) {
		return memory.read(base + offset, size);
	}

	void write(int offset, int size, long value) {
		memory.write(base + offset, size, value);
	}

	/** Fills a descriptor. */
	void descriptor(int queue, int index, long address, long length, int flags, int next) {
		long at = RINGS + queue * RING_SIZE + 16L * index;
		memory.write(at, 8, address);
		memory.write(at + 8, 4, length);
		memory.write(at + 12, 2, flags);
		memory.write(at + 14, 2, next);
	}

	/** Makes a chain available and tells the device. */
	void offer(int queue, int head) {
		long ring = RINGS + queue * RING_SIZE + DRIVER_RING;
		memory.write(ring + 4 + 2L * (made[queue] % SIZE), 2, head);
		memory.write(ring + 2, 2, ++made[queue]);
		write(0x3000 + 4 * queue, 2, queue);
	}

	/** How many chains the device gave back. */
	int given(int queue) {
		return (int) memory.read(RINGS + queue * RING_SIZE + DEVICE_RING + 2, 2);
	}

	/** The length that the device gave back with its newest chain. */
	long givenLength(int queue) {
		return memory.read(RINGS + queue * RING_SIZE + DEVICE_RING + 8 + 8L * ((given(queue) - 1) % SIZE), 4);
	}

	/** Three descriptors: what is read, what is written, the status. */
	void request(long read, long readLength, long data, long length, boolean fromDevice, long status) {
		descriptor(0, 0, read, readLength, 1, 1);
		descriptor(0, 1, data, length, fromDevice ? 3 : 1, 2);
		descriptor(0, 2, status, 1, 2, 0);
		offer(0, 0);
	}
}
