/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.input.Key;

/**
 * The 8042 keyboard controller at ports 0x60 and 0x64 with a PS/2 keyboard and a PS/2 mouse (IBM Personal System/2 hardware
 * interface technical reference, "Keyboard and Auxiliary Device Controller"). Keys come through the input gate's channel
 * {@link Key#CHANNEL}. Its output port drives the A20 line and the reset line.
 */
@SuppressWarnings("nls")
public final class KeyboardController implements Device {
	private static final int STATUS_OUTPUT_FULL = 1, STATUS_SYSTEM = 4, STATUS_COMMAND = 8, STATUS_UNLOCKED = 0x10,
			STATUS_MOUSE = 0x20;
	private static final int KEYBOARD_INTERRUPT = 1, MOUSE_INTERRUPT = 2, SYSTEM = 4, KEYBOARD_OFF = 0x10,
			MOUSE_OFF = 0x20,
			TRANSLATE = 0x40, CONFIGURATION_AT_RESET = TRANSLATE | MOUSE_OFF | KEYBOARD_OFF;
	private static final int OUTPUT_RESET = 1, OUTPUT_A20 = 2, OUTPUT_AT_RESET = 0xcf;
	private static final int SELF_TEST_PASSED = 0x55, NO_COMMAND = 0, MEMORY = 32, RELEASED = 0xf0;

	private final Machine machine;
	private final InterruptLine keyboardInterrupt;
	private final InterruptLine mouseInterrupt;
	private final InterruptLine addressLine20;
	private final Ps2Keyboard keyboard = new Ps2Keyboard();
	private final Ps2Mouse mouse = new Ps2Mouse();
	/** Byte 0 is the configuration byte. */
	private final byte[] memory = new byte[MEMORY];
	private int outputPort;
	private int output;
	private boolean outputFull;
	private boolean fromMouse;
	private boolean lastWasCommand;
	/** The keyboard's last byte said that a key was released: translation joins it with the next. */
	private boolean released;
	/** The command whose data byte is expected at port 0x60. */
	private int command;

	public KeyboardController(Machine machine) {
		this.machine = machine;
		keyboardInterrupt = machine.interruptLine(1);
		mouseInterrupt = machine.interruptLine(12);
		addressLine20 = machine.addressLine20().source();
		keyboard.onSent(this::fetch);
		mouse.onSent(this::fetch);
		machine.input().connect(Key.CHANNEL, keyboard);
		machine.input().connect(Ps2Mouse.CHANNEL, mouse);
		attach(0x60, this::readData, this::writeData);
		attach(0x64, this::status, this::writeCommand);
		reset();
	}

