/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.ElfFile;

/** Collects what is found to be wrong with parts of the debug information when they are first needed. Safe for all threads. */
@SuppressWarnings("nls")
final class Problems {
	/** A damaged file may have a problem in each of many thousand units; the first ones tell enough. */
	private static final int MOST = 100;

	private final ElfFile file;
	private final List<SymbolFileException> found = new CopyOnWriteArrayList<>();

	Problems(ElfFile file) {
		this.file = file;
	}

	/** Reads a part of the file. */
	interface Reading<T> {
		T read() throws SymbolFileException;
	}

	/** What {@code reading} gives or, if the part is damaged, {@code otherwise} and a report. */
	<T> T read(Reading<T> reading, Supplier<T> otherwise) {
		try {
			return reading.read();
		} catch (SymbolFileException e) {
			add(e);
		} catch (InternalError e) {
			// what a mapped buffer throws when the file has become shorter since it was mapped
			add(new SymbolFileException(file.path(), "the file changed while it was in use", e));
		}
		return otherwise.get();
	}

	void add(SymbolFileException problem) {
		if (found.size() < MOST) {
			found.add(problem);
		}
	}

	List<SymbolFileException> found() {
		return List.copyOf(found);
	}
}
