/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.virtio;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.bus.DirectMemory;

/**
 * A chain of descriptors as two streams: the bytes that the driver wrote, then the room that it left for the device. How
 * the driver cut them into buffers does not count (Virtual I/O Device specification, "Message Framing").
 */
final class Chain {
	private record Part(long guestPhysical, long length) {
	}

	private final DirectMemory memory;
	/** The index under which the chain goes back. */
	final int head;
	private final List<Part> readable = new ArrayList<>();
	private final List<Part> writable = new ArrayList<>();
	private long readableLength;
	private long writableLength;

	Chain(DirectMemory memory, int head) {
		this.memory = memory;
		this.head = head;
	}

	/** Adds a buffer. Returns false if the driver may not place one there: a readable one behind a writable one. */
	boolean add(long guestPhysical, long length, boolean isWritable) {
		if (isWritable) {
			writable.add(new Part(guestPhysical, length));
			writableLength += length;
			return true;
		}
		readable.add(new Part(guestPhysical, length));
		readableLength += length;
		return writable.isEmpty();
	}

	/** Bytes from the driver. */
	long readableLength() {
		return readableLength;
	}

	/** Bytes of room for the device. */
	long writableLength() {
		return writableLength;
	}

	/** Copies bytes from the driver, which must be there. */
	void read(long at, byte[] to, int offset, int length) {
		move(readable, at, to, offset, length, false);
	}

	/** Copies bytes to the driver, for which there must be room. */
	void write(long at, byte[] from, int offset, int length) {
		move(writable, at, from, offset, length, true);
	}

	private void move(List<Part> parts, long at, byte[] bytes, int offset, int length, boolean toMemory) {
		long skip = at;
		int done = 0;
		for (Part part : parts) {
			if (skip >= part.length) {
				skip -= part.length;
				continue;
			}
			int count = (int) Math.min(length - done, part.length - skip);
			if (toMemory) {
				memory.write(part.guestPhysical + skip, bytes, offset + done, count);
			} else {
				memory.read(part.guestPhysical + skip, bytes, offset + done, count);
			}
			done += count;
			skip = 0;
			if (done == length) {
				return;
			}
		}
		if (done < length) {
			throw new IllegalStateException("a chain has no bytes at " + (at + done)); //$NON-NLS-1$
		}
	}
}
