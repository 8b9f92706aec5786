/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;

/**
 * One channel's bus master ("Programming Interface for Bus Master IDE Controller"): it carries a command's data between
 * the drive and the memory that a table of regions describes. A table lies within 64 KB, so that a transfer ends.
 */
@SuppressWarnings("nls")
final class BusMaster {
	private static final int COMMAND = 0, STATUS = 2, TABLE = 4;
	private static final int START = 1, TO_MEMORY = 8;
	private static final int ACTIVE = 1, ERROR = 2, INTERRUPT = 4, CAPABLE = 0x60;
	private static final int ENTRY = 8, TABLE_LIMIT = 0x10000, CHUNK = 0x10000;
	private static final long LAST = 0x80000000L;

	private final DirectMemory memory;
	private int command;
	private int status;
	private long table;

	BusMaster(DirectMemory memory) {
		this.memory = memory;
	}

	void reset() {
		command = 0;
		status = 0;
		table = 0;
	}

	DeviceState state() {
		return new DeviceState().number("command", () -> command, v -> command = (int) v)
				.number("status", () -> status, v -> status = (int) v).number("table", () -> table, v -> table = v);
	}

	long read(int offset, int size) {
		long registers = command | (long) status << 8 * STATUS | table << 8 * TABLE;
		return registers >>> 8 * offset;
	}

	/** Writes registers. Returns whether the guest has just started the bus master. */
	boolean write(int offset, int size, long value) {
		boolean started = false;
		for (int i = 0; i < size; i++) {
			int at = offset + i;
			int part = (int) (value >>> 8 * i) & 0xff;
			if (at == COMMAND) {
				started = (part & ~command & START) != 0;
				command = part & (START | TO_MEMORY);
				status = (part & START) == 0 ? status & ~ACTIVE : started ? status | ACTIVE : status;
			} else if (at == STATUS) {
				status = status & ~(part & (ERROR | INTERRUPT)) & ~CAPABLE | part & CAPABLE;
			} else if (at >= TABLE) {
				int shift = 8 * (at - TABLE);
				table = (table & ~(0xffL << shift) | (long) part << shift) & 0xfffffffcL;
			}
		}
		return started;
	}

	boolean isStarted() {
		return (status & ACTIVE) != 0 && (command & START) != 0;
	}

	/** The drive asserts its interrupt. */
	void noteInterrupt() {
		status |= INTERRUPT;
	}

	/** What moves the bytes of one region's part. */
	@FunctionalInterface
	interface Mover {
		/** Moves {@code length} bytes, at most 64 KB, from or to the start of {@code buffer}. Returns whether it could. */
		boolean move(byte[] buffer, int length);
	}

	/**
	 * Carries out a transfer of {@code length} bytes.
	 *
	 * @param toMemory whether the drive's data go to memory
	 * @return whether all bytes were moved
	 */
	boolean transfer(long length, boolean toMemory, Mover mover) {
		long left = length;
		boolean last = false;
		byte[] buffer = new byte[(int) Math.min(CHUNK, length)];
		boolean sound = toMemory == ((command & TO_MEMORY) != 0);
		for (int at = 0; sound && left > 0 && !last && at < TABLE_LIMIT; at += ENTRY) {
			long region = memory.read(table + at, 4);
			long entry = memory.read(table + at + 4, 4);
			int size = (int) (entry & 0xfffe);
			int part = (int) Math.min(left, size == 0 ? CHUNK : size);
			last = (entry & LAST) != 0;
			if (!toMemory) {
				memory.read(region, buffer, 0, part);
			}
			sound = mover.move(buffer, part);
			if (toMemory && sound) {
				memory.write(region, buffer, 0, part);
			}
			left -= part;
		}
		status = sound && left == 0 ? last ? status & ~ACTIVE : status : status & ~ACTIVE | ERROR;
		return sound && left == 0;
	}
}
