/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * Finds which of many address ranges contain an address. Ranges may overlap and nest; each has an owner, a number given by the
 * caller. Immutable and safe for all threads.
 */
public final class RangeIndex {
	private final long[] low;
	private final long[] high;
	private final int[] owner;
	/** highest[i] is the greatest high of the ranges 0 to i: where it is not above an address, no earlier range contains it. */
	private final long[] highest;

	private RangeIndex(long[] low, long[] high, int[] owner) {
		this.low = low;
		this.high = high;
		this.owner = owner;
		highest = new long[low.length];
		for (int i = 0; i < low.length; i++) {
			highest[i] = i == 0 || Long.compareUnsigned(high[i], highest[i - 1]) > 0 ? high[i] : highest[i - 1];
		}
	}

	/** Collects ranges. For one thread. */
	public static final class Builder {
		private long[] low = new long[8];
		private long[] high = new long[8];
		private int[] owner = new int[8];
		private int size;

		/** Adds {@code [low, high)}, both unsigned; an empty or reversed range is not added. */
		public void add(long from, long to, int rangeOwner) {
			if (Long.compareUnsigned(from, to) >= 0) {
				return;
			}
			if (size == low.length) {
				low = Arrays.copyOf(low, 2 * size);
				high = Arrays.copyOf(high, 2 * size);
				owner = Arrays.copyOf(owner, 2 * size);
			}
			low[size] = from;
			high[size] = to;
			owner[size++] = rangeOwner;
		}

		public boolean isEmpty() {
			return size == 0;
		}

		public int size() {
			return size;
		}

		/** Low address of the {@code i}-th range added. */
		public long low(int i) {
			return low[i];
		}

		/** Ranges with the same low address keep the order of their addition. */
		public RangeIndex build() {
			Integer[] order = new Integer[size];
			Arrays.setAll(order, Integer::valueOf);
			Arrays.sort(order, (a, b) -> Long.compareUnsigned(low[a.intValue()], low[b.intValue()]));
			long[] sortedLow = new long[size];
			long[] sortedHigh = new long[size];
			int[] sortedOwner = new int[size];
			for (int i = 0; i < size; i++) {
				int from = order[i].intValue();
				sortedLow[i] = low[from];
				sortedHigh[i] = high[from];
				sortedOwner[i] = owner[from];
			}
			return new RangeIndex(sortedLow, sortedHigh, sortedOwner);
		}
	}

	public int size() {
		return low.length;
	}

	/** Low address of the {@code i}-th range in the order of low addresses. */
	public long low(int i) {
		return low[i];
	}

	public long high(int i) {
		return high[i];
	}

	public int owner(int i) {
		return owner[i];
	}

	/**
	 * Calls {@code found} with the owner of each range that contains {@code address}, from the highest low address down, for as long as
	 * it answers true.
	 */
	public void containing(long address, IntPredicate found) {
		for (int i = lastAtOrBelow(address); i >= 0 && Long.compareUnsigned(highest[i], address) > 0; i--) {
			if (Long.compareUnsigned(address, high[i]) < 0) {
				if (!found.test(owner[i])) {
					return;
				}
			}
		}
	}

	/** Owner of the containing range with the highest low address, or -1. */
	public int innermost(long address) {
		for (int i = lastAtOrBelow(address); i >= 0 && Long.compareUnsigned(highest[i], address) > 0; i--) {
			if (Long.compareUnsigned(address, high[i]) < 0) {
				return owner[i];
			}
		}
		return -1;
	}

	private int lastAtOrBelow(long address) {
		int from = 0;
		int to = low.length;
		while (from < to) {
			int middle = (from + to) >>> 1;
			if (Long.compareUnsigned(low[middle], address) <= 0) {
				from = middle + 1;
			} else {
				to = middle;
			}
		}
		return from - 1;
	}
}
