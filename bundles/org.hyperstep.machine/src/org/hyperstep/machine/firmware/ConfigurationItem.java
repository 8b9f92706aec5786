/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.firmware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MemoryMap;

/** Items of fw_cfg that have numbers of their own (QEMU, "QEMU Firmware Configuration (fw_cfg) Device"). */
@SuppressWarnings("nls")
enum ConfigurationItem {
	SIGNATURE(0x00, machine -> "QEMU".getBytes(StandardCharsets.US_ASCII)),
	/** The traditional interface and DMA. */
	FEATURES(0x01, machine -> number(4, 3)),
	UUID(0x02, machine -> new byte[16]),
	RAM_SIZE(0x03, machine -> number(8, machine.description().memory())),
	NO_GRAPHIC(0x04, machine -> number(2, 0)),
	CPUS(0x05, machine -> number(2, machine.description().cpus())),
	BOOT_DEVICE(0x0c, machine -> number(2, 0)),
	NUMA(0x0d, machine -> new byte[8]),
	BOOT_MENU(0x0e, machine -> number(2, 1)),
	MOST_CPUS(0x0f, machine -> number(2, machine.description().cpus())),
	/** Interrupt 0 is wired to pin 2 of the I/O APIC. */
	IRQ0_OVERRIDE(0x8002, machine -> number(4, 1)),
	/** Ranges beyond RAM that E820 is to have: none. */
	E820_TABLE(0x8003, machine -> number(4, 0));

	private final int selector;
	private final Function<Machine, byte[]> contents;

	ConfigurationItem(int selector, Function<Machine, byte[]> contents) {
		this.selector = selector;
		this.contents = contents;
	}

	int selector() {
		return selector;
	}

	byte[] contents(Machine machine) {
		return contents.apply(machine);
	}

	/** The file {@code etc/e820}: where RAM is. */
	static byte[] memoryRanges(Machine machine) {
		List<MemoryMap.Range> ram = machine.memoryMap().ram().stream()
				.filter(range -> range.start() >= MemoryMap.MEGABYTE).toList();
		ByteBuffer table = ByteBuffer.allocate(20 * ram.size()).order(ByteOrder.LITTLE_ENDIAN);
		for (MemoryMap.Range range : ram) {
			// The first range begins at 0 for firmware, which keeps the holes below 1 MB itself.
			long start = range.start() == MemoryMap.MEGABYTE ? 0 : range.start();
			table.putLong(start).putLong(range.end() - start).putInt(range.kind().code());
		}
		return table.array();
	}

	static byte[] number(int size, long value) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (value >>> 8 * i);
		}
		return bytes;
	}
}
