/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.symbols.SymbolFileException;

/** Reads the section and the program header table, extended numbering included (System V ABI, "ELF Header", e_shnum and e_phnum). */
@SuppressWarnings("nls")
final class ElfTables {
	private static final int PN_XNUM = 0xffff;
	private static final int SHN_XINDEX = 0xffff;

	private final Contents file;
	private final ElfHeader header;
	private final int word;

	ElfTables(Contents file, ElfHeader header) {
		this.file = file;
		this.header = header;
		this.word = header.is64() ? 8 : 4;
	}

	List<ElfSection> sections() throws SymbolFileException {
		if (header.sectionHeaders() == 0) {
			return List.of();
		}
		ElfSection first = section(0, "");
		long count = header.sectionHeaderCount() != 0 ? header.sectionHeaderCount() : first.size();
		checkTable("section header", header.sectionHeaders(), count, header.sectionHeaderSize());
		List<ElfSection> unnamed = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			unnamed.add(section(i, ""));
		}
		long names = header.sectionNames() == SHN_XINDEX ? first.link() : header.sectionNames();
		if (names == 0) {
			return List.copyOf(unnamed);
		}
		if (names >= count) {
			throw file.failure(0, "e_shstrndx %d is not one of the %d sections".formatted(names, count));
		}
		return named(unnamed, bytes(unnamed.get((int) names), "section names"));
	}

	private List<ElfSection> named(List<ElfSection> unnamed, Contents names) throws SymbolFileException {
		WorkBudget budget = new WorkBudget("section names", 16L * names.size() + 65536);
		List<ElfSection> named = new ArrayList<>();
		for (ElfSection s : unnamed) {
			Cursor name = names.cursor(file.cursor(position(s.index())).u32());
			budget.charge(name.skipString(), name);
			named.add(section(s.index(), names.string(file.cursor(position(s.index())).u32())));
		}
		return List.copyOf(named);
	}

	private long position(int index) {
		return header.sectionHeaders() + (long) index * header.sectionHeaderSize();
	}

	private ElfSection section(int index, String name) throws SymbolFileException {
		Cursor in = file.cursor(position(index));
		in.skip(4);
		return new ElfSection(index, name, in.u32(), in.unsigned(word), in.unsigned(word), in.unsigned(word),
				in.unsigned(word), in.u32(),
				in.u32(), in.unsigned(word), in.unsigned(word));
	}

	List<ElfSegment> segments() throws SymbolFileException {
		if (header.programHeaders() == 0) {
			return List.of();
		}
		boolean extended = header.programHeaderCount() == PN_XNUM && header.sectionHeaders() != 0;
		long count = extended ? section(0, "").info() : header.programHeaderCount();
		checkTable("program header", header.programHeaders(), count, header.programHeaderSize());
		List<ElfSegment> segments = new ArrayList<>();
		for (long i = 0; i < count; i++) {
			segments.add(segment(file.cursor(header.programHeaders() + i * header.programHeaderSize())));
		}
		return List.copyOf(segments);
	}

	private ElfSegment segment(Cursor in) throws SymbolFileException {
		long type = in.u32();
		long flags = header.is64() ? in.u32() : 0;
		long offset = in.unsigned(word);
		long linear = in.unsigned(word);
		long physical = in.unsigned(word);
		long fileSize = in.unsigned(word);
		long memorySize = in.unsigned(word);
		if (!header.is64()) {
			flags = in.u32();
		}
		return new ElfSegment(type, flags, offset, linear, physical, fileSize, memorySize, in.unsigned(word));
	}

	private void checkTable(String what, long offset, long count, int entrySize) throws SymbolFileException {
		if (offset < 0 || offset > file.size() || count > (file.size() - offset) / entrySize) {
			throw file.failure(offset,
					"%s table of %d entries does not fit into the file's 0x%x bytes (truncated file?)".formatted(what,
							count,
							file.size()));
		}
	}

	/** The section's bytes as they stand in the file. */
	Contents bytes(ElfSection section, String name) throws SymbolFileException {
		long size = section.type() == ElfSection.SHT_NOBITS ? 0 : section.size();
		return range(name, size == 0 ? 0 : section.offset(), size);
	}

	Contents range(String name, long offset, long size) throws SymbolFileException {
		if (offset < 0 || size < 0 || offset > file.size() || size > file.size() - offset) {
			throw file.failure(offset,
					"%s of 0x%x bytes does not fit into the file's 0x%x bytes (truncated file?)".formatted(name, size,
							file.size()));
		}
		return new Contents(file.file(), name, file.bytes().slice((int) offset, (int) size));
	}
}
