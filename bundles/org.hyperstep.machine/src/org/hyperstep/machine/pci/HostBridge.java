/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;

/** The host bridge at 00:00.0, an Intel 82441FX (82440FX PCIset data sheet, "PMC Configuration Registers"). */
@SuppressWarnings("nls")
public final class HostBridge implements Device {
	/** First of the seven programmable attribute map registers. */
	static final int ATTRIBUTE_MAPS = 0x59;
	static final int MAPS = 7;

	private final PciFunction function;

	public HostBridge(Machine machine) {
		function = machine.pci().add(new PciAddress(0, 0), PciIdentity.of(0x8086, 0x1237, 0x060000, 2));
		ConfigSpace config = function.config();
		config.register("PMCCFG", 0x50, 2, 0, 0xffff);
		config.register("DRAM Timing", 0x58, 1, 0, 0xff);
		for (int i = 0; i < MAPS; i++) {
			config.register("PAM" + i, ATTRIBUTE_MAPS + i, 1, i == 0 ? 0x30 : 0x33, i == 0 ? 0x30 : 0x33);
		}
		config.register("SMRAM", 0x72, 1, 2, 0x78);
		reset();
	}

	@Override
	public String name() {
		return "host bridge";
	}

	@Override
	public void reset() {
		function.reset();
		function.enable();
	}

	@Override
	public DeviceState state() {
		return function.state();
	}
}
