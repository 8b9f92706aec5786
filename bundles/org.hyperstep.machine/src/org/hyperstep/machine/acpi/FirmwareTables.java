/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.firmware.ManagementTables;
import org.hyperstep.machine.firmware.MultiprocessorTable;
import org.hyperstep.x86.memory.PhysicalMemory;

/** The machine's tables in memory, where firmware would have left them: ACPI, SMBIOS, and for several processors. */
public final class FirmwareTables {
	/** guestPhysical address of the root pointer, in the area that is searched for it. */
	public static final long ROOT_POINTER = MemoryMap.ACPI;

	/** The entry points of SMBIOS and its structures, in the firmware's segment behind the real-mode services. */
	private static final long MANAGEMENT = 0xf1000, MANAGEMENT_ENTRY = 0x20, MANAGEMENT_STRUCTURES = 0xf1040;
	/** The MultiProcessor Specification's pointer and table. */
	private static final long MULTIPROCESSOR = 0xf8000, MULTIPROCESSOR_POINTER = 0x10;

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
		placeOthers(machine, memory);
	}

	private static void placeOthers(Machine machine, PhysicalMemory memory) {
		ManagementTables management = new ManagementTables(machine.description(), machine.memoryMap());
		write(memory, MANAGEMENT, management.entryPoint(MANAGEMENT_STRUCTURES));
		write(memory, MANAGEMENT + MANAGEMENT_ENTRY, management.wideEntryPoint(MANAGEMENT_STRUCTURES));
		write(memory, MANAGEMENT_STRUCTURES, management.structures());
		write(memory, MULTIPROCESSOR, MultiprocessorTable.pointer(MULTIPROCESSOR + MULTIPROCESSOR_POINTER));
		write(memory, MULTIPROCESSOR + MULTIPROCESSOR_POINTER, new MultiprocessorTable(machine).toBytes());
	}

	/**
	 * Where a sleeping guest wants to wake up: the real-mode vector of the control structure.
	 *
	 * @throws MachineException if there is none
	 */
	public static long wakingVector(PhysicalMemory memory) throws MachineException {
		long vector = memory.read(MemoryMap.ACPI_NVS + AcpiTables.control().offset("Firmware Waking Vector"), 4); //$NON-NLS-1$
		if (vector == 0 || vector >= MemoryMap.MEGABYTE) {
			throw new MachineException("the guest went to sleep without a real-mode vector to wake up by"); //$NON-NLS-1$
		}
		return vector;
	}

	private static void write(PhysicalMemory memory, long guestPhysical, byte[] bytes) {
		memory.copyIn(guestPhysical, bytes, 0, bytes.length);
	}
}
