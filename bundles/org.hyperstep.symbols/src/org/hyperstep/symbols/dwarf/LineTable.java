/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.dwarf;

import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.symbols.SourceFile;
import org.hyperstep.symbols.elf.RangeIndex;

/**
 * The rows that a line number program makes, as columns (DWARF, "Line Number Information"). Rows of one sequence follow each other
 * in the order of their addresses; its last row only ends it. Immutable.
 */
final class LineTable {
	static final int STATEMENT = 1;
	static final int PROLOGUE_END = 2;
	static final int END_SEQUENCE = 4;

	/** The table of a program that could not be read. */
	static final LineTable EMPTY = new Builder().build(1, List.of());

	private final long[] address;
	private final int[] line;
	private final int[] file;
	private final char[] column;
	private final byte[] flags;
	private final int[] first;
	/** Sequences by their addresses; the owner is the index into {@link #first}. */
	private final RangeIndex sequences;

	private final int firstFile;
	private final List<SourceFile> files;

	private LineTable(Builder from, int firstFile, List<SourceFile> files) {
		this.firstFile = firstFile;
		this.files = List.copyOf(files);
		address = Arrays.copyOf(from.address, from.count);
		line = Arrays.copyOf(from.line, from.count);
		file = Arrays.copyOf(from.file, from.count);
		column = Arrays.copyOf(from.column, from.count);
		flags = Arrays.copyOf(from.flags, from.count);
		first = Arrays.copyOf(from.first, from.sequenceCount);
		sequences = from.sequences.build();
	}

	/** Collects rows. For one thread. */
	static final class Builder {
		private long[] address = new long[64];
		private int[] line = new int[64];
		private int[] file = new int[64];
		private char[] column = new char[64];
		private byte[] flags = new byte[64];
		private int count;
		private int[] first = new int[4];
		private int sequenceCount;
		private final RangeIndex.Builder sequences = new RangeIndex.Builder();
		private int open;

		void row(long linear, int rowLine, int rowFile, long rowColumn, int rowFlags) {
			if (count == address.length) {
				address = Arrays.copyOf(address, 2 * count);
				line = Arrays.copyOf(line, 2 * count);
				file = Arrays.copyOf(file, 2 * count);
				column = Arrays.copyOf(column, 2 * count);
				flags = Arrays.copyOf(flags, 2 * count);
			}
			address[count] = linear;
			line[count] = rowLine;
			file[count] = rowFile;
			column[count] = (char) Math.min(rowColumn & Long.MAX_VALUE, Character.MAX_VALUE);
			flags[count++] = (byte) rowFlags;
		}

		/** Address of the first row of the sequence being collected. */
		long sequenceStart() {
			return address[open];
		}

		boolean isSequenceOpen() {
			return count > open;
		}

		/**
		 * Ends the sequence, whose last row is the DW_LNE_end_sequence row; it is dropped unless {@code wanted}.
		 *
		 * @return false if the sequence ends at a lower address than one of its rows has
		 */
		boolean endSequence(boolean wanted) {
			int end = count - 1;
			if (wanted) {
				sort(end);
			}
			boolean ordered = end == open || Long.compareUnsigned(address[end - 1], address[end]) <= 0;
			if (!wanted || !ordered || address[open] == address[end]) {
				count = open;
				return ordered || !wanted;
			}
			if (sequenceCount == first.length) {
				first = Arrays.copyOf(first, 2 * sequenceCount);
			}
			first[sequenceCount] = open;
			sequences.add(address[open], address[end], sequenceCount++);
			open = count;
			return true;
		}

