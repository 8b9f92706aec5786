/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;

/**
 * The 8042 keyboard controller at ports 0x60 and 0x64, with neither keyboard nor mouse plugged in: commands to the
 * controller are answered, bytes sent to a device are answered with a time-out as the controller does when nobody is
 * there. A20 is always open; the reset line works.
 */
@SuppressWarnings("nls")
public final class KeyboardController implements Device {
	private static final int STATUS_OUTPUT_FULL = 1, STATUS_SYSTEM = 4, STATUS_COMMAND = 8, STATUS_UNLOCKED = 0x10,
			STATUS_TIMEOUT = 0x40;
	private static final int CONFIGURATION_INTERRUPT = 1, CONFIGURATION_SYSTEM = 4, CONFIGURATION_AT_RESET = 0x34;
	private static final int OUTPUT_RESET = 1, OUTPUT_A20 = 2, OUTPUT_AT_RESET = 0xcf;
	private static final int SELF_TEST_PASSED = 0x55, PORT_TEST_NO_DEVICE = 1, RESEND = 0xfe;
	private static final int NO_COMMAND = 0;

	private final Machine machine;
	private final InterruptLine interrupt;
	private int configuration;
	private int outputPort;
	private int output;
	private boolean outputFull;
	private boolean timedOut;
	private boolean lastWasCommand;
	/** The command whose data byte is expected at port 0x60. */
	private int command;

	public KeyboardController(Machine machine) {
		this.machine = machine;
		this.interrupt = machine.interruptLine(1);
		machine.ports().attach(name(), 0x60, 1, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return readData();
			}

			@Override
			public void write(int offset, int size, long value) {
				writeData((int) value);
			}
		});
		machine.ports().attach(name(), 0x64, 1, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return status();
			}

			@Override
			public void write(int offset, int size, long value) {
				writeCommand((int) value);
			}
		});
		reset();
	}

	@Override
	public String name() {
		return "i8042";
	}

	@Override
	public void reset() {
		configuration = CONFIGURATION_AT_RESET;
		outputPort = OUTPUT_AT_RESET;
		output = 0;
		outputFull = false;
		timedOut = false;
		lastWasCommand = false;
		command = NO_COMMAND;
		interrupt.set(false);
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("configuration", () -> configuration, v -> configuration = (int) v)
				.number("outputPort", () -> outputPort, v -> outputPort = (int) v)
				.number("output", () -> output, v -> output = (int) v)
				.flag("outputFull", () -> outputFull, v -> outputFull = v)
				.flag("timedOut", () -> timedOut, v -> timedOut = v)
				.flag("lastWasCommand", () -> lastWasCommand, v -> lastWasCommand = v)
				.number("command", () -> command, v -> command = (int) v);
	}

	private int status() {
		return (outputFull ? STATUS_OUTPUT_FULL : 0) | ((configuration & CONFIGURATION_SYSTEM) != 0 ? STATUS_SYSTEM : 0)
				| (lastWasCommand ? STATUS_COMMAND : 0) | STATUS_UNLOCKED | (timedOut ? STATUS_TIMEOUT : 0);
	}

	private int readData() {
		outputFull = false;
		timedOut = false;
		interrupt.set(false);
		return output;
	}

	private void answer(int value, boolean timeout) {
		output = value;
		outputFull = true;
		timedOut = timeout;
		interrupt.set((configuration & CONFIGURATION_INTERRUPT) != 0);
	}

	private void writeCommand(int value) {
		lastWasCommand = true;
		command = NO_COMMAND;
		switch (value) {
			case 0x20 -> answer(configuration, false);
			case 0x60, 0xd1, 0xd2, 0xd3, 0xd4 -> command = value;
			case 0xa9, 0xab -> answer(PORT_TEST_NO_DEVICE, false);
			case 0xaa -> answer(SELF_TEST_PASSED, false);
			case 0xa7 -> configuration |= 0x20;
			case 0xa8 -> configuration &= ~0x20;
			case 0xad -> configuration |= 0x10;
			case 0xae -> configuration &= ~0x10;
			case 0xc0 -> answer(0xbf, false);
			case 0xd0 -> answer(outputPort, false);
			case 0xdd -> writeOutputPort(outputPort & ~OUTPUT_A20);
			case 0xdf -> writeOutputPort(outputPort | OUTPUT_A20);
			default -> {
				// F0 to FF pulse the output port's low bits that are 0; bit 0 resets. The rest is unused.
				if (value >= 0xf0 && (value & OUTPUT_RESET) == 0) {
					machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
				}
			}
		}
	}

	private void writeData(int value) {
		int pending = command;
		lastWasCommand = false;
		command = NO_COMMAND;
		switch (pending) {
			case 0x60 -> configuration = value;
			case 0xd1 -> writeOutputPort(value);
			case 0xd2, 0xd3 -> answer(value, false);
			default -> answer(RESEND, true);
		}
	}

	private void writeOutputPort(int value) {
		outputPort = value;
		if ((value & OUTPUT_RESET) == 0) {
			machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
		}
	}
}
