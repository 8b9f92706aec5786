/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.x86.memory.PhysicalMemory;

/** The machine's ACPI tables in memory, where firmware would have left them. */
public final class FirmwareTables {
	/** guestPhysical address of the root pointer, in the area that is searched for it. */
	public static final long ROOT_POINTER = MemoryMap.ACPI;

	private FirmwareTables() {
	}

	/** Writes the tables of a machine into its memory. */
	public static void place(Machine machine) {
		PhysicalMemory memory = machine.physicalMemory();
		write(memory, MemoryMap.ACPI_NVS, AcpiTables.control().toBytes());
		TableSet tables = new TableSet(machine, ROOT_POINTER + TableSet.ALIGNMENT, MemoryMap.ACPI_NVS);
		byte[] bytes = tables.toBytes();
		if (bytes.length > MemoryMap.ACPI_NVS - ROOT_POINTER - TableSet.ALIGNMENT) {
			throw new IllegalStateException("the ACPI tables are too long for their place"); //$NON-NLS-1$
		}
		write(memory, ROOT_POINTER + TableSet.ALIGNMENT, bytes);
		write(memory, ROOT_POINTER, tables.rootPointer().toBytes());
	}

	private static void write(PhysicalMemory memory, long guestPhysical, byte[] bytes) {
		memory.copyIn(guestPhysical, bytes, 0, bytes.length);
	}
}
