/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * Message signalled interrupts with a message for each vector (PCI Local Bus Specification, "MSI-X Capability and Table
 * Structures"). The table and the pending bits lie behind a base address of their own.
 */
@SuppressWarnings("nls")
public final class MessageVectors implements MmioDevice {
	/** More have no room in the table. */
	static final int MOST = 64;
	static final int SIZE = 0x1000;
	private static final int ID = 0x11, LENGTH = 12, ENABLE = 1 << 15, MASK_ALL = 1 << 14;
	private static final int ENTRY = 16, DATA = 8, CONTROL = 12, MASKED = 1, PENDING = 0x800;

	private final PciFunction function;
	private final PciBus bus;
	private final ConfigRegister control;
	private final int count;
	private final byte[] table;
	/** A bit a vector that waits for its mask to go. */
	private long pending;

	MessageVectors(PciFunction function, PciBus bus, int baseAddress, int count) {
		this.function = function;
		this.bus = bus;
		this.count = java.util.Objects.checkIndex(count, MOST + 1);
		table = new byte[count * ENTRY];
		int at = function.capability("MSI-X", ID, LENGTH);
		ConfigSpace config = function.config();
		control = config.register("MSI-X: Message Control", at + 2, 2, count - 1, ENABLE | MASK_ALL)
				.onWrite(this::controlWritten);
		config.readOnly("MSI-X: Table Offset", at + 4, 4, baseAddress);
		config.readOnly("MSI-X: Pending Bit Array Offset", at + 8, 4, PENDING | baseAddress);
		function.memory(baseAddress, SIZE, this);
		reset();
	}

	void reset() {
		java.util.Arrays.fill(table, (byte) 0);
		for (int vector = 0; vector < count; vector++) {
			table[vector * ENTRY + CONTROL] = MASKED;
		}
		pending = 0;
	}

	DeviceState state() {
		return new DeviceState().bytes("table", table).number("pending", () -> pending, v -> pending = v);
	}

	/** How many vectors there are. */
	public int count() {
		return count;
	}

	/** Whether the guest has enabled them: no wire is used then. */
	public boolean areEnabled() {
		return (control.get() & ENABLE) != 0;
	}

	/** Sends a vector's message, or notes it while the vector is masked; none that is not there. */
	public void raise(int vector) {
		if (areEnabled() && vector >= 0 && vector < count) {
			pending |= 1L << vector;
			sendPending();
		}
	}

	private void controlWritten() {
		function.driveInterrupt();
		sendPending();
	}

	private void sendPending() {
		if (!areEnabled() || (control.get() & MASK_ALL) != 0 || !function.isBusMaster()) {
			return;
		}
		for (long left = pending; left != 0; left &= left - 1) {
			int vector = Long.numberOfTrailingZeros(left);
			int at = vector * ENTRY;
			if ((table[at + CONTROL] & MASKED) == 0) {
				pending &= ~(1L << vector);
				bus.sendMessage(LittleEndian.get(table, at, 4), LittleEndian.get(table, at + DATA, 4));
			}
		}
	}

	/** "Software must use aligned accesses of 4 or 8 bytes"; others read as ones and are dropped. */
	@Override
	public long read(long offset, int size) {
		if (size < 4 || (offset & size - 1) != 0) {
			return -1;
		}
		if (offset + size <= table.length) {
			return LittleEndian.get(table, (int) offset, size);
		}
		if (offset >= PENDING && offset + size <= PENDING + 8) {
			return pending >>> 8 * (offset - PENDING);
		}
		return 0;
	}

	@Override
	public void write(long offset, int size, long value) {
		if (size >= 4 && (offset & size - 1) == 0 && offset + size <= table.length) {
			LittleEndian.set(table, (int) offset, size, value);
			sendPending();
		}
	}
}
