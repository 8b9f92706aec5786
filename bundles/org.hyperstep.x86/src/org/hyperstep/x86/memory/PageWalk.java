/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The hardware's walk of the guest's paging structures (Intel SDM, "Paging"): 32-bit with PSE, PAE, 4-level and
 * 5-level. It sets accessed and dirty bits and raises #PF as the processor does.
 */
final class PageWalk {
	private static final long PRESENT = 1, WRITABLE = 2, USER = 4, ACCESSED = 1 << 5, DIRTY = 1 << 6, LARGE = 1 << 7,
			GLOBAL = 1 << 8, NO_EXECUTE = 1L << 63;
	private static final long CR0_PG = 1L << 31, CR0_WP = 1 << 16;
	private static final long CR4_PSE = 1 << 4, CR4_PAE = 1 << 5, CR4_PGE = 1 << 7, CR4_LA57 = 1 << 12,
			CR4_SMEP = 1 << 20, CR4_SMAP = 1 << 21, CR4_PKE = 1 << 22;
	private static final long EFER_LMA = 1 << 10, EFER_NXE = 1 << 11;
	/** Error code bits of #PF. */
	private static final int ERROR_PRESENT = 1, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_RESERVED = 8, ERROR_FETCH = 16,
			ERROR_PROTECTION_KEY = 32;
	private static final long PDPTE_RESERVED = 0x1e6;
	/** Bits 51:12. */
	private static final long FRAME = 0x000f_ffff_ffff_f000L;

	private final CpuState state;
	private final PhysicalMemory memory;
	private final GuestFault fault;
	/** Bits from MAXPHYADDR to 51, reserved in every entry. */
	private final long beyondPhysical;

	// The translation found.
	long guestPhysical;
	/** log2 of the page's size. */
	int pageShift;
	boolean global;
	/** READ, WRITE, EXECUTE that accesses of the walk's section have; WRITE only when the dirty bit is set. */
	int permissions;

	// The walk in progress.
	private Interception interception = Interception.NONE;
	private long linear;
	private int access;
	private int section;
	private boolean writable;
	/** All entries so far make the address a user-mode one. */
	boolean user;
	private boolean noExecute;
	private final long[] entryAddress = new long[5];
	private final long[] entries = new long[5];
	private int depth;

	PageWalk(CpuState state, PhysicalMemory memory, GuestFault fault, int physicalBits) {
		this.state = state;
		this.memory = memory;
		this.fault = fault;
		beyondPhysical = FRAME & -1L << physicalBits;
	}

	/**
	 * Translates {@code linear}, a canonical address of the present mode.
	 *
	 * @param access  READ, WRITE or EXECUTE of {@link Interception}
	 * @param section the {@link Privilege} of the access
	 */
	void translate(Interception context, long linearAddress, int accessKind, int privilege) {
		interception = context;
		linear = linearAddress;
		access = accessKind;
		section = privilege;
		writable = true;
		user = true;
		noExecute = false;
		depth = 0;
		if ((state.cr0 & CR0_PG) == 0) {
			guestPhysical = linear & 0xffff_ffffL;
			pageShift = Tlb.PAGE_SHIFT;
			global = false;
			permissions = Interception.READ | Interception.WRITE | Interception.EXECUTE;
		} else if ((state.cr4 & CR4_PAE) == 0) {
			walkTwoLevels();
		} else if ((state.efer & EFER_LMA) == 0) {
			walkPae();
		} else {
			int levels = (state.cr4 & CR4_LA57) == 0 ? 4 : 5;
			walkLong(state.cr3 & FRAME, levels);
		}
	}

	private void walkTwoLevels() {
		long directory = (state.cr3 & 0xffff_f000L) + (linear >>> 22 << 2 & 0xffc);
		long entry = readEntry(directory, 4);
		requirePresent(entry);
		restrict(entry);
		if ((entry & LARGE) != 0 && (state.cr4 & CR4_PSE) != 0) {
			// PSE-36: bits 20:13 are bits 39:32 of the frame, bit 21 is reserved.
			if ((entry & 1 << 21) != 0) {
				throw pageFault(ERROR_PRESENT | ERROR_RESERVED);
			}
			long frame = entry & 0xffc0_0000L | (entry >>> 13 & 0xff) << 32;
			requireReservedClear(frame, beyondPhysical);
			finish(frame, 22, entry, 4);
			return;
		}
		entry = readEntry((entry & 0xffff_f000L) + (linear >>> 12 << 2 & 0xffc), 4);
		requirePresent(entry);
		restrict(entry);
		finish(entry & 0xffff_f000L, 12, entry, 4);
	}

	private void walkPae() {
		// The PDPTEs are registers, loaded and checked by MOV to CR0, CR3, CR4 and by VM entry.
		long pointer = state.pdpte[(int) (linear >>> 30) & 3];
		if ((pointer & PRESENT) == 0) {
			throw pageFault(0);
		}
		// Only those that VMRUN has loaded can have reserved bits.
		requireReservedClear(pointer, PDPTE_RESERVED | beyondPhysical | 0xfffL << 52);
		walkLong(pointer & FRAME, 2);
	}