	private void attach(int port, java.util.function.IntSupplier read, java.util.function.IntConsumer write) {
		machine.ports().attach(name(), port, 1, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return read.getAsInt();
			}

			@Override
			public void write(int offset, int size, long value) {
				write.accept((int) value);
			}
		});
	}

	@Override
	public String name() {
		return "i8042";
	}

	@Override
	public void reset() {
		java.util.Arrays.fill(memory, (byte) 0);
		memory[0] = CONFIGURATION_AT_RESET;
		setOutputPort(OUTPUT_AT_RESET);
		output = 0;
		outputFull = false;
		fromMouse = false;
		lastWasCommand = false;
		released = false;
		command = NO_COMMAND;
		keyboard.reset();
		mouse.reset();
		driveInterrupts();
	}

	@Override
	public DeviceState state() {
		return new DeviceState().bytes("memory", memory)
				.number("outputPort", () -> outputPort, v -> setOutputPort((int) v))
				.number("output", () -> output, v -> output = (int) v)
				.flag("outputFull", () -> outputFull, v -> outputFull = v)
				.flag("fromMouse", () -> fromMouse, v -> fromMouse = v)
				.flag("lastWasCommand", () -> lastWasCommand, v -> lastWasCommand = v)
				.flag("released", () -> released, v -> released = v)
				.number("command", () -> command, v -> command = (int) v).part("keyboard", keyboard.state())
				.part("mouse", mouse.state());
	}

	private boolean configured(int bit) {
		return (memory[0] & bit) != 0;
	}

	// The output buffer

	private int status() {
		return (outputFull ? STATUS_OUTPUT_FULL : 0) | (configured(SYSTEM) ? STATUS_SYSTEM : 0)
				| (lastWasCommand ? STATUS_COMMAND : 0) | STATUS_UNLOCKED
				| (outputFull && fromMouse ? STATUS_MOUSE : 0);
	}

	private int readData() {
		int value = output;
		outputFull = false;
		driveInterrupts();
		fetch();
		return value;
	}

	private void answer(int value, boolean asMouse) {
		output = value;
		outputFull = true;
		fromMouse = asMouse;
		driveInterrupts();
	}

	private void driveInterrupts() {
		keyboardInterrupt.set(outputFull && !fromMouse && configured(KEYBOARD_INTERRUPT));
		mouseInterrupt.set(outputFull && fromMouse && configured(MOUSE_INTERRUPT));
	}

	/** Takes the next byte from a device whose clock is not held. */
	private void fetch() {
		while (!outputFull && keyboard.hasByte() && !configured(KEYBOARD_OFF)) {
			fromKeyboard(keyboard.take());
		}
		if (!outputFull && mouse.hasByte() && !configured(MOUSE_OFF)) {
			answer(mouse.take(), true);
		}
	}

	private void fromKeyboard(int value) {
		if (!configured(TRANSLATE)) {
			answer(value, false);
		} else if (value == RELEASED) {
			released = true;
		} else {
			answer(ScanCodeTranslation.toSet1(value) | (released ? 0x80 : 0), false);
			released = false;
		}
	}

	// Commands

	private void writeCommand(int value) {
		lastWasCommand = true;
		command = NO_COMMAND;
		switch (value) {
			case 0xd1, 0xd2, 0xd3, 0xd4 -> command = value;
			case 0xa9, 0xab -> answer(0, false);
			case 0xaa -> {
				memory[0] |= SYSTEM;
				answer(SELF_TEST_PASSED, false);
			}
			case 0xa7 -> configure(memory[0] | MOUSE_OFF);
			case 0xa8 -> configure(memory[0] & ~MOUSE_OFF);
			case 0xad -> configure(memory[0] | KEYBOARD_OFF);
			case 0xae -> configure(memory[0] & ~KEYBOARD_OFF);
			case 0xc0 -> answer(0xbf, false);
			case 0xd0 -> answer(outputPort, false);
			case 0xdd -> writeOutputPort(outputPort & ~OUTPUT_A20);
			case 0xdf -> writeOutputPort(outputPort | OUTPUT_A20);
			default -> writeOtherCommand(value);
		}
	}

	private void writeOtherCommand(int value) {
		if (value >= 0x20 && value < 0x40) {
			answer(memory[value & MEMORY - 1] & 0xff, false);
		} else if (value >= 0x60 && value < 0x80) {
			command = value;
		} else if (value >= 0xf0 && (value & OUTPUT_RESET) == 0) {
			// F0 to FF pulse the output port's low bits that are 0; bit 0 resets. The rest is unused.
			machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
		}
	}

	private void configure(int value) {
		memory[0] = (byte) value;
		driveInterrupts();
		fetch();
	}

	private void writeData(int value) {
		int pending = command;
		lastWasCommand = false;
		command = NO_COMMAND;
		switch (pending) {
			case NO_COMMAND -> {
				configure(memory[0] & ~KEYBOARD_OFF);
				keyboard.receive(value);
			}
			case 0xd1 -> writeOutputPort(value);
			case 0xd2 -> answer(value, false);
			case 0xd3 -> answer(value, true);
			case 0xd4 -> {
				configure(memory[0] & ~MOUSE_OFF);
				mouse.receive(value);
			}
			case 0x60 -> configure(value);
			default -> memory[pending & MEMORY - 1] = (byte) value;
		}
	}

	private void setOutputPort(int value) {
		outputPort = value;
		addressLine20.set((value & OUTPUT_A20) != 0);
	}

	private void writeOutputPort(int value) {
		setOutputPort(value);
		if ((value & OUTPUT_RESET) == 0) {
			machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
		}
	}
}
