/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.MemoryMap;

/** What the machine says of itself (System Management BIOS reference specification, "Structure Definitions"). */
@SuppressWarnings("nls")
public final class ManagementTables {
	private static final String MAKER = "Hyperstep";
	private static final int BIOS = 0, SYSTEM = 1, ENCLOSURE = 3, PROCESSOR = 4, MEMORY_ARRAY = 16, MEMORY_DEVICE = 17,
			MAPPED_ADDRESS = 19, BOOT = 32, END = 127;
	private static final int NO_ERRORS_KNOWN = 0xfffe, UNKNOWN = 0xffff, MEGAHERTZ = 1000;
	private static final long MOST_MEGABYTES = 0x7fff;
	private static final int ENTRY_SIZE = 0x1f, INTERMEDIATE = 0x10, WIDE_ENTRY_SIZE = 0x18;

	private final List<ManagementStructure> structures = new ArrayList<>();

	/** Makes the structures of a machine. */
	public ManagementTables(MachineDescription machine, MemoryMap map) {
		// Characteristics: none are told; the extension says that this is a virtual machine.
		add(BIOS, 0).text(MAKER).text("1").fields(2, 0xe800).text("01/01/2026").fields(1, 0, 8, 1 << 3, 2, 0x14 << 8, 4,
				0xffff0000L);
		add(SYSTEM, 0).text(MAKER).text("PC (440FX and PIIX)").text("1").fields(1, 0, 8, 0, 8, 0, 1, 6, 2, 0);
		add(ENCLOSURE, 0).text(MAKER).fields(1, 1, 3, 0, 1, 3, 1, 3, 1, 3, 1, 2, 4, 0, 5, 0);
		for (int cpu = 0; cpu < machine.cpus(); cpu++) {
			addProcessor(machine, cpu);
		}
		int array = addMemory(machine.memory());
		int range = 0;
		for (MemoryMap.Range ram : map.ram()) {
			if (ram.start() >= MemoryMap.MEGABYTE) {
				long start = ram.start() == MemoryMap.MEGABYTE ? 0 : ram.start();
				addRange(range++, array, start, ram.end());
			}
		}
		add(BOOT, 0).fields(6, 0, 1, 0);
		add(END, 0);
	}

	private ManagementStructure add(int type, int number) {
		ManagementStructure structure = new ManagementStructure(type, type << 8 | number);
		structures.add(structure);
		return structure;
	}

	private void addProcessor(MachineDescription machine, int cpu) {
		add(PROCESSOR, cpu).text("CPU " + cpu).fields(1, 3, 1, 1)
				.text(machine.vendor() == CpuVendor.INTEL ? "GenuineIntel" : "AuthenticAMD").fields(8, 0).text(MAKER)
				.fields(1, 0, 2, 0, 2, MEGAHERTZ, 2, MEGAHERTZ, 1, 0x41, 1, 1, 2, UNKNOWN, 2, UNKNOWN, 2, UNKNOWN, 3, 0,
						1, 1, 1, 1, 1, 1, 2, 1 << 2, 2, 1, 2, 1, 2, 1, 2, 1);
	}

	private int addMemory(long size) {
		long kilobytes = size >> 10;
		ManagementStructure array = add(MEMORY_ARRAY, 0).fields(1, 1, 1, 3, 1, 3, 4,
				Math.min(kilobytes, 0x80000000L), 2, NO_ERRORS_KNOWN, 2, 1, 8, kilobytes >= 0x80000000L ? size : 0);
		long megabytes = size >> 20;
		add(MEMORY_DEVICE, 0).fields(2, array.handle(), 2, NO_ERRORS_KNOWN, 2, UNKNOWN, 2, UNKNOWN, 2,
				Math.min(megabytes, MOST_MEGABYTES), 1, 9, 1, 0).text("DIMM 0").fields(1, 0, 1, 7, 2, 2, 2, 0)
				.text(MAKER).fields(3, 0, 1, 0, 4, megabytes >= MOST_MEGABYTES ? megabytes : 0, 2, 0, 6, 0);
		return array.handle();
	}

	private void addRange(int number, int array, long start, long end) {
		boolean wide = end >> 10 > UNKNOWN_KILOBYTES;
		add(MAPPED_ADDRESS, number).fields(4, wide ? UNKNOWN_KILOBYTES : start >> 10, 4,
				wide ? UNKNOWN_KILOBYTES : (end >> 10) - 1, 2, array, 1, 1, 8, wide ? start : 0, 8, wide ? end - 1 : 0);
	}

	/** In the place of an address in KB that does not fit: the extended fields have it. */
	private static final long UNKNOWN_KILOBYTES = 0xffffffffL;

	/** The structures one behind the other. */
	public byte[] structures() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		structures.forEach(structure -> bytes.writeBytes(structure.toBytes()));
		return bytes.toByteArray();
	}

	/** "SMBIOS 2.1 (32-bit) Entry Point". */
	public byte[] entryPoint(long guestPhysical) {
		int largest = structures.stream().mapToInt(structure -> structure.toBytes().length).max().orElse(0);
		ByteBuffer entry = ByteBuffer.allocate(ENTRY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		entry.put("_SM_".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) ENTRY_SIZE).put((byte) 2)
				.put((byte) 8).putShort((short) largest).position(INTERMEDIATE);
		entry.put("_DMI_".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).putShort((short) structures().length)
				.putInt((int) guestPhysical).putShort((short) structures.size()).put((byte) 0x28);
		Checksums.complete(entry.array(), INTERMEDIATE, ENTRY_SIZE, INTERMEDIATE + 5);
		return Checksums.complete(entry.array(), 0, ENTRY_SIZE, 4);
	}

	/** "SMBIOS 3.0 (64-bit) Entry Point". */
	public byte[] wideEntryPoint(long guestPhysical) {
		ByteBuffer entry = ByteBuffer.allocate(WIDE_ENTRY_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		entry.put("_SM3_".getBytes(StandardCharsets.US_ASCII)).put((byte) 0).put((byte) WIDE_ENTRY_SIZE).put((byte) 3)
				.put((byte) 0).put((byte) 0).put((byte) 1).put((byte) 0).putInt(structures().length)
				.putLong(guestPhysical);
		return Checksums.complete(entry.array(), 0, WIDE_ENTRY_SIZE, 5);
	}
}
