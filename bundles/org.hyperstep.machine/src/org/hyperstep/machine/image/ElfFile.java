/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.ArrayList;
import java.util.List;

/**
 * The parts of an x86 ELF executable that loading needs (System V ABI, "ELF Header", "Program Header", "Note Section"). All
 * fields are checked when it is made.
 *
 * @param wide  whether it is ELF64
 * @param entry entry point, a linear address
 */
@SuppressWarnings("nls")
record ElfFile(boolean wide, long entry, List<Segment> segments, List<Note> notes) {
	static final int MAGIC = 0x464c457f;
	private static final int CLASS_64 = 2, LITTLE_ENDIAN = 1, CURRENT_VERSION = 1;
	private static final int TYPE_RELOCATABLE = 1, TYPE_EXECUTABLE = 2, TYPE_SHARED = 3, TYPE_CORE = 4;
	private static final int PT_LOAD = 1, PT_NOTE = 4;
	/** e_phnum when the number stands elsewhere. */
	private static final int PN_XNUM = 0xffff;

	/** A loadable segment; {@code fileSize} bytes of the file, the rest zeros. */
	record Segment(int index, long offset, long fileSize, long linear, long guestPhysical, long memorySize) {
		boolean holds(long address) {
			return Long.compareUnsigned(address - guestPhysical, memorySize) < 0;
		}
	}

	/** A note; the description is {@code size} bytes at file offset {@code offset}. */
	record Note(String owner, long type, long offset, long size) {
	}

	static boolean isElf(ImageBytes file) throws ImageException {
		return file.length() >= 4 && file.u32(0, "magic") == MAGIC;
	}

	static ElfFile parse(ImageBytes file) throws ImageException {
		int elfClass = file.u8(4, "ELF class");
		if (elfClass != 1 && elfClass != CLASS_64) {
			throw file.error("is a damaged ELF file: class " + elfClass + " at offset 0x4");
		}
		boolean wide = elfClass == CLASS_64;
		checkMachine(file, wide);
		checkType(file);
		long entry = file.word(wide, 0x18, "entry point");
		List<Segment> segments = new ArrayList<>();
		List<Note> notes = new ArrayList<>();
		readProgramHeaders(file, wide, segments, notes);
		if (segments.isEmpty()) {
			throw file.error("has nothing to load: no PT_LOAD program header; is it a file of debug information only?");
		}
		return new ElfFile(wide, entry, List.copyOf(segments), List.copyOf(notes));
	}

	private static void checkMachine(ImageBytes file, boolean wide) throws ImageException {
		boolean little = file.u8(5, "ELF byte order") == LITTLE_ENDIAN;
		int machine = file.u16(0x12, "ELF machine");
		if (!little) {
			machine = Integer.reverseBytes(machine) >>> 16;
		}
		ElfMachine row = ElfMachine.of(machine);
		if (row == ElfMachine.X86_64 && !wide) {
			throw file.error(
					"is an x32 executable (32-bit ELF for x86-64), which has no way to be booted; build it with -m64");
		}
		if (row == ElfMachine.I386 && wide) {
			throw file.error("is a damaged ELF file: 64-bit class for the machine i386");
		}
		if (row != ElfMachine.X86_64 && row != ElfMachine.I386) {
			throw file
					.error("is " + (wide ? "a 64-bit" : "a 32-bit") + " executable for " + ElfMachine.describe(machine)
							+ "; this machine runs x86 code only");
		}
		if (!little) {
			throw file.error("is a damaged ELF file: big-endian x86 at offset 0x5");
		}
		if (file.u8(6, "ELF version") != CURRENT_VERSION) {
			throw file.error("is a damaged ELF file: unknown version at offset 0x6");
		}
	}

	private static void checkType(ImageBytes file) throws ImageException {
		int type = file.u16(0x10, "ELF type");
		switch (type) {
			case TYPE_EXECUTABLE -> {
				// As wanted.
			}
			case TYPE_RELOCATABLE ->
				throw file.error("is an object file or a kernel module, not linked; name the linked image");
			case TYPE_SHARED -> throw file
					.error("is a position-independent executable or a shared library; link the guest with -no-pie");
			case TYPE_CORE -> throw file.error("is a core dump, not an image");
			default -> throw file.error("is a damaged ELF file: unknown type " + type + " at offset 0x10");
		}
	}

