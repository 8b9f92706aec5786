/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.disk.Drive;

/**
 * One channel: the command block registers of up to two drives, of which one is selected (ATA/ATAPI-6, "I/O register
 * descriptions"). Writes go to both, reads come from the selected one; where there is none they give zeros, as a pulled-down
 * bus does.
 */
@SuppressWarnings("nls")
final class AtaChannel implements PortDevice {
	private static final int DATA = 0, FEATURES = 1, COUNT = 2, LOW = 3, MIDDLE = 4, HIGH = 5, DEVICE = 6, COMMAND = 7;
	private static final int SELECT = 0x10, HIGH_ORDER = 0x80, SOFT_RESET = 4, NO_INTERRUPT = 2;

	final BusMaster busMaster;
	private final InterruptLine interrupt;
	private final @Nullable AtaDrive[] drives = new @Nullable AtaDrive[2];
	private int selected;
	private int control;
	private boolean requesting;

	AtaChannel(InterruptLine interrupt, DirectMemory memory) {
		this.interrupt = interrupt;
		busMaster = new BusMaster(memory);
	}

	void attach(int position, Drive drive, int number) {
		drives[position] = drive.request().cdrom() ? new AtapiDrive(this, drive.disk(), number)
				: new AtaDisk(this, drive.disk(), number);
	}

	void reset() {
		busMaster.reset();
		control = 0;
		resetDrives();
	}

	private void resetDrives() {
		selected = 0;
		for (AtaDrive drive : drives) {
			if (drive != null) {
				drive.reset();
			}
		}
		request(false);
	}

	DeviceState state() {
		DeviceState state = new DeviceState().number("selected", () -> selected, v -> selected = (int) v)
				.number("control", () -> control, v -> control = (int) v)
				.flag("requesting", () -> requesting, v -> requesting = v).part("busMaster", busMaster.state());
		for (int i = 0; i < drives.length; i++) {
			AtaDrive drive = drives[i];
			if (drive != null) {
				state.part(i == 0 ? "master" : "slave", drive.state());
			}
		}
		return state;
	}

	/** The selected drive asserts or releases its interrupt. */
	void request(boolean asserted) {
		if (asserted) {
			busMaster.noteInterrupt();
		}
		requesting = asserted;
		interrupt.set(requesting && (control & NO_INTERRUPT) == 0);
	}

	void writeBusMaster(int offset, int size, long value) {
		AtaDrive drive = drives[selected];
		if (busMaster.write(offset, size, value) && drive != null) {
			drive.busMasterStarted();
		}
	}

	@Override
	public long read(int offset, int size) {
		AtaDrive drive = drives[selected];
		if (drive == null) {
			return 0;
		}
		if (offset == DATA) {
			return drive.readData(size);
		}
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= (long) register(drive, offset + i) << 8 * i;
		}
		return value;
	}

	private int register(AtaDrive drive, int offset) {
		boolean previous = (control & HIGH_ORDER) != 0;
		return switch (offset) {
			case FEATURES -> drive.error;
			case COUNT -> drive.count.read(previous);
			case LOW -> drive.low.read(previous);
			case MIDDLE -> drive.middle.read(previous);
			case HIGH -> drive.high.read(previous);
			case DEVICE -> drive.device | 0xa0;
			case COMMAND -> {
				request(false);
				yield drive.status;
			}
			default -> 0;
		};
	}

	@Override
	public void write(int offset, int size, long value) {
		AtaDrive drive = drives[selected];
		if (offset == DATA) {
			if (drive != null) {
				drive.writeData(value, size);
			}
			return;
		}
		for (int i = 0; i < size; i++) {
			writeRegister(offset + i, (int) (value >>> 8 * i) & 0xff);
		}
	}

	private void writeRegister(int offset, int value) {
		control &= ~HIGH_ORDER;
		if (offset == COMMAND) {
			AtaDrive drive = drives[selected];
			if (drive != null) {
				request(false);
				drive.command(value);
			}
			return;
		}
		if (offset == DEVICE) {
			selected = (value & SELECT) != 0 ? 1 : 0;
		}
		for (AtaDrive drive : drives) {
			if (drive != null) {
				drive.writeRegister(offset, value);
			}
		}
	}

	/** The alternate status and device control register. */
	PortDevice control() {
		return new PortDevice() {
			@Override
			public long read(int offset, int size) {
				AtaDrive drive = drives[selected];
				return drive == null ? 0 : drive.status;
			}

			@Override
			public void write(int offset, int size, long value) {
				writeControl((int) value);
			}
		};
	}

	/** "Software reset protocol": both drives are busy while SRST is set. */
	private void writeControl(int value) {
		boolean resetting = (value & SOFT_RESET) != 0;
		if (resetting || (control & SOFT_RESET) != 0) {
			resetDrives();
			for (AtaDrive drive : drives) {
				if (drive != null && resetting) {
					drive.status = AtaDrive.BUSY;
				}
			}
		}
		control = value;
		interrupt.set(requesting && (control & NO_INTERRUPT) == 0);
	}
}
