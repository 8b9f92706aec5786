/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

import java.util.Arrays;
import java.util.List;

/**
 * The 64 K I/O ports. An access that is wider than its device, or that leaves the device's range, is split into halves as
 * the chip set does for an 8-bit device. Ports that have no owner belong to PCI's functions; where those do not answer
 * they read as all ones and drop writes. Confined to the machine's thread.
 */
public final class PortBus {
	private static final int PORTS = 0x10000;

	/** Ports {@code first} to {@code first + count - 1}; {@code widest} is the widest access in bytes. */
	public record Range(String owner, int first, int count, int widest, PortDevice device) {
		boolean takes(int port, int size) {
			return size <= widest && port + size <= first + count;
		}
	}

	private Range[] ranges = {};
	/** Index of the range plus one; zero where nothing is attached. */
	private final short[] rangeOf = new short[PORTS];

	private PortDevice elsewhere = new PortDevice() {
		@Override
		public long read(int port, int size) {
			return -1;
		}

		@Override
		public void write(int port, int size, long value) {
			// Nobody listens.
		}
	};

	/** Says who answers accesses of which no port has an owner; its offsets are the ports themselves. */
	public void setElsewhere(PortDevice device) {
		elsewhere = device;
	}

	/**
	 * Attaches a device.
	 *
	 * @param owner  the device's name, for messages
	 * @param widest the widest access that the device takes: 1, 2 or 4
	 * @throws IllegalStateException if one of the ports has an owner
	 */
	public void attach(String owner, int first, int count, int widest, PortDevice device) {
		Range range = new Range(owner, first, count, widest, device);
		for (int port = first; port < first + count; port++) {
			if (rangeOf[port] != 0) {
				throw new IllegalStateException(String.format("port 0x%x wanted by %s belongs to %s", port, owner, //$NON-NLS-1$
						ranges[rangeOf[port] - 1].owner()));
			}
			rangeOf[port] = (short) (ranges.length + 1);
		}
		ranges = Arrays.copyOf(ranges, ranges.length + 1);
		ranges[ranges.length - 1] = range;
	}

	/** What is attached, in the order of attaching. */
	public List<Range> ranges() {
		return List.of(ranges);
	}

	/**
	 * Reads {@code size} (1, 2 or 4) bytes from {@code port} (16 bits) on, zero-extended.
	 */
	public long read(int port, int size) {
		int index = rangeOf[port & 0xffff];
		if (index != 0) {
			Range range = ranges[index - 1];
			if (range.takes(port & 0xffff, size)) {
				return range.device.read((port & 0xffff) - range.first, size) & mask(size);
			}
		}
		if (isElsewhere(port, size)) {
			return elsewhere.read(port & 0xffff, size) & mask(size);
		}
		int half = size / 2;
		return read(port, half) | read(port + half, half) << 8 * half;
	}

	/** Writes the low {@code size} (1, 2 or 4) bytes of {@code value} to {@code port} (16 bits) and the following ones. */
	public void write(int port, int size, long value) {
		int index = rangeOf[port & 0xffff];
		if (index != 0) {
			Range range = ranges[index - 1];
			if (range.takes(port & 0xffff, size)) {
				range.device.write((port & 0xffff) - range.first, size, value & mask(size));
				return;
			}
		}
		if (isElsewhere(port, size)) {
			elsewhere.write(port & 0xffff, size, value & mask(size));
		} else if (size > 1) {
			int half = size / 2;
			write(port, half, value);
			write(port + half, half, value >>> 8 * half);
		}
	}

	private boolean isElsewhere(int port, int size) {
		for (int i = 0; i < size; i++) {
			if (rangeOf[port + i & 0xffff] != 0) {
				return false;
			}
		}
		return true;
	}

	private static long mask(int size) {
		return (1L << 8 * size) - 1;
	}
}
