/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.List;

import org.hyperstep.symbols.SymbolFileException;
import org.hyperstep.symbols.elf.ElfFile;

/**
 * The DWARF of one file. Units are indexed at once, what is in them is read when it is first needed. A unit that turns out to be
 * damaged then has no information, and the reason is among the {@link #problems()}. Safe for all threads.
 */
public final class DebugInformation {
	private final Problems problems;
	private final LinePrograms programs;
	private final Functions functions;
	private final SourceLines lines;

	private DebugInformation(ElfFile file) throws SymbolFileException {
		DebugSections sections = DebugSections.of(file);
		problems = new Problems(file);
		RangeLists rangeLists = new RangeLists(file, sections);
		UnitIndex units = new UnitIndex(file, sections, rangeLists);
		units.problems().forEach(problems::add);
		programs = new LinePrograms(file, sections, units, problems);
		functions = new Functions(units, rangeLists, problems);
		lines = new SourceLines(programs, functions);
	}

	public static DebugInformation read(ElfFile file) throws SymbolFileException {
		return new DebugInformation(file);
	}

	public Functions functions() {
		return functions;
	}

	public SourceLines lines() {
		return lines;
	}

	/** What was found to be wrong so far. */
	public List<SymbolFileException> problems() {
		return problems.found();
	}

	/** Reads all that would otherwise be read when needed, so that {@link #problems()} is complete. */
	public void readAll() {
		functions.readAll();
		programs.readAll();
	}
}
