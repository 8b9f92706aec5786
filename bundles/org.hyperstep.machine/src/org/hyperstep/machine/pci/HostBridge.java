/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;

/**
 * The host bridge at 00:00.0, an Intel 82441FX (82440FX PCIset data sheet, "PMC Configuration Registers").
 * The memory at 768 KB to 1 MB is RAM whatever its programmable attribute maps say: firmware is copied there before it runs,
 * and finds by the maps that it has to copy the rest.
 */
@SuppressWarnings("nls")
public final class HostBridge implements Device {
	/** First of the seven programmable attribute map registers. */
	static final int ATTRIBUTE_MAPS = 0x59;
	static final int MAPS = 7;

	/** Reads and writes of all the shadow memory go to RAM. */
	private static final int UNLOCKED = 0x33, UNLOCKED_HIGHEST = 0x30;

	private final PciFunction function;
	private final ConfigRegister[] maps = new ConfigRegister[MAPS];

	public HostBridge(Machine machine) {
		function = machine.pci().add(new PciAddress(0, 0), PciIdentity.of(0x8086, 0x1237, 0x060000, 2));
		ConfigSpace config = function.config();
		config.register("PMCCFG", 0x50, 2, 0, 0xffff);
		config.register("DRAM Timing", 0x58, 1, 0, 0xff);
		for (int i = 0; i < MAPS; i++) {
			maps[i] = config.register("PAM" + i, ATTRIBUTE_MAPS + i, 1, 0, i == 0 ? UNLOCKED_HIGHEST : UNLOCKED);
		}
		config.register("SMRAM", 0x72, 1, 2, 0x78);
		reset();
	}

	/** Gives all shadow memory to the guest, as firmware leaves it where it keeps nothing there. */
	public void unlockShadow() {
		for (int i = 0; i < MAPS; i++) {
			maps[i].set(i == 0 ? UNLOCKED_HIGHEST : UNLOCKED);
		}
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
