/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.Map;

/**
 * Loads a plain ELF file, which no protocol describes. Our rule: segments go to their physical addresses, and interrupts
 * are off. ELF64: the entry point is reached in 64-bit mode with the first 4 GB mapped one to one (writable, executable,
 * 2 MB pages), flat segments in a GDT, no IDT, and 16 KB of stack whose top holds a zero return address. ELF32: it is
 * reached in 32-bit protected mode without paging, flat segments in a GDT, no IDT, no stack, as multiboot would have it.
 */
@SuppressWarnings("nls")
final class ElfBoot {
	private ElfBoot() {
	}

	static void offer(ImageBytes file, ElfFile elf, Map<BootProtocol, Loader> offered) {
		BootProtocol protocol = elf.wide() ? BootProtocol.ELF64 : BootProtocol.ELF32;
		offered.put(protocol, (plan, request) -> prepare(plan, file, elf, protocol, request));
	}

	static void placeSegments(LoadPlan plan, ImageBytes file, ElfFile elf) throws ImageException {
		for (ElfFile.Segment segment : elf.segments()) {
			plan.place("segment " + segment.index(), file.array(), segment.offset(), segment.fileSize(),
					segment.guestPhysical(), segment.memorySize());
		}
	}

	/**
	 * The entry point as a guestPhysical address, for entering without paging. Files that are linked elsewhere than they
	 * are loaded give it by either address; that of the linker comes first.
	 */
	static long physicalEntry(ImageBytes file, ElfFile elf) throws ImageException {
		for (ElfFile.Segment segment : elf.segments()) {
			long distance = elf.entry() - segment.linear();
			if (Long.compareUnsigned(distance, segment.memorySize()) < 0) {
				return segment.guestPhysical() + distance;
			}
		}
		for (ElfFile.Segment segment : elf.segments()) {
			if (Long.compareUnsigned(elf.entry() - segment.guestPhysical(), segment.memorySize()) < 0) {
				return elf.entry();
			}
		}
		throw noEntry(file, elf);
	}

	private static ImageException noEntry(ImageBytes file, ElfFile elf) {
		return file.error(
				String.format("has the entry point 0x%x, where nothing is loaded; does the linker script set ENTRY?",
						elf.entry()));
	}

	private static InitialState prepare(LoadPlan plan, ImageBytes file, ElfFile elf, BootProtocol protocol,
			LoadRequest request) throws ImageException {
		String kind = "a plain " + protocol.label() + " file";
		if (!request.modules().isEmpty()) {
			throw file.error(
					"is " + kind + ", which has no way to take modules; give it a multiboot header or a PVH note");
		}
		long entry = physicalEntry(file, elf);
		if (entry != elf.entry()) {
			throw file.error(String.format(
					"is linked at 0x%x but loaded at 0x%x; %s is entered with memory mapped one to one, "
							+ "so link it where it is loaded, or give it a multiboot header or a PVH note",
					elf.entry(), entry, kind));
		}
		if (entry >>> 32 != 0) {
			throw file.error(
					String.format("has the entry point 0x%x beyond 4 GB; %s must be linked below it", entry, kind));
		}
		placeSegments(plan, file, elf);
		return elf.wide() ? InitialStates.long64(plan, protocol, entry, 0)
				: InitialStates.protected32(plan, protocol, entry, 0, 0);
	}
}