		/** DWARF demands ascending addresses; assemblers have been seen to break that with several subsections in one sequence. */
		private void sort(int end) {
			boolean ascending = true;
			for (int i = open + 1; i < end; i++) {
				ascending &= Long.compareUnsigned(address[i - 1], address[i]) <= 0;
			}
			if (ascending) {
				return;
			}
			Integer[] order = new Integer[end - open];
			Arrays.setAll(order, i -> Integer.valueOf(open + i));
			Arrays.sort(order, (a, b) -> Long.compareUnsigned(address[a.intValue()], address[b.intValue()]));
			Builder sorted = new Builder();
			for (Integer from : order) {
				int i = from.intValue();
				sorted.row(address[i], line[i], file[i], column[i], flags[i]);
			}
			System.arraycopy(sorted.address, 0, address, open, sorted.count);
			System.arraycopy(sorted.line, 0, line, open, sorted.count);
			System.arraycopy(sorted.file, 0, file, open, sorted.count);
			System.arraycopy(sorted.column, 0, column, open, sorted.count);
			System.arraycopy(sorted.flags, 0, flags, open, sorted.count);
		}

		/** The table, whose file numbers count from {@code firstFile} in {@code files}. */
		LineTable build(int firstFile, List<SourceFile> files) {
			count = open;
			return new LineTable(this, firstFile, files);
		}
	}

	/** Number of rows, those that end sequences included. */
	int count() {
		return address.length;
	}

	long address(int row) {
		return address[row];
	}

	int line(int row) {
		return line[row];
	}

	/** The file of a row, or null if its number is in no table. */
	@Nullable
	SourceFile source(int row) {
		int index = file[row] - firstFile;
		return index >= 0 && index < files.size() ? files.get(index) : null;
	}

	int column(int row) {
		return column[row];
	}

	boolean isStatement(int row) {
		return (flags[row] & STATEMENT) != 0;
	}

	boolean isPrologueEnd(int row) {
		return (flags[row] & PROLOGUE_END) != 0;
	}

	boolean isEnd(int row) {
		return (flags[row] & END_SEQUENCE) != 0;
	}

	/** First row of the sequence that contains {@code linear}, or -1. */
	int sequenceAt(long linear) {
		int sequence = sequences.innermost(linear);
		return sequence < 0 ? -1 : first[sequence];
	}

	/**
	 * The row that {@code linear} belongs to, or -1. Of several rows at one address the last one counts; if that is not a statement,
	 * the statement nearest before it at the same address does: it is what the source position of a stop should name.
	 */
	int rowAt(long linear) {
		int from = sequenceAt(linear);
		if (from < 0) {
			return -1;
		}
		int row = lastAtOrBelow(linear, from, endOf(from));
		for (int i = row; i >= from && address[i] == address[row]; i--) {
			if (isStatement(i) && line[i] != 0) {
				return i;
			}
		}
		return row;
	}

	/** The row that ends the sequence which begins at {@code from}. */
	private int endOf(int from) {
		int at = Arrays.binarySearch(first, from) + 1;
		return (at < first.length ? first[at] : count()) - 1;
	}

	private int lastAtOrBelow(long linear, int from, int end) {
		int low = from;
		int high = end;
		while (low < high) {
			int middle = (low + high) >>> 1;
			if (Long.compareUnsigned(address[middle], linear) <= 0) {
				low = middle + 1;
			} else {
				high = middle;
			}
		}
		return low - 1;
	}

	/**
	 * The rows of the statement that {@code row} is in: neighbours that have its file and line, or that are no statements of their own,
	 * or line 0.
	 *
	 * @return the first row and the row after the last
	 */
	int[] statement(int row) {
		int start = row;
		while (!isStatement(start) && start > 0 && !isEnd(start - 1)) {
			start--;
		}
		int head = start;
		while (start > 0 && !isEnd(start - 1) && continues(start - 1, row, head)) {
			start--;
		}
		int end = row + 1;
		while (!isEnd(end) && continues(end, row, head)) {
			end++;
		}
		// a stretch that leads in without a statement belongs to what is before it
		while (start < row && !isStatement(start)) {
			start++;
		}
		return new int[] { start, end };
	}

	private boolean continues(int row, int statement, int head) {
		return !isStatement(row) || line[row] == 0 || same(row, statement) || same(row, head);
	}

	private boolean same(int a, int b) {
		return line[a] == line[b] && source(a) == source(b);
	}
}
