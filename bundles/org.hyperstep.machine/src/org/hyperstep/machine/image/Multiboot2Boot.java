/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.acpi.FirmwareTables;

/** Loads by multiboot 2 (Multiboot2 Specification, "Machine state" and "Boot information format"). */
@SuppressWarnings("nls")
final class Multiboot2Boot {
	private static final int BOOTLOADER_MAGIC = 0x36d76289;
	/** Types of information. */
	private static final int END = 0, COMMAND_LINE = 1, LOADER_NAME = 2, MODULE = 3, BASIC_MEMORY = 4, MEMORY_MAP = 6,
			ACPI_2 = 15, LOAD_BASE = 21;
	private static final int TAG_SIZE = 8, MAP_ENTRY_SIZE = 24, ROOT_POINTER_SIZE = 36;

	private final List<byte[]> tags = new ArrayList<>();

	private Multiboot2Boot() {
	}

	static void offer(ImageBytes file, @Nullable ElfFile elf, Map<BootProtocol, Loader> offered) throws ImageException {
		Multiboot2Header header = Multiboot2Header.find(file);
		if (header != null) {
			offered.put(BootProtocol.MULTIBOOT_2, (plan, request) -> prepare(plan, file, header, elf, request));
		}
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, Multiboot2Header header, @Nullable ElfFile elf,
			LoadRequest request) throws ImageException {
		RealModeServices.place(plan);
		long entry = header.entry();
		MultibootHeader.@Nullable Addresses addresses = header.addresses();
		if (addresses != null) {
			plan.place("the image", file.array(), addresses.fileOffset(), addresses.dataEnd() - addresses.start(),
					addresses.start(), addresses.end() - addresses.start());
		} else if (elf != null) {
			ElfBoot.placeSegments(plan, file, elf);
			entry = entry >= 0 ? entry : ElfBoot.physicalEntry(file, elf);
		} else {
			throw file.error(
					"has a multiboot 2 header without an address tag and is no ELF file, so nothing says where to load it");
		}
		if (!plan.holds(entry)) {
			throw file.error(String.format("has a multiboot 2 header at offset 0x%x without an entry point in what is "
					+ "loaded (0x%x)", header.offset(), entry));
		}
		long information = new Multiboot2Boot().placeInformation(plan, request);
		return InitialStates.protected32(plan, BootProtocol.MULTIBOOT_2, entry, BOOTLOADER_MAGIC, information);
	}

	private long placeInformation(LoadPlan plan, LoadRequest request) throws ImageException {
		MemoryMap map = plan.map();
		text(COMMAND_LINE, buffer(0), request.commandLine());
		text(LOADER_NAME, buffer(0), "Hyperstep");
		for (BootModule module : request.modules()) {
			byte[] contents = ImageFile.read(module.file());
			int start = (int) plan.placeAboveImage("module " + module.file(), contents);
			text(MODULE, buffer(8).putInt(start).putInt(start + contents.length), module.string());
		}
		tag(BASIC_MEMORY, buffer(8).putInt((int) (map.ranges().get(0).size() >> 10))
				.putInt((int) (MultibootBoot.upperMemory(map) >> 10)));
		ByteBuffer table = buffer(8 + MAP_ENTRY_SIZE * map.ranges().size()).putInt(MAP_ENTRY_SIZE).putInt(0);
		for (MemoryMap.Range range : map.ranges()) {
			table.putLong(range.start()).putLong(range.size()).putInt(range.kind().code()).putInt(0);
		}
		tag(MEMORY_MAP, table);
		tag(LOAD_BASE, buffer(4).putInt((int) plan.lowestOfImage()));
		tag(ACPI_2, buffer(ROOT_POINTER_SIZE).put(plan.present(FirmwareTables.ROOT_POINTER, ROOT_POINTER_SIZE)));
		tag(END, buffer(0));
		return plan.placeLow("the multiboot 2 information", all(), 8);
	}

	private void text(int type, ByteBuffer before, String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		tag(type, buffer(before.capacity() + bytes.length + 1).put(before.array()).put(bytes));
	}

	private void tag(int type, ByteBuffer contents) {
		int size = TAG_SIZE + contents.capacity();
		byte[] tag = buffer(size).putInt(type).putInt(size).put(contents.array()).array();
		tags.add(Arrays.copyOf(tag, size + 7 & ~7));
	}

	private byte[] all() {
		int size = 8 + tags.stream().mapToInt(tag -> tag.length).sum();
		ByteBuffer all = buffer(size).putInt(size).putInt(0);
		tags.forEach(all::put);
		return all.array();
	}

	private static ByteBuffer buffer(int size) {
		return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
	}
}
