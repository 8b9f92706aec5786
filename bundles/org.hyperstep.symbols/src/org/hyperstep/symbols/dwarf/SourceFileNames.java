/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.HashMap;
import java.util.Map;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.Contents;
import org.hyperstep.symbols.elf.Cursor;
import org.hyperstep.symbols.elf.WorkBudget;

/** Keeps one object for each source file, however many line programs name it. Safe for all threads. */
@SuppressWarnings("nls")
final class SourceFileNames {
	/** PATH_MAX of Linux. */
	static final int LONGEST_NAME = 4096;

	private final Map<SourceFile, @Nullable SourceFile> files = new HashMap<>();
	private final WorkBudget budget;

	SourceFileNames(DebugSections sections) {
		long bytes = sections.line().size() + (long) sections.lineStr().size() + sections.str().size();
		budget = new WorkBudget("file names", 64 * bytes + (1 << 20));
	}

	/** The string at {@code offset} of a section, on the account of the entry at {@code at}. */
	String string(Contents section, long offset, Cursor at) throws SymbolFileException {
		return charged(section.string(offset, LONGEST_NAME), at);
	}

	String charged(String text, Cursor at) throws SymbolFileException {
		budget.charge(text.length(), at);
		return text;
	}

	/**
	 * The source file of an entry of a file table.
	 *
	 * @param compilationDirectory of the unit
	 * @param directory as in the directory table, empty for the compilation directory
	 * @param name as in the file table
	 * @param at where it stands
	 */
	synchronized SourceFile file(String compilationDirectory, String directory, String name, Cursor at)
			throws SymbolFileException {
		if (name.length() > LONGEST_NAME || directory.length() > LONGEST_NAME) {
			throw at.failure("a file name of more than " + LONGEST_NAME + " bytes");
		}
		boolean plain = directory.isEmpty() || directory.equals(compilationDirectory) || name.startsWith("/");
		SourceFile wanted = new SourceFile(compilationDirectory, plain ? name : directory + "/" + name);
		SourceFile known = files.get(wanted);
		if (known == null) {
			budget.charge(wanted.name().length() + 32L, at);
			known = wanted;
			files.put(known, known);
		}
		return known;
	}
}
