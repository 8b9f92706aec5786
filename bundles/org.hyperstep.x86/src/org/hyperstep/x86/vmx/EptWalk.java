/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.hyperstep.x86.virtualization.Interception;

/**
 * The walk of the EPT paging structures (Intel SDM, "The Extended Page Table Mechanism (EPT)"): 4 levels, pages of
 * 4 KBytes, 2 MBytes and 1 GByte.
 */
final class EptWalk {
	/** What a walk comes to. */
	enum Outcome {
		TRANSLATED, VIOLATION, MISCONFIGURATION,
		/** The page-modification log has no room for the entry that is due. */
		LOG_FULL
	}

	private static final long FRAME = 0x000f_ffff_ffff_f000L;
	private static final long LARGE = 1 << 7, ACCESSED = 1 << 8, DIRTY = 1 << 9, USER_EXECUTE = 1 << 10,
			SUPPRESS_EXCEPTION = 1L << 63;
	/** What a walk leaves of {@link #USER_EXECUTE} in {@link #allowed}. */
	static final int USER_EXECUTABLE = 8;
	private static final int ALL = Interception.READ | Interception.WRITE | Interception.EXECUTE;

	private final LowerMemory memory;
	private final PageModificationLog log;
	private final long[] entryAddress = new long[4];
	private final long[] entries = new long[4];
	private int depth;
	/** "Mode-Based Execute Control for EPT": user-mode linear addresses have an execute permission of their own. */
	private boolean modeBased;
	/** The walk has no effects. */
	private boolean quiet;

	/** The hostPhysical address found. */
	long hostPhysical;
	/** READ, WRITE, EXECUTE of the linear address that all levels allow; of those read, where the walk ended early. */
	int permissions;
	/** The same as bits of the entries: bits 2:0, and with mode-based execute control {@link #USER_EXECUTABLE}. */
	int allowed;
	/** Whether the entry that ended the walk suppresses #VE. */
	boolean suppressesException;

	EptWalk(LowerMemory memory, PageModificationLog log) {
		this.memory = memory;
		this.log = log;
	}

	void setModeBased(boolean on) {
		modeBased = on;
	}

	/**
	 * Translates {@code guestPhysical}.
	 *
	 * @param pointer the EPT pointer of the VMCS
	 * @param access  READ, WRITE, EXECUTE of {@link Interception}, combined
	 * @param user    whether it is for a user-mode linear address
	 */
	Outcome walk(long pointer, long guestPhysical, int access, boolean user) {
		permissions = ALL;
		allowed = modeBased ? ALL | USER_EXECUTABLE : ALL;
		suppressesException = false;
		depth = 0;
		if (guestPhysical >>> 48 != 0) {
			permissions = 0;
			allowed = 0;
			return Outcome.VIOLATION;
		}
		long table = pointer & FRAME;
		for (int level = 4;; level--) {
			int shift = 3 + level * 9;
			long entry = read(table + (guestPhysical >>> shift - 3 & 0xff8));
			int own = (int) entry & ALL | (modeBased && (entry & USER_EXECUTE) != 0 ? USER_EXECUTABLE : 0);
			allowed &= own;
			permissions = modeBased && user ? forUser(allowed) : allowed & ALL;
			suppressesException = (entry & SUPPRESS_EXCEPTION) != 0;
			if (own == 0) {
				return Outcome.VIOLATION;
			}
			boolean leaf = level == 1 || level < 4 && (entry & LARGE) != 0;
			if (misconfigured(entry, level, leaf)) {
				return Outcome.MISCONFIGURATION;
			}
			if (leaf) {
				return finish(pointer, entry, shift, guestPhysical, access);
			}
			table = entry & FRAME;
		}
	}

	private static int forUser(int allowed) {
		return allowed & (Interception.READ | Interception.WRITE)
				| ((allowed & USER_EXECUTABLE) != 0 ? Interception.EXECUTE : 0);
	}

	private Outcome finish(long pointer, long entry, int shift, long guestPhysical, int access) {
		if ((permissions & access) != access) {
			return Outcome.VIOLATION;
		}
		if ((pointer & 1 << 6) != 0) {
			boolean write = (access & Interception.WRITE) != 0;
			boolean clean = (entry & DIRTY) == 0;
			if (write && clean && log.full()) {
				return Outcome.LOG_FULL;
			}
			setAccessedAndDirty(write);
			if (write && clean) {
				log.add(guestPhysical);
			} else if (clean) {
				// The first write has to come back here.
				permissions &= ~Interception.WRITE;
			}
		}
		hostPhysical = entry & FRAME & -1L << shift | guestPhysical & (1L << shift) - 1;
		return Outcome.TRANSLATED;
	}

	private long read(long address) {
		long entry = quiet ? memory.look(address, 8) : memory.read(address, 8);
		entryAddress[depth] = address;
		entries[depth++] = entry;
		return entry;
	}

	/** "EPT Misconfigurations": write without read, reserved bits, reserved memory types. */
	private static boolean misconfigured(long entry, int level, boolean leaf) {
		if ((entry & 3) == Interception.WRITE || (entry & FRAME) >>> Architecture.PHYSICAL_WIDTH != 0) {
			return true;
		}
		if (!leaf) {
			return (entry & (level == 4 ? 0xf8 : 0x78)) != 0;
		}
		long type = entry >>> 3 & 7;
		long belowFrame = (1L << 3 + level * 9) - 4096;
		return type == 2 || type == 3 || type == 7 || (entry & belowFrame) != 0;
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
	long look(long pointer, long guestPhysical) {
		quiet = true;
		try {
			return walk(pointer & ~(1L << 6), guestPhysical, 0, false) == Outcome.TRANSLATED ? hostPhysical : -1;
		} finally {
			quiet = false;
		}
	}
}
