/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The software TLB: direct-mapped arrays of pages of 4096 bytes, one section a {@link Privilege}. An access of
 * {@code size} bytes hits if {@code tag[index] == (linear + size - 1 & PAGE_MASK)} where {@code index} comes from
 * {@code linear}: one compare covers page, permission, privilege and page crossing. A tag with {@link #SLOW} set holds
 * a valid translation whose accesses need more than a copy: devices, code pages, watched pages, alignment checks.
 */
public final class Tlb {
	public static final int PAGE_SHIFT = 12;
	public static final long PAGE_MASK = -1L << PAGE_SHIFT;
	public static final int INDEX_BITS = 11;
	public static final int INDEX_MASK = (1 << INDEX_BITS) - 1;
	/** In a tag: the translation is valid, but not for the fast path. */
	static final long SLOW = 1;
	/** No linear page has this tag: bit 1 is never set in a tag. */
	static final long INVALID = 2;

	private static final byte[] NO_BANK = {};
	private static final int REGION_SHIFT = 21;
	private static final int SECTIONS = 4;
	private static final int SIZE = SECTIONS << INDEX_BITS;

	/** Tags for reads, writes and fetches. */
	public final long[] readTag = new long[SIZE], writeTag = new long[SIZE], executeTag = new long[SIZE];
	/** The bank's bytes; empty unless the page is RAM. */
	public final byte[][] bank = new byte[SIZE][];
	/** Index in the bank of the page's first byte. */
	public final int[] origin = new int[SIZE];
	/** hostPhysical address of the page. */
	public final long[] hostPhysical = new long[SIZE];

	/** Counts the flushes, and replacements: while it stays the same, translations found earlier hold. */
	public int flushes;

	/** While another level's TLB is in use: whose entries these are. */
	final TranslationOwner owner = new TranslationOwner();

	private final boolean[] global = new boolean[SIZE];
	private final byte[] pageShift = new byte[SIZE];
	private final int[] filled = new int[SIZE];
	private final boolean[] listed = new boolean[SIZE];
	private int filledCount;
	/**
	 * Where entries may have come from pages larger than 4096 bytes since the last flush of everything: a bit for each
	 * 2 MB, folded. One that came from 1 GB sets all.
	 */
	private final long[] largePages = new long[16];
	private boolean anyLargePage;

	Tlb() {
		Arrays.fill(readTag, INVALID);
		Arrays.fill(writeTag, INVALID);
		Arrays.fill(executeTag, INVALID);
	}

	/** The entry for a linear address within a section. */
	static int index(long linear, int section) {
		return (int) (linear >>> PAGE_SHIFT) & INDEX_MASK | section;
	}

	void fill(int index, long read, long write, long execute, long hostPage, @Nullable RamBank ram, boolean isGlobal,
			int shift) {
		readTag[index] = read;
		writeTag[index] = write;
		executeTag[index] = execute;
		hostPhysical[index] = hostPage;
		bank[index] = ram == null ? NO_BANK : ram.bytes;
		origin[index] = ram == null ? 0 : ram.offset(hostPage);
		global[index] = isGlobal;
		pageShift[index] = (byte) shift;
		if (shift > PAGE_SHIFT) {
			noteLargePage(linearPage(read, write, execute), shift);
		}
		if (!listed[index]) {
			listed[index] = true;
			filled[filledCount++] = index;
		}
	}

	/** Whether RAM is behind an entry. */
	boolean isRam(int index) {
		return bank[index] != NO_BANK;
	}

	/** Is used from now on in the place of another one: what was found through that does not hold here. */
	void replace(Tlb before) {
		flushes = Math.max(flushes, before.flushes) + 1;
	}

	private void invalidate(int index) {
		readTag[index] = INVALID;
		writeTag[index] = INVALID;
		executeTag[index] = INVALID;
	}

	/** Drops all entries, or those that are not global. */
	void flush(boolean keepGlobal) {
		flushes++;
		int kept = 0;
		for (int i = 0; i < filledCount; i++) {
			int index = filled[i];
			if (keepGlobal && global[index]) {
				filled[kept++] = index;
			} else {
				invalidate(index);
				listed[index] = false;
			}
		}
		filledCount = kept;
		if (kept == 0 && anyLargePage) {
			anyLargePage = false;
			Arrays.fill(largePages, 0);
		}
	}

	/** Drops the entries of the page, of whatever size, that translates {@code linear}; global or not. */
	void flushPage(long linear) {
		flushes++;
		for (int section = 0; section < SIZE; section += INDEX_MASK + 1) {
			int index = index(linear, section);
			if (((readTag[index] ^ linear) & PAGE_MASK) == 0 || ((writeTag[index] ^ linear) & PAGE_MASK) == 0
					|| ((executeTag[index] ^ linear) & PAGE_MASK) == 0) {
				invalidate(index);
			}
		}
		if (anyLargePage && (largePages[region(linear) >>> 6] & 1L << region(linear)) != 0) {
			flushLargePage(linear);
		}
	}

	private static int region(long linear) {
		return (int) (linear >>> REGION_SHIFT) & 1023;
	}

	private void noteLargePage(long linear, int shift) {
		anyLargePage = true;
		if (shift > REGION_SHIFT + 1) {
			Arrays.fill(largePages, -1);
			return;
		}
		int first = region(linear & -1L << shift);
		int last = region(linear | (1L << shift) - 1);
		largePages[first >>> 6] |= 1L << first;
		largePages[last >>> 6] |= 1L << last;
	}

	private void flushLargePage(long linear) {
		for (int i = 0; i < filledCount; i++) {
			int index = filled[i];
			if (pageShift[index] > PAGE_SHIFT && (linearPage(index) ^ linear) >>> pageShift[index] == 0) {
				invalidate(index);
			}
		}
	}

	private long linearPage(int index) {
		return linearPage(readTag[index], writeTag[index], executeTag[index]);
	}

	private static long linearPage(long read, long write, long execute) {
		return (read != INVALID ? read : write != INVALID ? write : execute) & PAGE_MASK;
	}

	/** The hostPhysical page became a code page: stores through this TLB are to be seen from now on. */
	void makeWritesSlow(long hostPage) {
		for (int i = 0; i < filledCount; i++) {
			int index = filled[i];
			if (hostPhysical[index] == hostPage && writeTag[index] != INVALID) {
				writeTag[index] |= SLOW;
			}
		}
	}

	/**
	 * Stores into the page need no notice any more: they go the fast way if that was why they did not. The translation
	 * stays, so that how often the page was stored into before has no effect that a guest could see.
	 */
	void forgetWatch(int index, long linear) {
		long page = linear & PAGE_MASK;
		if (readTag[index] == page && writeTag[index] == (page | SLOW)) {
			writeTag[index] = page;
		}
	}
}
