/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import org.hyperstep.machine.bus.DeviceState;

/** What disks and CD drives share: the registers, the buffer of a PIO transfer, status and interrupts. */
@SuppressWarnings("nls")
abstract class AtaDrive {
	/** Bits of the status register. */
	static final int BUSY = 0x80, READY = 0x40, SEEK_COMPLETE = 0x10, DATA_REQUEST = 8, FAILED = 1;
	/** Bits of the error register. */
	static final int ABORTED = 4, NOT_FOUND = 0x10, UNCORRECTABLE = 0x40;
	static final int SECTOR = 512;
	static final int DEVICE_RESET = 0x08, IDENTIFY_PACKET = 0xa1, DIAGNOSTIC = 0x90, SET_FEATURES = 0xef,
			IDENTIFY = 0xec, NOTHING = 0;
	private static final int DEVICE = 6;

	/** A register of the task file that remembers the value written before, for 48-bit addresses. */
	static final class Pair {
		int present;
		int previous;

		void write(int value) {
			previous = present;
			present = value;
		}

		int read(boolean wantsPrevious) {
			return wantsPrevious ? previous : present;
		}

		void set(int value) {
			present = value;
			previous = 0;
		}

		DeviceState state() {
			return new DeviceState().number("present", () -> present, v -> present = (int) v).number("previous",
					() -> previous, v -> previous = (int) v);
		}
	}

	final AtaChannel channel;
	final Pair features = new Pair();
	final Pair count = new Pair();
	final Pair low = new Pair();
	final Pair middle = new Pair();
	final Pair high = new Pair();
	int device;
	int status;
	int error;
	/** The bytes of the PIO transfer that is under way: from {@code position} to {@code end}. */
	final byte[] buffer;
	int position;
	int end;
	/** The command that is under way. */
	int executing;

	AtaDrive(AtaChannel channel, int bufferSize) {
		this.channel = channel;
		buffer = new byte[bufferSize];
	}

	/** "Device signature": what a drive shows after a reset. */
	void reset() {
		features.set(0);
		device = 0;
		error = 1;
		executing = NOTHING;
		position = 0;
		end = 0;
		showSignature();
	}

	abstract void showSignature();

	/** Carries a command out, or begins to. */
	abstract void command(int code);

	/** All bytes of the buffer were read by the host, or written by it. */
	abstract void bufferDone();

	/** The guest has started the bus master. */
	abstract void busMasterStarted();

	DeviceState state() {
		return new DeviceState().part("features", features.state()).part("count", count.state())
				.part("low", low.state()).part("middle", middle.state()).part("high", high.state())
				.number("device", () -> device, v -> device = (int) v)
				.number("status", () -> status, v -> status = (int) v)
				.number("error", () -> error, v -> error = (int) v).bytes("buffer", buffer)
				.number("position", () -> position, v -> position = (int) v)
				.number("end", () -> end, v -> end = (int) v)
				.number("executing", () -> executing, v -> executing = (int) v);
	}

	void writeRegister(int offset, int value) {
		switch (offset) {
			case 1 -> features.write(value);
			case 2 -> count.write(value);
			case 3 -> low.write(value);
			case 4 -> middle.write(value);
			case 5 -> high.write(value);
			case DEVICE -> device = value;
			default -> throw new IllegalStateException("no register " + offset);
		}
	}

	// PIO transfers

	/** Has the host read or write the first {@code length} bytes of the buffer. */
	void requestData(int length) {
		position = 0;
		end = length;
		status = READY | SEEK_COMPLETE | DATA_REQUEST;
	}

	long readData(int size) {
		long value = 0;
		for (int i = 0; i < size && position < end; i++) {
			value |= (buffer[position++] & 0xffL) << 8 * i;
		}
		if (end != 0 && position == end && isReading()) {
			bufferDone();
		}
		return value;
	}

	void writeData(long value, int size) {
		if (isReading()) {
			return;
		}
		for (int i = 0; i < size && position < end; i++) {
			buffer[position++] = (byte) (value >>> 8 * i);
		}
		if (end != 0 && position == end) {
			bufferDone();
		}
	}

	/** Whether the transfer under way goes to the host. */
	abstract boolean isReading();

	// Ends of commands

	/** The command is done. */
	void complete() {
		status = READY | SEEK_COMPLETE;
		finish();
	}

	/** The command failed, for these reasons of the error register. */
	void fail(int reasons) {
		error = reasons;
		status = READY | SEEK_COMPLETE | FAILED;
		finish();
	}

	private void finish() {
		executing = NOTHING;
		position = 0;
		end = 0;
		channel.request(true);
	}
}
