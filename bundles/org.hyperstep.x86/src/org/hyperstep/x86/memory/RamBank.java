/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

/** A contiguous piece of RAM or ROM in the hostPhysical address space; base and size are multiples of the page size. */
public final class RamBank {
	static final int LINE_SHIFT = 6;

	/** The contents; the byte at index 0 is that of {@link #base}. */
	public final byte[] bytes;
	/** hostPhysical address of the first byte. */
	public final long base;
	/** Per page one bit a line of 64 bytes: the line holds translated code. */
	final long[] codeLines;
	/** Per page: whether stores go the slow way; 0 for no, else 1 and the number of stores since it held no code any more. */
	final byte[] watch;
	/** Whether stores by processors and devices are dropped. */
	final boolean readOnly;

	RamBank(long base, int size) {
		this(base, new byte[size], false);
	}

	RamBank(long base, byte[] contents, boolean readOnly) {
		this.base = base;
		this.readOnly = readOnly;
		bytes = contents;
		int size = contents.length;
		codeLines = new long[size >>> Tlb.PAGE_SHIFT];
		watch = new byte[size >>> Tlb.PAGE_SHIFT];
	}

	/** Index in {@link #bytes} of a hostPhysical address of this bank. */
	public int offset(long hostPhysical) {
		return (int) (hostPhysical - base);
	}

	boolean contains(long hostPhysical) {
		return Long.compareUnsigned(hostPhysical - base, bytes.length) < 0;
	}

	/** The lines of 64 bytes that {@code length} bytes at {@code offset} touch, as bits of their page's mask. */
	public static long lines(int offset, int length) {
		int first = offset >>> LINE_SHIFT & 63;
		int last = offset + length - 1 >>> LINE_SHIFT & 63;
		return -1L >>> 63 - (last - first) << first;
	}
}
