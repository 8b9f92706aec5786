/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Contents;
import org.hyperstep.symbols.elf.ElfFile;

/**
 * The sections that DWARF is spread over, by their names without {@code .debug_}; empty where the file lacks one.
 */
@SuppressWarnings("nls")
record DebugSections(Contents info, Contents abbrev, Contents line, Contents str, Contents lineStr, Contents strOffsets,
		Contents addr,
		Contents ranges, Contents rnglists) {

	static DebugSections of(ElfFile file) throws SymbolFileException {
		return new DebugSections(file.debugSection("info"), file.debugSection("abbrev"), file.debugSection("line"),
				file.debugSection("str"),
				file.debugSection("line_str"), file.debugSection("str_offsets"), file.debugSection("addr"),
				file.debugSection("ranges"),
				file.debugSection("rnglists"));
	}
}
