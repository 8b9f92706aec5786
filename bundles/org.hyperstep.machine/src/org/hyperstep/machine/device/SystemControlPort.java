/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;

/** System control port A, 0x92: bit 0 resets, bit 1 is fast A20, which reads as open: this machine masks no address line. */
@SuppressWarnings("nls")
public final class SystemControlPort implements Device, PortDevice {
	private static final int RESET = 1, A20 = 2;

	private final Machine machine;
	private int value;

	public SystemControlPort(Machine machine) {
		this.machine = machine;
		machine.ports().attach(name(), 0x92, 1, 1, this);
		reset();
	}

	@Override
	public String name() {
		return "port92";
	}

	@Override
	public void reset() {
		value = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("value", () -> value, v -> value = (int) v);
	}

	@Override
	public long read(int offset, int size) {
		return value | A20;
	}

	@Override
	public void write(int offset, int size, long written) {
		if ((written & ~value & RESET) != 0) {
			machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
		}
		value = (int) written;
	}
}
