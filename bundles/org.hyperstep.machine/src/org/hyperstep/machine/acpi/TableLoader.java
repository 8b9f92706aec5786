/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.acpi;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.firmware.FirmwareConfiguration;

/**
 * Has firmware place the tables itself: files with them, whose addresses count from the files' beginnings, and a script of
 * what to allocate and to patch (QEMU, "ACPI BIOS linker/loader").
 */
@SuppressWarnings("nls")
public final class TableLoader {
	private static final String SCRIPT = "etc/table-loader", TABLES = "etc/acpi/tables", ROOT = "etc/acpi/rsdp";
	private static final int ALLOCATE = 1, ADD_POINTER = 2, ADD_CHECKSUM = 3, COMMAND = 128, NAME = 56;
	private static final int HIGH = 1, F_SEGMENT = 2, ROOT_ALIGNMENT = 16;

	private TableLoader() {
	}

	/** Gives firmware the files. Their contents follow what firmware has done to the machine when it reads them. */
	public static void offer(Machine machine, FirmwareConfiguration configuration) {
		configuration.addFile(TABLES, () -> tables(machine).toBytes());
		configuration.addFile(ROOT, () -> tables(machine).rootPointer().toBytes());
		configuration.addFile(SCRIPT, () -> script(tables(machine)));
	}

	private static TableSet tables(Machine machine) {
		return new TableSet(machine, 0, 0);
	}

	private static byte[] script(TableSet tables) {
		ByteArrayOutputStream script = new ByteArrayOutputStream();
		AcpiStructure root = tables.rootPointer();
		add(script, command(ALLOCATE).put(name(ROOT)).putInt(ROOT_ALIGNMENT).put((byte) F_SEGMENT));
		add(script, command(ALLOCATE).put(name(TABLES)).putInt(TableSet.ALIGNMENT).put((byte) HIGH));
		for (TableSet.Pointer pointer : tables.pointers()) {
			add(script, pointer(TABLES, pointer.at(), pointer.size()));
		}
		for (TableSet.Checksum checksum : tables.checksums()) {
			add(script, checksum(TABLES, checksum.at(), checksum.start(), checksum.length()));
		}
		add(script, pointer(ROOT, root.offset("RsdtAddress"), 4));
		add(script, pointer(ROOT, root.offset("XsdtAddress"), 8));
		add(script, checksum(ROOT, root.offset("Checksum"), 0, 20));
		add(script, checksum(ROOT, root.offset("Extended Checksum"), 0, root.toBytes().length));
		return script.toByteArray();
	}

	private static ByteBuffer command(int number) {
		return ByteBuffer.allocate(COMMAND).order(ByteOrder.LITTLE_ENDIAN).putInt(number);
	}

	private static ByteBuffer pointer(String file, int at, int size) {
		return command(ADD_POINTER).put(name(file)).put(name(TABLES)).putInt(at).put((byte) size);
	}

	private static ByteBuffer checksum(String file, int at, int start, int length) {
		return command(ADD_CHECKSUM).put(name(file)).putInt(at).putInt(start).putInt(length);
	}

	private static byte[] name(String file) {
		return java.util.Arrays.copyOf(file.getBytes(StandardCharsets.US_ASCII), NAME);
	}

	private static void add(ByteArrayOutputStream script, ByteBuffer command) {
		script.writeBytes(command.array());
	}
}
