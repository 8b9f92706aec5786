/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.MemoryMap;
import org.hyperstep.machine.acpi.FirmwareTables;

/** Xen's direct boot of HVM guests (Xen documentation, "x86/HVM direct boot ABI"). */
@SuppressWarnings("nls")
final class PvhBoot {
	private static final int XEN_ELFNOTE_PHYS32_ENTRY = 18;
	private static final int START_INFO_MAGIC = 0x336ec578, START_INFO_VERSION = 1;
	private static final int START_INFO_SIZE = 56, MODULE_SIZE = 32, MAP_ENTRY_SIZE = 24;

	private PvhBoot() {
	}

	static void offer(ImageBytes file, ElfFile elf, Map<BootProtocol, Loader> offered) throws ImageException {
		Long entry = entry(file, elf);
		if (entry != null) {
			offered.put(BootProtocol.PVH, (plan, request) -> prepare(plan, file, elf, entry, request));
		}
	}

	/** The entry point that the image's note gives, or null if there is no such note. */
	private static @Nullable Long entry(ImageBytes file, ElfFile elf) throws ImageException {
		for (ElfFile.Note note : elf.notes()) {
			if (note.owner().equals("Xen") && note.type() == XEN_ELFNOTE_PHYS32_ENTRY) {
				if (note.size() != 4 && note.size() != 8) {
					throw bad(file, note, "has " + note.size() + " bytes instead of 4 or 8");
				}
				long entry = file.word(note.size() == 8, note.offset(), "the PVH entry note");
				if (entry >>> 32 != 0 || elf.segments().stream().noneMatch(segment -> segment.holds(entry))) {
					throw bad(file, note, String.format("names the entry 0x%x, where nothing is loaded", entry));
				}
				return entry;
			}
		}
		return null;
	}

	private static ImageException bad(ImageBytes file, ElfFile.Note note, String what) {
		return file.error(
				String.format("has a bad PVH note (XEN_ELFNOTE_PHYS32_ENTRY) at offset 0x%x: it %s", note.offset(),
						what));
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, ElfFile elf, long entry, LoadRequest request)
			throws ImageException {
		ElfBoot.placeSegments(plan, file, elf);
		List<BootModule> modules = request.modules();
		ByteBuffer list = buffer(MODULE_SIZE * modules.size());
		for (BootModule module : modules) {
			byte[] contents = ImageFile.read(module.file());
			list.putLong(plan.placeAtTop("module " + module.file(), contents)).putLong(contents.length);
			list.putLong(module.text().isEmpty() ? 0 : plan.placeText("a module's text", module.text())).putLong(0);
		}
		long commandLine = plan.placeText("the command line", request.commandLine());
		long moduleList = modules.isEmpty() ? 0 : plan.placeLow("the module list", list.array(), 8);
		ByteBuffer info = buffer(START_INFO_SIZE);
		info.putInt(START_INFO_MAGIC).putInt(START_INFO_VERSION).putInt(0).putInt(modules.size());
		info.putLong(moduleList).putLong(commandLine).putLong(FirmwareTables.ROOT_POINTER);
		info.putLong(placeMemoryMap(plan)).putInt(plan.map().ranges().size()).putInt(0);
		long startInfo = plan.placeLow("the PVH start info", info.array(), 8);
		return InitialStates.protected32(plan, BootProtocol.PVH, entry, 0, startInfo);
	}

	private static long placeMemoryMap(LoadPlan plan) throws ImageException {
		List<MemoryMap.Range> ranges = plan.map().ranges();
		ByteBuffer table = buffer(MAP_ENTRY_SIZE * ranges.size());
		for (MemoryMap.Range range : ranges) {
			table.putLong(range.start()).putLong(range.size()).putInt(range.kind().code()).putInt(0);
		}
		return plan.placeLow("the memory map", table.array(), 8);
	}

	private static ByteBuffer buffer(int size) {
		return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
	}
}
