/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.device.PowerManagement;

/** All tables of a machine one behind the other, with the places that hold addresses of others. */
@SuppressWarnings("nls")
final class TableSet {
	static final int ALIGNMENT = 64;

	/** The {@code size} bytes at {@code at} hold the address of a table. */
	record Pointer(int at, int size) {
	}

	/** A checksum at {@code at} over the bytes from {@code start} on. */
	record Checksum(int at, int start, int length) {
	}

	private final long base;
	private final ByteArrayOutputStream contents = new ByteArrayOutputStream();
	private final List<Pointer> pointers = new ArrayList<>();
	private final List<Checksum> checksums = new ArrayList<>();
	private final int root32;
	private final int root64;

	/**
	 * Makes the tables.
	 *
	 * @param base where the first byte will be
	 * @param nonVolatile where the control structure is, or 0 to have it first of all
	 */
	TableSet(Machine machine, long base, long nonVolatile) {
		this.base = base;
		int pmPorts = machine.device(PowerManagement.class).ports();
		long control = nonVolatile != 0 ? nonVolatile : base + append(AcpiTables.control());
		int dsdt = add(AcpiTables.differentiated(lowMemoryEnd(machine)));
		AcpiStructure fixed = AcpiTables.fixed(control, base + dsdt, pmPorts);
		int fadt = add(fixed);
		if (nonVolatile == 0) {
			point(fadt + fixed.offset("FIRMWARE_CTRL"), 4);
		}
		point(fadt + fixed.offset("DSDT"), 4);
		point(fadt + fixed.offset("X_DSDT"), 8);
		int[] tables = { fadt, add(AcpiTables.interrupts(machine.description().cpus())),
				add(AcpiTables.eventTimers()) };
		root32 = addRoot("RSDT", 4, tables);
		root64 = addRoot("XSDT", 8, tables);
	}

	private static long lowMemoryEnd(Machine machine) {
		return Math.min(machine.description().memory(), MemoryMap.DEVICES);
	}

	private int addRoot(String signature, int size, int[] tables) {
		long[] addresses = java.util.Arrays.stream(tables).mapToLong(table -> base + table).toArray();
		int at = add(AcpiTables.root(signature, size, addresses));
		for (int i = 0; i < tables.length; i++) {
			point(at + AcpiStructure.HEADER + i * size, size);
		}
		return at;
	}

	private int add(AcpiStructure table) {
		int at = append(table);
		checksums.add(new Checksum(at + table.offset("Checksum"), at, contents.size() - at));
		return at;
	}

	private int append(AcpiStructure table) {
		while (contents.size() % ALIGNMENT != 0) {
			contents.write(0);
		}
		int at = contents.size();
		contents.writeBytes(table.toBytes());
		return at;
	}

	private void point(int at, int size) {
		pointers.add(new Pointer(at, size));
	}

	byte[] toBytes() {
		return contents.toByteArray();
	}

	List<Pointer> pointers() {
		return pointers;
	}

	List<Checksum> checksums() {
		return checksums;
	}

	/** The root pointer, to these tables. */
	AcpiStructure rootPointer() {
		return AcpiTables.rootPointer(base + root32, base + root64);
	}
}
