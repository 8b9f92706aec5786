/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

/**
 * A program header (System V ABI, "Program Header").
 *
 * @param type p_type
 * @param flags p_flags
 * @param offset p_offset, bytes from the start of the file
 * @param linear p_vaddr
 * @param physical p_paddr
 * @param fileSize p_filesz
 * @param memorySize p_memsz
 * @param alignment p_align
 */
public record ElfSegment(long type, long flags, long offset, long linear, long physical, long fileSize, long memorySize,
		long alignment) {
	public static final long PT_LOAD = 1;
	public static final long PT_NOTE = 4;
	public static final long PF_X = 1;

	public boolean isCode() {
		return type == PT_LOAD && (flags & PF_X) != 0;
	}

	public boolean contains(long address) {
		return type == PT_LOAD && Long.compareUnsigned(address - linear, memorySize) < 0;
	}
}
