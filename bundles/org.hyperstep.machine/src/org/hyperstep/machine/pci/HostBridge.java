/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.x86.memory.MemoryRoute;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * The host bridge at 00:00.0, an Intel 82441FX (82440FX PCIset data sheet, "PMC Configuration Registers"). Its programmable
 * attribute maps say for each part of 768 KB to 1 MB whether reads and writes go to the shadow RAM; reads that do not find
 * the end of the firmware's ROM there. Its SMRAM register says who finds RAM instead of the display at 640 to 768 KB.
 */
@SuppressWarnings("nls")
public final class HostBridge implements Device {
	/** First of the seven programmable attribute map registers. */
	static final int ATTRIBUTE_MAPS = 0x59;
	static final int MAPS = 7;

	/** Reads and writes of all the shadow memory go to RAM. */
	private static final int UNLOCKED = 0x33, UNLOCKED_HIGHEST = 0x30, READ_ENABLE = 1, WRITE_ENABLE = 2;
	private static final int BIOS_SEGMENT = 0xf0000, BIOS_SIZE = 0x10000, PART = 0x4000;
	/** The last 128 KB of the ROM below 4 GB are found below 1 MB, too. */
	private static final long ROM_ALIAS = 0xe0000, ROM_DISTANCE = MemoryMap.HIGH - MemoryMap.MEGABYTE;
	/** The SMRAM register's bits. */
	private static final int OPEN = 0x40, CLOSED = 0x20, LOCKED = 0x10, ENABLED = 8, SMRAM_AT_RESET = 2;
	/** hostPhysical address of the RAM behind the display, where no guestPhysical address leads. */
	private static final long MANAGEMENT_RAM = 5L << 40;

	private final PhysicalMemory memory;
	private final PciFunction function;
	private final ConfigRegister[] maps = new ConfigRegister[MAPS];
	private final ConfigRegister managementRam;
	/** The SMRAM register before the guest's last write: a lock holds what it was. */
	private long managementRamBefore;

	public HostBridge(Machine machine) {
		memory = machine.physicalMemory();
		memory.addRam(MANAGEMENT_RAM, MemoryMap.SHADOW - MemoryMap.VIDEO);
		function = machine.pci().add(new PciAddress(0, 0), PciIdentity.of(0x8086, 0x1237, 0x060000, 2));
		ConfigSpace config = function.config();
		config.register("PMCCFG", 0x50, 2, 0, 0xffff);
		config.register("DRAM Timing", 0x58, 1, 0, 0xff);
		for (int i = 0; i < MAPS; i++) {
			maps[i] = config.register("PAM" + i, ATTRIBUTE_MAPS + i, 1, 0, i == 0 ? UNLOCKED_HIGHEST : UNLOCKED)
					.onWrite(this::route);
		}
		managementRam = config.register("SMRAM", 0x72, 1, SMRAM_AT_RESET, OPEN | CLOSED | LOCKED | ENABLED)
				.onWrite(this::managementRamWritten);
		reset();
	}

	/** Gives all shadow memory to the guest, as firmware leaves it where it keeps nothing there. */
	public void unlockShadow() {
		for (int i = 0; i < MAPS; i++) {
			maps[i].set(i == 0 ? UNLOCKED_HIGHEST : UNLOCKED);
		}
		route();
	}

	/** "SMRAM Control": the lock closes, and holds all but the bit that keeps data out. */
	private void managementRamWritten() {
		if ((managementRamBefore & LOCKED) != 0) {
			managementRam.set(managementRam.get() & CLOSED | managementRamBefore & ~CLOSED);
		} else if ((managementRam.get() & LOCKED) != 0) {
			managementRam.set(managementRam.get() & ~OPEN);
		}
		managementRamBefore = managementRam.get();
		route();
	}

	private void route() {
		List<MemoryRoute> routes = new ArrayList<>();
		long smram = managementRam.get();
		if ((smram & ENABLED) != 0) {
			long data = (smram & CLOSED) != 0 ? MemoryMap.VIDEO : MANAGEMENT_RAM;
			routes.add(new MemoryRoute(MemoryMap.VIDEO, MemoryMap.SHADOW - MemoryMap.VIDEO, MANAGEMENT_RAM, data, data,
					(smram & OPEN) == 0));
		}
		addShadow(routes, BIOS_SEGMENT, BIOS_SIZE, maps[0].get() >> 4);
		for (int i = 1; i < MAPS; i++) {
			long start = MemoryMap.SHADOW + (i - 1L) * 2 * PART;
			addShadow(routes, start, PART, maps[i].get());
			addShadow(routes, start + PART, PART, maps[i].get() >> 4);
		}
		memory.setRoutes(this, routes);
	}

	private static void addShadow(List<MemoryRoute> routes, long start, long size, long attributes) {
		boolean readsRam = (attributes & READ_ENABLE) != 0;
		boolean writesRam = (attributes & WRITE_ENABLE) != 0;
		if (!readsRam || !writesRam) {
			long rom = start >= ROM_ALIAS ? start + ROM_DISTANCE : MemoryRoute.NOWHERE;
			routes.add(MemoryRoute.split(start, size, readsRam ? start : rom,
					writesRam ? start : MemoryRoute.NOWHERE));
		}
	}

	@Override
	public String name() {
		return "host bridge";
	}

	@Override
	public void reset() {
		managementRamBefore = SMRAM_AT_RESET;
		function.reset();
		function.enable();
		route();
	}

	/** Keeps its maps, as those of the machines do for which SeaBIOS is made: its handler for waking lies in the shadow. */
	@Override
	public void wake() {
		function.enable();
	}

	@Override
	public DeviceState state() {
		return function.state().number("managementRam", () -> managementRamBefore, v -> {
			managementRamBefore = v;
			route();
		});
	}
}
