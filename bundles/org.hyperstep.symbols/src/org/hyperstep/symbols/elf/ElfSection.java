/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

/**
 * A section header (System V ABI, "Section Header Table").
 *
 * @param index place in the table
 * @param name from the section header string table
 * @param type sh_type
 * @param flags sh_flags
 * @param linear sh_addr
 * @param offset sh_offset, bytes from the start of the file
 * @param size sh_size, in memory; in the file too unless the type is SHT_NOBITS
 * @param link sh_link
 * @param info sh_info
 * @param alignment sh_addralign
 * @param entrySize sh_entsize
 */
public record ElfSection(int index, String name, long type, long flags, long linear, long offset, long size, long link,
		long info,
		long alignment, long entrySize) {
	public static final long SHT_SYMTAB = 2;
	public static final long SHT_NOTE = 7;
	public static final long SHT_NOBITS = 8;
	public static final long SHT_DYNSYM = 11;
	public static final long SHF_ALLOC = 0x2;
	public static final long SHF_EXECINSTR = 0x4;
	public static final long SHF_COMPRESSED = 0x800;

	/** Whether the section is loaded and holds instructions. */
	public boolean isCode() {
		return (flags & SHF_ALLOC) != 0 && (flags & SHF_EXECINSTR) != 0;
	}

	public boolean contains(long address) {
		return (flags & SHF_ALLOC) != 0 && Long.compareUnsigned(address - linear, size) < 0;
	}
}
