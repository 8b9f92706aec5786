/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import java.util.function.Supplier;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.input.SerialSink;

/**
 * Ports that exist for those who develop guests: 0x80 takes POST codes and reads back the last one, 0xe9 is a console that
 * reads as 0xe9, 0x402 is one of its own for SeaBIOS, and a write of {@code code} to 0xf4 ends the machine with the status 2·code+1.
 */
@SuppressWarnings("nls")
public final class DebugPorts implements Device {
	private static final int CONSOLE = 0xe9, FIRMWARE_CONSOLE = 0x402;

	/** A port that takes text; software that looks whether there is one reads the number back. */
	private record Console(Supplier<SerialSink> sink) implements PortDevice {
		@Override
		public long read(int offset, int size) {
			return CONSOLE;
		}

		@Override
		public void write(int offset, int size, long value) {
			sink.get().write((int) value);
		}
	}

	private final Machine machine;
	private SerialSink console = value -> {
	};
	private SerialSink firmwareConsole = value -> {
	};
	private int postCode;

	public DebugPorts(Machine machine) {
		this.machine = machine;
		attach(0x80, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return postCode;
			}

			@Override
			public void write(int offset, int size, long value) {
				postCode = (int) value;
			}
		});
		attach(CONSOLE, 1, new Console(() -> console));
		attach(FIRMWARE_CONSOLE, 1, new Console(() -> firmwareConsole));
		attach(0xf4, 4, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return 0;
			}

			@Override
			public void write(int offset, int size, long value) {
				if (offset == 0) {
					exit(value);
				}
			}
		});
		reset();
	}

	private void attach(int port, int size, PortDevice device) {
		machine.ports().attach(name(), port, size, size, device);
	}

	private void exit(long code) {
		machine.requestExit(new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, code));
	}

	/** Says who takes what is written to port 0xe9. */
	public void setConsole(SerialSink sink) {
		console = sink;
	}

	/** Says who takes what firmware writes to port 0x402. */
	public void setFirmwareConsole(SerialSink sink) {
		firmwareConsole = sink;
	}

	/** The last POST code. */
	public int postCode() {
		return postCode;
	}

	@Override
	public String name() {
		return "debug";
	}

	@Override
	public void reset() {
		postCode = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("postCode", () -> postCode, v -> postCode = (int) v);
	}
}
