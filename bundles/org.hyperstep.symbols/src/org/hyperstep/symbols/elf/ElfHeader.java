/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import org.hyperstep.symbols.SymbolFileException;

/**
 * The ELF header of an x86 file (System V ABI, "ELF Header").
 *
 * @param is64 ELFCLASS64
 * @param type e_type
 * @param machine e_machine
 * @param entry e_entry
 * @param programHeaders e_phoff
 * @param sectionHeaders e_shoff
 * @param programHeaderSize e_phentsize
 * @param programHeaderCount e_phnum, unresolved
 * @param sectionHeaderSize e_shentsize
 * @param sectionHeaderCount e_shnum, unresolved
 * @param sectionNames e_shstrndx, unresolved
 */
@SuppressWarnings("nls")
public record ElfHeader(boolean is64, int type, int machine, long entry, long programHeaders, long sectionHeaders,
		int programHeaderSize,
		int programHeaderCount, int sectionHeaderSize, int sectionHeaderCount, int sectionNames) {
	public static final int ET_REL = 1;
	public static final int ET_EXEC = 2;
	public static final int ET_DYN = 3;
	public static final int EM_386 = 3;
	public static final int EM_X86_64 = 62;
	private static final long MAGIC = 0x464c457fL;

	static ElfHeader read(Contents file) throws SymbolFileException {
		Cursor in = file.cursor(0);
		if (file.isEmpty()) {
			throw in.failure("the file is empty");
		}
		if (in.remaining() < 16 || in.u32() != MAGIC) {
			throw file.failure(0, "not an ELF file: it does not begin with the ELF magic number");
		}
		boolean is64 = elfClass(in);
		if (in.u8() != 1) {
			throw in.failure("not a little-endian file (EI_DATA)");
		}
		in.seek(16);
		int word = is64 ? 8 : 4;
		int type = in.u16();
		int machine = machine(in);
		in.skip(4);
		long entry = in.unsigned(word);
		long programHeaders = in.unsigned(word);
		long sectionHeaders = in.unsigned(word);
		in.skip(6);
		ElfHeader header = new ElfHeader(is64, type(in, type), machine, entry, programHeaders, sectionHeaders, in.u16(),
				in.u16(), in.u16(),
				in.u16(), in.u16());
		header.checkEntrySizes(in);
		return header;
	}

	private static boolean elfClass(Cursor in) throws SymbolFileException {
		return switch (in.u8()) {
			case 1 -> false;
			case 2 -> true;
			default -> throw in.failure("neither a 32-bit nor a 64-bit file (EI_CLASS)");
		};
	}

	private static int machine(Cursor in) throws SymbolFileException {
		int machine = in.u16();
		if (machine != EM_386 && machine != EM_X86_64) {
			throw in.failure("not an x86 file: machine %d%s".formatted(machine, switch (machine) {
				case 40 -> " (ARM)";
				case 183 -> " (AArch64)";
				case 243 -> " (RISC-V)";
				default -> "";
			}));
		}
		return machine;
	}

	private static int type(Cursor in, int type) throws SymbolFileException {
		return switch (type) {
			case ET_EXEC, ET_DYN -> type;
			case ET_REL ->
				throw in.failure("an object file that is not linked (ET_REL): its addresses are not known yet");
			default -> throw in.failure("neither an executable nor a shared object (e_type " + type + ")");
		};
	}

	private void checkEntrySizes(Cursor in) throws SymbolFileException {
		if (sectionHeaders != 0 && sectionHeaderSize < (is64 ? 64 : 40)) {
			throw in.failure("e_shentsize " + sectionHeaderSize + " is too small for a section header");
		}
		if (programHeaders != 0 && programHeaderCount != 0 && programHeaderSize < (is64 ? 56 : 32)) {
			throw in.failure("e_phentsize " + programHeaderSize + " is too small for a program header");
		}
	}
}
