/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.memory.RamBank;

/** The hostPhysical pages that hold code, each with the blocks that have bytes in it. */
final class CodePages {
	private static final int TABLE = 1 << 12;
	private static final int WORDS = 4096 / Long.SIZE;

	private @Nullable Page[] table = new @Nullable Page[TABLE];
	private @Nullable Page recent;

	/** A page and its blocks. */
	static final class Page {
		private final long number;
		private final @Nullable Page next;
		private Block[] blocks = new Block[4];
		private int count;
		/** The bytes of the page that belong to blocks, a bit each, and their lines; dropped blocks may be in them still. */
		private final long[] bytes = new long[WORDS];
		private long lines;

		Page(long number, @Nullable Page next) {
			this.number = number;
			this.next = next;
		}

		void add(Block block) {
			if (count == blocks.length) {
				blocks = Arrays.copyOf(blocks, count * 2);
			}
			blocks[count++] = block;
			mark(block);
		}

		/**
		 * Drops the blocks that have some of the bytes; returns the lines of those that stay. Data beside code, on its
		 * lines, costs no look at the blocks.
		 */
		long drop(long hostPhysical, int length) {
			if (!holdsCode((int) hostPhysical & 4095, length)) {
				return lines;
			}
			Arrays.fill(bytes, 0);
			lines = 0;
			for (int i = count - 1; i >= 0; i--) {
				Block block = blocks[i];
				if (block.epoch == Block.DROPPED || block.touches(hostPhysical, hostPhysical + length)) {
					block.epoch = Block.DROPPED;
					blocks[i] = blocks[--count];
					blocks[count] = Block.NONE;
				} else {
					mark(block);
				}
			}
			return lines;
		}

		private void mark(Block block) {
			boolean begins = block.hostPhysical >>> 12 == number;
			int start = begins ? (int) block.hostPhysical & 4095 : 0;
			int length = begins ? block.inFirstPage() : block.length - block.inFirstPage();
			lines |= RamBank.lines(start, length);
			int end = start + length;
			for (int at = start; at < end; at = (at | 63) + 1) {
				bytes[at >>> 6] |= bits(at, end);
			}
		}

		private boolean holdsCode(int start, int length) {
			int end = Math.min(4096, start + length);
			for (int at = start; at < end; at = (at | 63) + 1) {
				if ((bytes[at >>> 6] & bits(at, end)) != 0) {
					return true;
				}
			}
			return false;
		}

		/** Those of the word that begins at or below {@code at}, from {@code at} up to {@code end}. */
		private static long bits(int at, int end) {
			long from = -1L << at;
			return end >= (at | 63) + 1 ? from : from & ~(-1L << end);
		}
	}

	private static int place(long number) {
		return (int) (number ^ number >>> 12) & TABLE - 1;
	}

	/** The page that holds the byte; null if it never held code. */
	@Nullable
	Page find(long hostPhysical) {
		long number = hostPhysical >>> 12;
		Page page = recent;
		if (page != null && page.number == number) {
			return page;
		}
		for (page = table[place(number)]; page != null; page = page.next) {
			if (page.number == number) {
				recent = page;
				return page;
			}
		}
		return null;
	}

	/** The page that holds the byte. */
	Page make(long hostPhysical) {
		Page page = find(hostPhysical);
		if (page == null) {
			long number = hostPhysical >>> 12;
			page = new Page(number, table[place(number)]);
			table[place(number)] = page;
			recent = page;
		}
		return page;
	}

	/** Forgets all pages. */
	void clear() {
		Arrays.fill(table, null);
		recent = null;
	}
}
