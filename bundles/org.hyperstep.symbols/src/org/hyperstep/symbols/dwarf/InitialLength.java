/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Cursor;

/**
 * The length that begins every contribution to a section (DWARF, "32-Bit and 64-Bit DWARF Formats").
 *
 * @param dwarf64 whether it was the escape to 64-bit DWARF
 * @param end offset after the contribution, inside the section
 */
record InitialLength(boolean dwarf64, int end) {

	@SuppressWarnings("nls")
	static InitialLength read(Cursor in) throws SymbolFileException {
		long length = in.u32();
		boolean dwarf64 = length == 0xffff_ffffL;
		if (dwarf64) {
			length = in.u64();
		} else if (length >= 0xffff_fff0L) {
			throw in.failure("reserved initial length 0x%x".formatted(length));
		}
		if (length < 0 || length > in.remaining()) {
			throw in.failure("claims 0x%x bytes, but the section has only 0x%x more".formatted(length, in.remaining()));
		}
		return new InitialLength(dwarf64, in.offset() + (int) length);
	}
}
