/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;

/** System control port A, 0x92: bit 0 resets, bit 1 opens the A20 gate, as the keyboard controller does. */
@SuppressWarnings("nls")
public final class SystemControlPort implements Device, PortDevice {
	private static final int RESET = 1, A20 = 2;

	private final Machine machine;
	private final InterruptLine addressLine20;
	private int value;

	public SystemControlPort(Machine machine) {
		this.machine = machine;
		addressLine20 = machine.addressLine20().source();
		machine.ports().attach(name(), 0x92, 1, 1, this);
		reset();
	}

	@Override
	public String name() {
		return "port92";
	}

	@Override
	public void reset() {
		set(0);
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("value", () -> value, v -> set((int) v));
	}

	@Override
	public long read(int offset, int size) {
		return value;
	}

	@Override
	public void write(int offset, int size, long written) {
		if ((written & ~value & RESET) != 0) {
			machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
		}
		set((int) written);
	}

	private void set(int newValue) {
		value = newValue;
		addressLine20.set((value & A20) != 0);
	}
}
