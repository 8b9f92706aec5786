/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.MemoryMap;

/** Loads by multiboot 1 (Multiboot Specification 0.6.96, "Machine state" and "Boot information format"). */
@SuppressWarnings("nls")
final class MultibootBoot {
	private static final int BOOTLOADER_MAGIC = 0x2badb002;
	private static final int INFO_MEMORY = 1, INFO_COMMAND_LINE = 1 << 2, INFO_MODULES = 1 << 3,
			INFO_MEMORY_MAP = 1 << 6,
			INFO_LOADER_NAME = 1 << 9;
	private static final int INFO_SIZE = 88, MODULE_SIZE = 16, MAP_ENTRY_SIZE = 24;

	private MultibootBoot() {
	}

	static void offer(ImageBytes file, @Nullable ElfFile elf, Map<BootProtocol, Loader> offered) throws ImageException {
		MultibootHeader header = MultibootHeader.find(file);
		if (header != null) {
			offered.put(BootProtocol.MULTIBOOT, (plan, request) -> prepare(plan, file, header, elf, request));
		}
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, MultibootHeader header, @Nullable ElfFile elf,
			LoadRequest request) throws ImageException {
		RealModeServices.place(plan);
		long entry;
		MultibootHeader.Addresses addresses = header.addresses();
		if (addresses != null) {
			plan.place("the image", file.array(), addresses.fileOffset(), addresses.dataEnd() - addresses.start(),
					addresses.start(), addresses.end() - addresses.start());
			entry = addresses.entry();
		} else if (elf != null) {
			ElfBoot.placeSegments(plan, file, elf);
			entry = ElfBoot.physicalEntry(file, elf);
		} else {
			throw file.error(
					"has a multiboot header without addresses (flag 16) and is no ELF file, so nothing says where to load it");
		}
		long information = placeInformation(plan, request);
		return InitialStates.protected32(plan, BootProtocol.MULTIBOOT, entry, BOOTLOADER_MAGIC, information);
	}

	private static long placeInformation(LoadPlan plan, LoadRequest request) throws ImageException {
		List<BootModule> modules = request.modules();
		long moduleList = placeModules(plan, modules);
		byte[] map = memoryMap(plan.map());
		ByteBuffer info = ByteBuffer.allocate(INFO_SIZE).order(ByteOrder.LITTLE_ENDIAN);
		info.putInt(0, INFO_MEMORY | INFO_COMMAND_LINE | (modules.isEmpty() ? 0 : INFO_MODULES) | INFO_MEMORY_MAP
				| INFO_LOADER_NAME);
		info.putInt(4, (int) (plan.map().ranges().get(0).size() >> 10));
		info.putInt(8, (int) (upperMemory(plan.map()) >> 10));
		info.putInt(16, (int) plan.placeText("the command line", request.commandLine()));
		info.putInt(20, modules.size());
		info.putInt(24, (int) moduleList);
		info.putInt(44, map.length);
		info.putInt(48, (int) plan.placeLow("the memory map", map, 8));
		info.putInt(64, (int) plan.placeText("the loader's name", "Hyperstep"));
		return plan.placeLow("the multiboot information", info.array(), 8);
	}

	private static long placeModules(LoadPlan plan, List<BootModule> modules) throws ImageException {
		ByteBuffer list = ByteBuffer.allocate(MODULE_SIZE * modules.size()).order(ByteOrder.LITTLE_ENDIAN);
		for (BootModule module : modules) {
			byte[] contents = ImageFile.read(module.file());
			int start = (int) plan.placeAboveImage("module " + module.file(), contents);
			list.putInt(start).putInt(start + contents.length);
			list.putInt((int) plan.placeText("a module's string", module.string())).putInt(0);
		}
		return modules.isEmpty() ? 0 : plan.placeLow("the module list", list.array(), 4);
	}

	private static byte[] memoryMap(MemoryMap map) {
		ByteBuffer table = ByteBuffer.allocate(MAP_ENTRY_SIZE * map.ranges().size()).order(ByteOrder.LITTLE_ENDIAN);
		for (MemoryMap.Range range : map.ranges()) {
			// The size field does not count itself.
			table.putInt(MAP_ENTRY_SIZE - 4).putLong(range.start()).putLong(range.size()).putInt(range.kind().code());
		}
		return table.array();
	}

	/** RAM from 1 MB up to the first hole. */
	static long upperMemory(MemoryMap map) {
		for (MemoryMap.Range range : map.ranges()) {
			if (range.start() == MemoryMap.MEGABYTE) {
				return range.size();
			}
		}
		return 0;
	}
}
