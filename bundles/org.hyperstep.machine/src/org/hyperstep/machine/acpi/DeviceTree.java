/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.device.EventTimers;
import org.hyperstep.machine.device.PowerManagement;
import org.hyperstep.machine.pci.IsaBridge;

/** The machine's devices in the words of the DSDT. */
@SuppressWarnings("nls")
final class DeviceTree {
	private static final int PCI_DEVICES = 32, PCI_PINS = 4;
	/** The configuration ports, which the bridge keeps for itself, and the end of the memory that PCI has. */
	private static final int CONFIGURATION_PORTS = 0xcf8;
	private static final long PCI_MEMORY_END = 0xfebf_ffffL;

	private DeviceTree() {
	}

	/** The DSDT's terms for a machine whose RAM below 4 GB ends at {@code lowMemoryEnd}. */
	static byte[] terms(long lowMemoryEnd) {
		return Aml.concatenate(
				Aml.name("_S3_",
						Aml.packageOf(PowerManagement.SUSPEND_TO_RAM, PowerManagement.SUSPEND_TO_RAM, 0, 0)),
				Aml.name("_S5_", Aml.packageOf(PowerManagement.SOFT_OFF, PowerManagement.SOFT_OFF, 0, 0)),
				Aml.scope("_SB_", pciRoot(lowMemoryEnd), eventTimers()));
	}

	private static byte[] pciRoot(long lowMemoryEnd) {
		ResourceTemplate windows = new ResourceTemplate().buses(0, 0xff).ports(CONFIGURATION_PORTS, 8)
				.portWindow(0, CONFIGURATION_PORTS - 1).portWindow(0xd00, 0xffff)
				.memoryWindow(MemoryMap.VIDEO, MemoryMap.SHADOW - 1)
				.memoryWindow(Math.max(lowMemoryEnd, MemoryMap.DEVICES - (1L << 30)), PCI_MEMORY_END);
		return Aml.device("PCI0", Aml.name("_HID", Aml.eisaId("PNP0A03")), Aml.name("_ADR", Aml.integer(0)),
				Aml.name("_UID", Aml.integer(0)), Aml.name("_CRS", windows.toAml()),
				Aml.name("_PRT", interruptRouting()),
				isaBridge());
	}

	/** Firmware has routed the wires and leaves them so: no link devices. */
	private static byte[] interruptRouting() {
		byte[][] rows = new byte[PCI_DEVICES * PCI_PINS][];
		for (int device = 0; device < PCI_DEVICES; device++) {
			for (int pin = 0; pin < PCI_PINS; pin++) {
				rows[device * PCI_PINS + pin] = Aml.packageOf(device << 16 | 0xffff, pin, 0,
						IsaBridge.firmwareInterrupt(device + pin));
			}
		}
		return Aml.packageOf(rows);
	}

	private static byte[] isaBridge() {
		return Aml.device("ISA_", Aml.name("_ADR", Aml.integer(IsaBridge.DEVICE << 16)),
				isaDevice("COM1", "PNP0501", 1, new ResourceTemplate().ports(0x3f8, 8).interrupt(4)),
				isaDevice("COM2", "PNP0501", 2, new ResourceTemplate().ports(0x2f8, 8).interrupt(3)),
				isaDevice("KBD_", "PNP0303", 0, new ResourceTemplate().ports(0x60, 1).ports(0x64, 1).interrupt(1)),
				isaDevice("MOU_", "PNP0F13", 0, new ResourceTemplate().interrupt(12)),
				isaDevice("RTC_", "PNP0B00", 0, new ResourceTemplate().ports(0x70, 2).interrupt(8)));
	}

	private static byte[] isaDevice(String name, String id, int number, ResourceTemplate resources) {
		return Aml.device(name, Aml.name("_HID", Aml.eisaId(id)), Aml.name("_UID", Aml.integer(number)),
				Aml.name("_CRS", resources.toAml()));
	}

	private static byte[] eventTimers() {
		return Aml.device("HPET", Aml.name("_HID", Aml.eisaId("PNP0103")), Aml.name("_UID", Aml.integer(0)),
				Aml.name("_CRS", new ResourceTemplate().memory(EventTimers.BASE, EventTimers.SIZE).toAml()));
	}
}
