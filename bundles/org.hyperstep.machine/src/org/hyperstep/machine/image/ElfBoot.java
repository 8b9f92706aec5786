/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.List;

import org.hyperstep.machine.image.InitialState.Mode;

/**
 * Loads a plain ELF64 file, which no protocol describes. Our rule: segments go to their physical addresses; the entry point
 * is reached in 64-bit mode with interrupts off, the first 4 GB mapped one to one (writable, executable, 2 MB pages), flat
 * segments in a GDT, no IDT, and 16 KB of stack whose top holds a zero return address.
 */
@SuppressWarnings("nls")
final class ElfBoot {
	private static final int STACK = 16 << 10;
	private static final long PRESENT_WRITABLE = 3, LARGE = 1 << 7;
	private static final int LARGE_PAGE = 2 << 20;
	/** One PML4, one page-directory-pointer table, four page directories. */
	private static final int TABLES = 6, ENTRIES = 512, MAPPED_GB = 4;

	private ElfBoot() {
	}

	static void placeSegments(LoadPlan plan, ImageBytes file, ElfFile elf) throws ImageException {
		for (ElfFile.Segment segment : elf.segments()) {
			plan.place("segment " + segment.index(), file.array(), segment.offset(), segment.fileSize(),
					segment.guestPhysical(), segment.memorySize());
		}
	}

	/** The entry point as a guestPhysical address, for entering without paging. */
	static long physicalEntry(ImageBytes file, ElfFile elf) throws ImageException {
		for (ElfFile.Segment segment : elf.segments()) {
			long distance = elf.entry() - segment.linear();
			if (Long.compareUnsigned(distance, segment.memorySize()) < 0) {
				return segment.guestPhysical() + distance;
			}
		}
		throw noEntry(file, elf);
	}

	private static ImageException noEntry(ImageBytes file, ElfFile elf) {
		return file.error(
				String.format("has the entry point 0x%x, where nothing is loaded; does the linker script set ENTRY?",
						elf.entry()));
	}

	static InitialState prepare(LoadPlan plan, ImageBytes file, ElfFile elf, List<java.nio.file.Path> modules)
			throws ImageException {
		if (!modules.isEmpty()) {
			throw file.error(
					"is a plain ELF64 file, which has no way to take modules; give it a multiboot header or a PVH note");
		}
		long entry = physicalEntry(file, elf);
		if (entry != elf.entry()) {
			throw file.error(String.format(
					"is linked at 0x%x but loaded at 0x%x; a plain ELF64 file is entered with memory mapped "
							+ "one to one, so link it where it is loaded, or give it a multiboot header or a PVH note",
					elf.entry(), entry));
		}
		if (entry >>> 32 != 0) {
			throw file.error(
					String.format("has the entry point 0x%x beyond 4 GB; a plain ELF64 file must be linked below it",
							entry));
		}
		placeSegments(plan, file, elf);
		long gdt = plan.placeWords("the GDT", InitialState.gdt(Mode.LONG_64), 8);
		long stack = plan.reserveLow("the stack", STACK, 16);
		return new InitialState(BootProtocol.ELF64, Mode.LONG_64, entry, 0, 0, stack + STACK - 8, placeTables(plan),
				gdt);
	}

	private static long placeTables(LoadPlan plan) throws ImageException {
		long base = plan.reserveLow("the page tables", TABLES * 8 * ENTRIES, 8 * ENTRIES);
		long[] words = new long[TABLES * ENTRIES];
		words[0] = base + 8 * ENTRIES | PRESENT_WRITABLE;
		for (int gigabyte = 0; gigabyte < MAPPED_GB; gigabyte++) {
			words[ENTRIES + gigabyte] = base + (2L + gigabyte) * 8 * ENTRIES | PRESENT_WRITABLE;
		}
		for (int page = 0; page < MAPPED_GB * ENTRIES; page++) {
			words[2 * ENTRIES + page] = (long) page * LARGE_PAGE | PRESENT_WRITABLE | LARGE;
		}
		plan.fill(base, words);
		return base;
	}
}
