/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The walk of the nested page table (AMD APM volume 2, "Nested Paging"): its format is that of the host's own paging,
 * 32-bit, PAE, 4-level or 5-level. All guest accesses are user accesses to it.
 */
final class NestedWalk {
	private static final long FRAME = 0x000f_ffff_ffff_f000L, FRAME_32 = 0xffff_f000L;
	private static final long PRESENT = 1, WRITABLE = 2, USER = 4, ACCESSED = 1 << 5, DIRTY = 1 << 6, LARGE = 1 << 7,
			GLOBAL = 1 << 8, NO_EXECUTE = 1L << 63;
	private static final int DEEPEST = 5;
	/** Bits of the error code in EXITINFO1. */
	static final int ERROR_PRESENT = 1, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_RESERVED = 8, ERROR_FETCH = 16;

	private final SvmGuest guest;
	private final long[] entryAddress = new long[DEEPEST];
	private final long[] entries = new long[DEEPEST];
	private final long beyondPhysical;
	private final boolean gigabytePages;
	private int depth;
	private boolean quiet;

	/** Levels of the table; 2 with entries of 4 bytes, 3 for PAE. */
	private int levels;
	private int entrySize;
	private boolean largePages;
	private boolean noExecute;
	private boolean fetchTold;
	private long root;

	/** The address found, in the space of the tables. */
	long result;
	/** READ, WRITE, EXECUTE that all levels allow; WRITE only once the dirty bit is set. */
	int permissions;
	/** ERROR_PRESENT and ERROR_RESERVED of the last walk that failed. */
	int error;

	NestedWalk(SvmGuest guest) {
		this.guest = guest;
		beyondPhysical = FRAME & -1L << guest.processor.model().physicalAddressBits();
		gigabytePages = guest.processor.model().has(Feature.PAGE1GB);
	}

	/** Takes over what the VMCB and the host's control registers say. */
	void refresh() {
		long cr4 = guest.hostCr4();
		boolean pae = (cr4 & CpuState.CR4_PAE) != 0;
		boolean longMode = (guest.hostEfer() & CpuState.EFER_LMA) != 0;
		levels = !pae ? 2 : !longMode ? 3 : (cr4 & CpuState.CR4_LA57) == 0 ? 4 : 5;
		entrySize = pae ? 8 : 4;
		largePages = pae || (cr4 & CpuState.CR4_PSE) != 0;
		noExecute = pae && (guest.hostEfer() & CpuState.EFER_NXE) != 0;
		fetchTold = noExecute || (cr4 & CpuState.CR4_SMEP) != 0;
		long nestedCr3 = guest.vmcb.read(VmcbField.N_CR3);
		root = levels == 2 ? nestedCr3 & FRAME_32 : levels == 3 ? nestedCr3 & 0xffff_ffe0L : nestedCr3 & FRAME;
	}

	/** Whether error codes tell instruction fetches from reads. */
	boolean tellsFetch() {
		return fetchTold;
	}

	/**
	 * Translates {@code guestPhysical}.
	 *
	 * @param access READ, WRITE, EXECUTE of {@link Interception}, combined; 0 to look without effects
	 * @return whether it is translated; if not, {@link #error} tells why
	 */
	boolean walk(long guestPhysical, int access) {
		depth = 0;
		error = 0;
		int indexBits = entrySize == 8 ? 9 : 10;
		int width = levels == 3 ? 32 : 12 + levels * indexBits;
		if (guestPhysical >>> width != 0) {
			return false;
		}
		int allowed = Interception.READ | Interception.WRITE | Interception.EXECUTE;
		long table = root;
		for (int level = levels;; level--) {
			int shift = 12 + (level - 1) * indexBits;
			long index = guestPhysical >>> shift & (1 << indexBits) - 1;
			long entry = read(table + index * entrySize);
			if ((entry & PRESENT) == 0) {
				return false;
			}
			boolean pointer = levels == 3 && level == 3;
			boolean leaf = level == 1 || largePages && (entry & LARGE) != 0 && level < 4 && !pointer;
			if (reserved(entry, level, shift, leaf)) {
				error = ERROR_PRESENT | ERROR_RESERVED;
				return false;
			}
			allowed &= pointer ? allowed : allowed(entry);
			if (leaf) {
				return finish(allowed, entry, shift, guestPhysical, access);
			}
			table = entry & (entrySize == 8 ? FRAME : FRAME_32);
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
		result = frame(entry) & -1L << shift | guestPhysical & (1L << shift) - 1;
		return true;
	}

	/** PSE-36: bits 20:13 of a 4-MByte page's entry are bits 39:32 of its frame. */
	private long frame(long entry) {
		if (entrySize == 8) {
			return entry & FRAME;
		}
		return (entry & LARGE) != 0 && depth == 1 ? entry & 0xffc0_0000L | (entry >>> 13 & 0xff) << 32
				: entry & FRAME_32;
	}

	private long read(long address) {
		long entry = quiet ? guest.readBelowQuietly(address, entrySize) : guest.readBelow(address, entrySize);
		entryAddress[depth] = address;
		entries[depth++] = entry;
		return entry;
	}

	private boolean reserved(long entry, int level, int shift, boolean leaf) {
		if (entrySize == 4) {
			return leaf && level == 2 && (entry & 1 << 21) != 0;
		}
		long bits = beyondPhysical | (noExecute ? 0 : NO_EXECUTE) | (levels == 3 ? 0x7ffL << 52 : 0);
		if (level > 3) {
			bits |= LARGE | GLOBAL;
		} else if (level == 3 && levels == 3) {
			bits |= 0x1e6 | NO_EXECUTE;
		} else if (leaf && level > 1) {
			bits |= (1L << shift) - (1L << 13) | (level == 3 && !gigabytePages ? LARGE : 0);
		}
		return (entry & bits) != 0;
	}

	private static int allowed(long entry) {
		if ((entry & USER) == 0) {
			return 0;
		}
		return Interception.READ | ((entry & WRITABLE) != 0 ? Interception.WRITE : 0)
				| (entry >= 0 ? Interception.EXECUTE : 0);
	}

	private void setAccessedAndDirty(boolean write) {
		for (int i = 0; i < depth; i++) {
			boolean pointer = levels == 3 && i == 0;
			long wanted = pointer ? 0 : ACCESSED | (write && i == depth - 1 ? DIRTY : 0);
			if ((entries[i] & wanted) != wanted) {
				guest.writeBelow(entryAddress[i], entrySize, entries[i] | wanted);
			}
		}
	}

	/** Translates without effects; -1 where nothing is mapped. */
	long look(long guestPhysical) {
		quiet = true;
		boolean found = walk(guestPhysical, 0);
		quiet = false;
		return found ? result : -1;
	}
}