	private static void readProgramHeaders(ImageBytes file, boolean wide, List<Segment> segments, List<Note> notes)
			throws ImageException {
		long table = file.word(wide, wide ? 0x20 : 0x1c, "program header offset");
		int entrySize = file.u16(wide ? 0x36 : 0x2a, "program header size");
		int count = file.u16(wide ? 0x38 : 0x2c, "program header count");
		int expected = wide ? 56 : 32;
		if (count == 0) {
			throw file.error("has no program headers, so nothing says where to load it; is it a linked image?");
		}
		if (count == PN_XNUM || entrySize != expected) {
			throw file.error("is a damaged ELF file: " + count + " program headers of " + entrySize + " bytes");
		}
		if (!file.has(table, (long) count * entrySize)) {
			throw file.truncated("the program header table", table, (long) count * entrySize);
		}
		for (int i = 0; i < count; i++) {
			long at = table + (long) i * entrySize;
			long type = file.u32(at, "program header");
			if (type == PT_LOAD) {
				addSegment(file, segments, segment(file, wide, at, i));
			} else if (type == PT_NOTE) {
				Segment note = segment(file, wide, at, i);
				readNotes(file, note, file.word(wide, at + (wide ? 0x30 : 0x1c), "alignment"), notes);
			}
		}
	}

	private static Segment segment(ImageBytes file, boolean wide, long at, int index) throws ImageException {
		String what = "program header " + index;
		long offset = file.word(wide, at + (wide ? 8 : 4), what);
		long linear = file.word(wide, at + (wide ? 0x10 : 8), what);
		long physical = file.word(wide, at + (wide ? 0x18 : 0xc), what);
		long fileSize = file.word(wide, at + (wide ? 0x20 : 0x10), what);
		long memorySize = file.word(wide, at + (wide ? 0x28 : 0x14), what);
		if (!file.has(offset, fileSize)) {
			throw file.truncated("segment " + index, offset, fileSize);
		}
		return new Segment(index, offset, fileSize, linear, physical, memorySize);
	}

	private static void addSegment(ImageBytes file, List<Segment> segments, Segment segment) throws ImageException {
		if (segment.memorySize == 0) {
			return;
		}
		if (Long.compareUnsigned(segment.fileSize, segment.memorySize) > 0) {
			throw file
					.error(String.format("is a damaged ELF file: segment %d has 0x%x bytes in the file, 0x%x in memory",
							segment.index, segment.fileSize, segment.memorySize));
		}
		segments.add(segment);
	}

	private static void readNotes(ImageBytes file, Segment area, long alignment, List<Note> notes)
			throws ImageException {
		long align = alignment == 8 ? 8 : 4;
		long at = area.offset;
		long end = area.offset + area.fileSize;
		while (end - at >= 12) {
			long ownerSize = file.u32(at, "note");
			long size = file.u32(at + 4, "note");
			long type = file.u32(at + 8, "note");
			long description = up(at + 12 + ownerSize, align, area.offset);
			if (description + size > end) {
				throw file.error(
						String.format("has a bad note at offset 0x%x: its 0x%x bytes reach beyond the notes' end", at,
								size));
			}
			notes.add(new Note(owner(file, at + 12, ownerSize), type, description, size));
			at = up(description + size, align, area.offset);
		}
	}

	private static String owner(ImageBytes file, long at, long size) throws ImageException {
		StringBuilder owner = new StringBuilder();
		for (long i = 0; i < Math.min(size, 16); i++) {
			int character = file.u8(at + i, "note");
			if (character == 0) {
				break;
			}
			owner.append((char) character);
		}
		return owner.toString();
	}

	private static long up(long offset, long align, long start) {
		return start + (offset - start + align - 1) / align * align;
	}
}