	private void walkLong(long table, int levels) {
		long reserved = beyondPhysical | ((state.efer & EFER_NXE) == 0 ? NO_EXECUTE : 0);
		if ((state.efer & EFER_LMA) == 0) {
			// PAE: bits 62:52 are reserved, which 4-level paging ignores.
			reserved |= 0x7ffL << 52;
		}
		long next = table;
		for (int level = levels;; level--) {
			int shift = 3 + level * 9;
			long entry = readEntry(next + (linear >>> shift - 3 & 0xff8), 8);
			requirePresent(entry);
			boolean large = level > 1 && (entry & LARGE) != 0;
			long levelReserved = level > 3 ? LARGE : large ? (1L << shift) - (1L << 13) : 0;
			requireReservedClear(entry, reserved | levelReserved);
			restrict(entry);
			if (large || level == 1) {
				finish(entry & FRAME & -1L << shift, shift, entry, 8);
				return;
			}
			next = entry & FRAME;
		}
	}

	private long readEntry(long guestPhysicalAddress, int size) {
		long host = hostAddress(guestPhysicalAddress, Interception.READ);
		long entry = memory.read(host, size);
		entryAddress[depth] = guestPhysicalAddress;
		entries[depth++] = entry;
		return entry;
	}

	private long hostAddress(long guestPhysicalAddress, int kind) {
		return memory.wired(interception.translate(guestPhysicalAddress, kind, linear, true) & Mmu.PHYSICAL_MASK, kind,
				state.inSystemManagementMode);
	}

	private void restrict(long entry) {
		writable &= (entry & WRITABLE) != 0;
		user &= (entry & USER) != 0;
		noExecute |= (entry & NO_EXECUTE) != 0;
	}

	private void requirePresent(long entry) {
		if ((entry & PRESENT) == 0) {
			throw pageFault(0);
		}
	}

	private void requireReservedClear(long entry, long reserved) {
		if ((entry & reserved) != 0) {
			throw pageFault(ERROR_PRESENT | ERROR_RESERVED);
		}
	}

	private void finish(long frame, int shift, long leaf, int size) {
		int denied = deniedByKey(leaf);
		int allowed = allowed() & ~denied;
		if ((allowed & access) == 0) {
			throw pageFault((denied & access) != 0 ? ERROR_PRESENT | ERROR_PROTECTION_KEY : ERROR_PRESENT);
		}
		setAccessedAndDirty(size);
		boolean dirty = (leaf & DIRTY) != 0 || access == Interception.WRITE;
		permissions = dirty ? allowed : allowed & ~Interception.WRITE;
		pageShift = shift;
		global = (leaf & GLOBAL) != 0 && (state.cr4 & CR4_PGE) != 0;
		guestPhysical = frame | linear & (1L << shift) - 1;
	}

	/** "Determination of Access Rights". */
	private int allowed() {
		boolean userAccess = Privilege.user(section);
		int allowed = 0;
		boolean data = userAccess ? user
				: !user || section == Privilege.SUPERVISOR_SMAP_SUSPENDED || (state.cr4 & CR4_SMAP) == 0;
		if (data) {
			allowed |= Interception.READ;
			if (writable || !userAccess && (state.cr0 & CR0_WP) == 0) {
				allowed |= Interception.WRITE;
			}
		}
		if (!noExecute && (userAccess ? user : !user || (state.cr4 & CR4_SMEP) == 0)) {
			allowed |= Interception.EXECUTE;
		}
		return allowed;
	}

	/** "Protection Keys": what PKRU forbids of data accesses to a user-mode page of 4-level and 5-level paging. */
	private int deniedByKey(long leaf) {
		if ((state.cr4 & CR4_PKE) == 0 || !user || (state.efer & EFER_LMA) == 0) {
			return 0;
		}
		int rights = state.extended.pkru >>> ((int) (leaf >>> 59) & 15) * 2;
		if ((rights & 1) != 0) {
			return Interception.READ | Interception.WRITE;
		}
		boolean writesChecked = Privilege.user(section) || (state.cr0 & CR0_WP) != 0;
		return (rights & 2) != 0 && writesChecked ? Interception.WRITE : 0;
	}

	private void setAccessedAndDirty(int size) {
		for (int i = 0; i < depth; i++) {
			boolean last = i == depth - 1;
			long wanted = ACCESSED | (last && access == Interception.WRITE ? DIRTY : 0);
			if ((entries[i] & wanted) != wanted) {
				memory.write(hostAddress(entryAddress[i], Interception.WRITE), size, entries[i] | wanted);
			}
		}
	}

	private GuestFault pageFault(int error) {
		int code = error;
		if (access == Interception.WRITE) {
			code |= ERROR_WRITE;
		}
		if (Privilege.user(section)) {
			code |= ERROR_USER;
		}
		boolean noExecuteEnabled = (state.cr4 & CR4_PAE) != 0 && (state.efer & EFER_NXE) != 0;
		if (access == Interception.EXECUTE && (noExecuteEnabled || (state.cr4 & CR4_SMEP) != 0)) {
			code |= ERROR_FETCH;
		}
		return fault.raise(Vector.PF, code, linear);
	}
}
