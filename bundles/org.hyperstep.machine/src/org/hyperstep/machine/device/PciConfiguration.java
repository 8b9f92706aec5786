/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;

/**
 * PCI's configuration mechanism #1 at ports 0xcf8 and 0xcfc, with an empty bus: every function reads as all ones. The reset
 * control register is the byte at 0xcf9.
 */
@SuppressWarnings("nls")
public final class PciConfiguration implements Device, PortDevice {
	private static final long ADDRESS_BITS = 0x80fffffcL;
	private static final int RESET_CPU = 4;
	private static final int RESET_CONTROL = 1;

	private final Machine machine;
	private long address;
	private int resetControl;

	public PciConfiguration(Machine machine) {
		this.machine = machine;
		machine.ports().attach(name(), 0xcf8, 8, 4, this);
		reset();
	}

	@Override
	public String name() {
		return "pci";
	}

	@Override
	public void reset() {
		address = 0;
		resetControl = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("address", () -> address, v -> address = v).number("resetControl",
				() -> resetControl, v -> resetControl = (int) v);
	}

	/** Only a 32-bit access at 0xcf8 is the address register's. */
	@Override
	public long read(int offset, int size) {
		if (offset == 0 && size == 4) {
			return address;
		}
		return offset == RESET_CONTROL && size == 1 ? resetControl : -1;
	}

	@Override
	public void write(int offset, int size, long value) {
		if (offset == 0 && size == 4) {
			address = value & ADDRESS_BITS;
		} else if (offset == RESET_CONTROL && size == 1) {
			if ((value & ~resetControl & RESET_CPU) != 0) {
				machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
			}
			resetControl = (int) value;
		}
	}
}
