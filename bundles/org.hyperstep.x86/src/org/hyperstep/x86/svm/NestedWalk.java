/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The walk of the nested page table (AMD APM volume 2, "Nested Paging"): the host's 4-level long-mode format, pages of
 * 4 KBytes, 2 MBytes and 1 GByte. All guest accesses are user accesses to it.
 */
final class NestedWalk {
	private static final long FRAME = 0x000f_ffff_ffff_f000L;
	private static final long PRESENT = 1, WRITABLE = 2, USER = 4, ACCESSED = 1 << 5, DIRTY = 1 << 6, LARGE = 1 << 7,
			NO_EXECUTE = 1L << 63;
	/** Bits of the error code in EXITINFO1. */
	static final int ERROR_PRESENT = 1, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_RESERVED = 8, ERROR_FETCH = 16;

	private final PhysicalMemory memory;
	private final long[] entryAddress = new long[4];
	private final long[] entries = new long[4];
	private int depth;

	/** The hostPhysical address found. */
	long hostPhysical;
	/** READ, WRITE, EXECUTE that all levels allow; WRITE only once the dirty bit is set. */
	int permissions;
	/** ERROR_PRESENT and ERROR_RESERVED of the last walk that failed. */
	int error;

	NestedWalk(PhysicalMemory memory) {
		this.memory = memory;
	}

	/**
	 * Translates {@code guestPhysical}.
	 *
	 * @param nestedCr3 the VMCB's N_CR3
	 * @param access    READ, WRITE, EXECUTE of {@link Interception}, combined; 0 to look without effects
	 * @return whether it is translated; if not, {@link #error} tells why
	 */
	boolean walk(long nestedCr3, long guestPhysical, int access) {
		depth = 0;
		int allowed = Interception.READ | Interception.WRITE | Interception.EXECUTE;
		long table = nestedCr3 & FRAME;
		error = 0;
		if (guestPhysical >>> 48 != 0) {
			return false;
		}
		for (int level = 4;; level--) {
			int shift = 3 + level * 9;
			long entry = read(table + (guestPhysical >>> shift - 3 & 0xff8));
			if ((entry & PRESENT) == 0) {
				return false;
			}
			boolean leaf = level == 1 || level < 4 && (entry & LARGE) != 0;
			if (reserved(entry, level, leaf)) {
				error = ERROR_PRESENT | ERROR_RESERVED;
				return false;
			}
			allowed &= allowed(entry);
			if (leaf) {
				return finish(allowed, entry, shift, guestPhysical, access);
			}
			table = entry & FRAME;
		}
	}

	private boolean finish(int allowed, long entry, int shift, long guestPhysical, int access) {
		if ((allowed & access) != access) {
			error = ERROR_PRESENT;
			return false;
		}
		boolean write = (access & Interception.WRITE) != 0;
		if (access != 0) {
			setAccessedAndDirty(write);
		}
		permissions = write || (entry & DIRTY) != 0 ? allowed : allowed & ~Interception.WRITE;
		hostPhysical = entry & FRAME & -1L << shift | guestPhysical & (1L << shift) - 1;
		return true;
	}

	private long read(long address) {
		long entry = memory.read(address, 8);
		entryAddress[depth] = address;
		entries[depth++] = entry;
		return entry;
	}

	private static boolean reserved(long entry, int level, boolean leaf) {
		long bits = level == 4 ? LARGE : leaf && level > 1 ? (1L << 3 + level * 9) - (1L << 13) : 0;
		return (entry & bits) != 0;
	}

	private static int allowed(long entry) {
		if ((entry & USER) == 0) {
			return 0;
		}
		return Interception.READ | ((entry & WRITABLE) != 0 ? Interception.WRITE : 0)
				| ((entry & NO_EXECUTE) == 0 ? Interception.EXECUTE : 0);
	}

	private void setAccessedAndDirty(boolean write) {
		for (int i = 0; i < depth; i++) {
			long wanted = ACCESSED | (write && i == depth - 1 ? DIRTY : 0);
			if ((entries[i] & wanted) != wanted) {
				memory.write(entryAddress[i], 8, entries[i] | wanted);
			}
		}
	}

	/** Translates without effects; -1 where nothing is mapped. */
	long look(long nestedCr3, long guestPhysical) {
		return walk(nestedCr3, guestPhysical, 0) ? hostPhysical : -1;
	}
}
