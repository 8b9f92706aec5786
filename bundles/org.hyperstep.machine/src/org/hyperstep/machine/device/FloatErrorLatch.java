/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;

/**
 * How a PC reports x87 exceptions: FERR# raises IRQ 13, and a write to port 0xf0 lowers it and asserts IGNNE# for as long
 * as FERR# stays asserted.
 */
@SuppressWarnings("nls")
public final class FloatErrorLatch implements Device, PortDevice {
	private static final int PORT = 0xf0, IRQ = 13;

	private final InterruptLine line;
	private boolean raised;
	private boolean ignored;

	public FloatErrorLatch(Machine machine) {
		line = machine.interruptLine(IRQ);
		machine.ports().attach(name(), PORT, 1, 1, this);
		reset();
	}

	/** FERR# is asserted. Returns whether IGNNE# is. */
	public boolean raise() {
		if (!ignored && !raised) {
			raised = true;
			line.set(true);
		}
		return ignored;
	}

	/** FERR# is not asserted any more. */
	public void clear() {
		ignored = false;
		lower();
	}

	private void lower() {
		raised = false;
		line.set(false);
	}

	@Override
	public String name() {
		return "x87-error";
	}

	@Override
	public void reset() {
		clear();
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("raised", () -> raised ? 1 : 0, v -> raised = v != 0).number("ignored",
				() -> ignored ? 1 : 0, v -> ignored = v != 0);
	}

	@Override
	public long read(int offset, int size) {
		return 0xff;
	}

	@Override
	public void write(int offset, int size, long value) {
		ignored = raised;
		lower();
	}
}
