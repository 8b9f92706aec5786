/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/** The machine's ACPI tables in memory, where firmware would have left them. */
@SuppressWarnings("nls")
public final class FirmwareTables {
	/** guestPhysical address of the root pointer, in the area that is searched for it. */
	public static final long ROOT_POINTER = MemoryMap.ACPI;
	private static final int ALIGNMENT = 64;

	private final PhysicalMemory memory;
	private long next = ROOT_POINTER + ALIGNMENT;

	private FirmwareTables(PhysicalMemory memory) {
		this.memory = memory;
	}

	/** Writes the tables of a machine with so many processors. */
	public static void place(PhysicalMemory memory, int cpus) {
		FirmwareTables tables = new FirmwareTables(memory);
		tables.write(MemoryMap.ACPI_NVS, AcpiTables.control());
		long dsdt = tables.append(AcpiTables.differentiated());
		long fadt = tables.append(AcpiTables.fixed(MemoryMap.ACPI_NVS, dsdt));
		long madt = tables.append(AcpiTables.interrupts(cpus));
		tables.write(ROOT_POINTER, AcpiTables.rootPointer(tables.append(AcpiTables.extendedRoot(fadt, madt))));
	}

	private long append(AcpiStructure table) {
		long at = next;
		next = at + write(at, table) + ALIGNMENT - 1 & -ALIGNMENT;
		if (next > MemoryMap.ACPI_NVS) {
			throw new IllegalStateException("the ACPI tables are too long for their place");
		}
		return at;
	}

	private int write(long guestPhysical, AcpiStructure table) {
		byte[] bytes = table.toBytes();
		memory.copyIn(guestPhysical, bytes, 0, bytes.length);
		return bytes.length;
	}
}
