/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.Symbol;
import org.hyperstep.symbols.Symbol.Kind;
import org.hyperstep.symbols.SymbolFileException;

/**
 * The symbols of a file, of {@code .symtab} and of {@code .dynsym} where that has more. Entries are numbered in the order of
 * their addresses. Immutable and safe for all threads.
 */
@SuppressWarnings("nls")
public final class SymbolTable {
	private static final int NONE = -1;

	/** Not known beforehand, so that no file can be made whose names all collide. */
	private final int multiplier = ThreadLocalRandom.current().nextInt() << 3 | 5;
	private final ElfFile file;
	private final SymbolEntries entries;
	private final Contents[] strings = new Contents[2];
	/** Open addressing by name; of the entries with one name the preferred one. */
	private final int[] byName;
	/** The functions and labels among the instructions, in the order of their addresses. */
	private final int[] code;
	/** Sized functions by address. */
	private final RangeIndex functions;

	private SymbolTable(ElfFile file) throws SymbolFileException {
		this.file = file;
		entries = new SymbolEntries(file);
		strings[0] = readTable(ElfSection.SHT_SYMTAB, 0);
		strings[1] = readTable(ElfSection.SHT_DYNSYM, strings[0].size());
		entries.sort();
		byName = new int[Integer.highestOneBit(Math.max(4, entries.count()) - 1) << 2];
		Arrays.fill(byName, NONE);
		indexNames();
		int[] candidates = new int[entries.count()];
		int found = 0;
		RangeIndex.Builder sized = new RangeIndex.Builder();
		for (int i = 0; i < entries.count(); i++) {
			Kind kind = entries.kind(i);
			boolean executable = (kind == Kind.FUNCTION || kind == Kind.LABEL) && file.isCode(entries.linear(i));
			if (executable && !repeatsNext(i)) {
				candidates[found++] = i;
			}
			if (executable && kind == Kind.FUNCTION) {
				sized.add(entries.linear(i), entries.linear(i) + entries.size(i), i);
			}
		}
		code = Arrays.copyOf(candidates, found);
		functions = sized.build();
	}

	public static SymbolTable read(ElfFile file) throws SymbolFileException {
		return new SymbolTable(file);
	}

	/** Only the preferred one of the symbols at an address, the last one, answers for it. */
	private boolean repeatsNext(int i) {
		int next = i + 1;
		return next < entries.count() && entries.linear(next) == entries.linear(i)
				&& entries.rank(next) >= entries.rank(i)
				&& (entries.kind(next) == Kind.FUNCTION || entries.kind(next) == Kind.LABEL);
	}

	private Contents readTable(long type, long nameBase) throws SymbolFileException {
		Contents names = Contents.absent(file.path(), "symbol names");
		for (ElfSection section : file.sections()) {
			if (section.type() == type) {
				if (section.link() >= file.sections().size()) {
					throw file.contents(section).failure(0,
							"its string table is section " + section.link() + ", which does not exist");
				}
				names = file.contents(file.sections().get((int) section.link())).resident();
				entries.read(file.contents(section), nameBase);
				break;
			}
		}
		return names;
	}

	private Contents strings(int i) {
		return strings[entries.name(i) < strings[0].size() ? 0 : 1];
	}

	private long nameOffset(int i) {
		long offset = entries.name(i);
		return offset < strings[0].size() ? offset : offset - strings[0].size();
	}

	private void indexNames() throws SymbolFileException {
		WorkBudget budget = new WorkBudget("symbol names",
				16L * (strings[0].size() + (long) strings[1].size()) + 65536);
		for (int i = 0; i < entries.count(); i++) {
			Cursor text = strings(i).cursor(nameOffset(i));
			int length = text.skipString();
			budget.charge(length, text);
			int slot = slot(strings(i).cursor(nameOffset(i)).take(length));
			if (byName[slot] == NONE || entries.rank(byName[slot]) < entries.rank(i)) {
				byName[slot] = i;
			}
		}
	}

	/** Where {@code name} is, or would be put. */
	private int slot(byte[] name) throws SymbolFileException {
		int mask = byName.length - 1;
		int hash = 1;
		for (byte b : name) {
			hash = hash * multiplier + b;
		}
		int slot = (hash ^ hash >>> 15) & mask;
		while (byName[slot] != NONE && !isNamed(byName[slot], name)) {
			slot = slot + 1 & mask;
		}
		return slot;
	}

	private boolean isNamed(int i, byte[] name) throws SymbolFileException {
		Cursor text = strings(i).cursor(nameOffset(i));
		for (byte b : name) {
			if (text.u8() != (b & 0xff)) {
				return false;
			}
		}
		return text.u8() == 0;
	}

	public int count() {
		return entries.count();
	}

	/** The {@code i}-th symbol by address. */
	public Symbol get(int i) {
		try {
			return new Symbol(strings(i).string(nameOffset(i)), entries.linear(i), entries.size(i), entries.kind(i));
		} catch (SymbolFileException e) {
			throw new IllegalStateException("the name was readable when the table was indexed", e);
		}
	}

	/** The preferred symbol of that name. */
	public @Nullable Symbol named(String name) {
		try {
			byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
			int i = bytes.length == 0 || name.indexOf('\0') >= 0 ? NONE : byName[slot(bytes)];
			return i == NONE ? null : get(i);
		} catch (SymbolFileException e) {
			throw new IllegalStateException("the names were readable when the table was indexed", e);
		}
	}

	/** The innermost function that contains {@code linear}, else the nearest function or label before it in the same section. */
	public @Nullable Symbol at(long linear) {
		int section = file.codeSection(linear);
		if (section < 0) {
			return null;
		}
		int containing = functions.innermost(linear);
		if (containing >= 0) {
			return get(containing);
		}
		int nearest = lastAtOrBelow(linear);
		return nearest >= 0 && file.codeSection(entries.linear(code[nearest])) == section ? get(code[nearest]) : null;
	}

	/** Address where the symbol after the one at or before {@code linear} begins, or {@code linear} if there is none. */
	public long next(long linear) {
		int next = lastAtOrBelow(linear) + 1;
		return next < code.length ? entries.linear(code[next]) : linear;
	}

	private int lastAtOrBelow(long linear) {
		int from = 0;
		int to = code.length;
		while (from < to) {
			int middle = (from + to) >>> 1;
			if (Long.compareUnsigned(entries.linear(code[middle]), linear) <= 0) {
				from = middle + 1;
			} else {
				to = middle;
			}
		}
		return from - 1;
	}
}
