/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.Symbol.Kind;
import org.hyperstep.symbols.SymbolFileException;

/** The usable entries of the file's symbol tables as columns of primitive values, in the order of their addresses. */
final class SymbolEntries {
	/** STB_LOCAL is 0; what is looked up by name or address prefers a higher rank. */
	private static final int STB_GLOBAL = 1;
	private static final int STB_WEAK = 2;
	private static final int SHN_UNDEF = 0;
	private static final int SHN_ABS = 0xfff1;
	private static final Kind[] KINDS = Kind.values();

	private final ElfFile file;
	private long[] linear = new long[64];
	private long[] size = new long[64];
	/** Offset of the name, of both string tables one after the other. */
	private long[] name = new long[64];
	private byte[] kind = new byte[64];
	private byte[] rank = new byte[64];
	private int count;

	SymbolEntries(ElfFile file) {
		this.file = file;
	}

	int count() {
		return count;
	}

	long linear(int i) {
		return linear[i];
	}

	long size(int i) {
		return size[i];
	}

	long name(int i) {
		return name[i];
	}

	Kind kind(int i) {
		return KINDS[kind[i]];
	}

	int rank(int i) {
		return rank[i];
	}

	/** Adds the entries of one table (System V ABI, "Symbol Table"). {@code nameBase} is added to their name offsets. */
	void read(Contents table, long nameBase) throws SymbolFileException {
		int entrySize = file.is64() ? 24 : 16;
		if (table.size() % entrySize != 0) {
			throw table.failure(table.size(), "is not a whole number of entries of " + entrySize + " bytes"); //$NON-NLS-1$ //$NON-NLS-2$
		}
		Cursor in = table.cursor(0);
		while (in.remaining() > 0) {
			long nameOffset = in.u32();
			if (file.is64()) {
				int info = in.u8();
				in.skip(1);
				int section = in.u16();
				add(nameOffset + nameBase, nameOffset, info, section, in.u64(), in.u64());
			} else {
				long value = in.u32();
				long bytes = in.u32();
				int info = in.u8();
				in.skip(1);
				add(nameOffset + nameBase, nameOffset, info, in.u16(), value, bytes);
			}
		}
	}

	private void add(long nameAt, long nameOffset, int info, int section, long value, long bytes) {
		Kind meaning = kind(info & 0xf, section);
		if (nameOffset == 0 || section == SHN_UNDEF || meaning == null) {
			return;
		}
		if (count == linear.length) {
			resize(2 * count);
		}
		linear[count] = value;
		size[count] = bytes;
		name[count] = nameAt;
		kind[count] = (byte) meaning.ordinal();
		rank[count++] = (byte) rank(meaning, info >> 4, bytes);
	}

	private static @Nullable Kind kind(int type, int section) {
		return switch (type) {
			case 0 -> section == SHN_ABS ? Kind.CONSTANT : Kind.LABEL; // STT_NOTYPE
			case 1, 5 -> Kind.OBJECT; // STT_OBJECT, STT_COMMON
			case 2, 10 -> Kind.FUNCTION; // STT_FUNC, STT_GNU_IFUNC
			case 6 -> Kind.THREAD_LOCAL; // STT_TLS
			default -> null; // sections, files and what processors reserve have no name of their own to look up
		};
	}

	/** What is chosen of several symbols with one name or one address: functions before data before labels, then global before weak. */
	private static int rank(Kind kind, int binding, long bytes) {
		int byKind = kind == Kind.FUNCTION ? 3 : kind == Kind.OBJECT ? 2 : kind == Kind.LABEL ? 1 : 0;
		int byBinding = binding == STB_GLOBAL ? 2 : binding == STB_WEAK ? 1 : 0;
		return byKind << 3 | byBinding << 1 | (bytes != 0 ? 1 : 0);
	}

	/** Puts the entries into the order of their addresses; of equal ones the preferred comes last. */
	void sort() {
		Integer[] order = new Integer[count];
		Arrays.setAll(order, Integer::valueOf);
		Arrays.sort(order, (a, b) -> {
			int byAddress = Long.compareUnsigned(linear[a.intValue()], linear[b.intValue()]);
			return byAddress != 0 ? byAddress : Integer.compare(rank[a.intValue()], rank[b.intValue()]);
		});
		SymbolEntries old = new SymbolEntries(file);
		old.linear = linear;
		old.size = size;
		old.name = name;
		old.kind = kind;
		old.rank = rank;
		resize(0);
		resize(count);
		for (int i = 0; i < count; i++) {
			int from = order[i].intValue();
			linear[i] = old.linear[from];
			size[i] = old.size[from];
			name[i] = old.name[from];
			kind[i] = old.kind[from];
			rank[i] = old.rank[from];
		}
	}

	private void resize(int length) {
		linear = Arrays.copyOf(linear, length);
		size = Arrays.copyOf(size, length);
		name = Arrays.copyOf(name, length);
		kind = Arrays.copyOf(kind, length);
		rank = Arrays.copyOf(rank, length);
	}
}
