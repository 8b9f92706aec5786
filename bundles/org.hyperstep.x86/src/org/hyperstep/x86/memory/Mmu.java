/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;

/**
 * Linear memory of one processor. Addresses are linear: segment bases are added and limits checked before, and outside
 * 64-bit mode addresses have 32 bits. Values are zero-extended. Every access may raise {@link GuestFault} (#PF; #GP(0)
 * for a non-canonical address; #AC) or leave the guest with a VmExit, and has then stored nothing.
 */
public final class Mmu {
	/** Bits of a physical address. */
	public static final long PHYSICAL_MASK = (1L << 52) - 1;
	private static final int PAGE_SIZE = 1 << Tlb.PAGE_SHIFT;
	private static final int OFFSET_MASK = PAGE_SIZE - 1;
	private static final long CR0_AM = 1 << 18, CR4_LA57 = 1 << 12, EFER_LMA = 1 << 10;

	private final CpuState state;
	private final PhysicalMemory memory;
	private final GuestFault fault;
	private final PageWalk walk;
	/**
	 * The TLB of the level of virtualization that executes. The execution engine may use its arrays as {@link Tlb}
	 * describes; behind a switch of levels it is another one.
	 */
	public Tlb tlb = new Tlb();
	/** That of a guest hypervisor while its guest runs, and the other way round; null as long as there was none. */
	private @Nullable Tlb suspended;
	/** Breakpoints on data and ports. */
	public final Breakpoints breakpoints;
	private Interception interception = Interception.NONE;
	/** Section of the TLB for explicit accesses at the present CPL, RFLAGS.AC and CR0.AM; to be OR-ed to the index. */
	public int section = Privilege.SUPERVISOR;

	/**
	 * Makes the MMU of one processor.
	 *
	 * @param fault        the processor's only fault object
	 * @param physicalBits MAXPHYADDR, 36 to 52
	 */
	public Mmu(CpuState state, PhysicalMemory memory, GuestFault fault, int physicalBits) {
		this.state = state;
		this.memory = memory;
		this.fault = fault;
		walk = new PageWalk(state, memory, fault, physicalBits);
		breakpoints = new Breakpoints(state);
		memory.addTlb(tlb);
	}

	/** Memory behind this MMU. */
	public PhysicalMemory physical() {
		return memory;
	}

	/**
	 * Sets who translates guestPhysical addresses. Flushes nothing: VM entry decides by VPID or ASID whether what the
	 * TLB holds is the guest's, and calls {@link #stateReplaced} or {@link #flushAll} where it is not.
	 */
	public void setInterception(Interception context) {
		interception = context;
	}

	/** CPL, RFLAGS.AC or CR0.AM changed. */
	public void privilegeChanged() {
		section = state.cpl == 3
				? (state.cr0 & CR0_AM) != 0 && (state.rflags & CpuState.AC) != 0 ? Privilege.USER_ALIGNED
						: Privilege.USER
				: (state.rflags & CpuState.AC) != 0 ? Privilege.SUPERVISOR_SMAP_SUSPENDED : Privilege.SUPERVISOR;
	}

	/** DR7 or DR0 to DR3 changed. */
	public void breakpointsChanged() {
		boolean was = breakpoints.dataArmed();
		breakpoints.refresh();
		if (was || breakpoints.dataArmed()) {
			flushAll();
		}
	}

	/** The registers were loaded as a whole: VM entry, VM exit, reset, a debugger. Flushes everything. */
	public void stateReplaced() {
		breakpoints.refresh();
		privilegeChanged();
		flushAll();
	}

	/** Control is about to go to another level of virtualization; the registers are still those of this one. */
	public void suspendLevel(TranslationContext context) {
		tlb.owner.suspend(context, state);
	}

	/**
	 * Control is at the other level of virtualization; the registers are its own.
	 *
	 * @param context whose translations made before may be used; null for none, of either level
	 */
	public void resumeLevel(@Nullable TranslationContext context) {
		Tlb left = tlb;
		tlb = suspendedTlb();
		tlb.replace(left);
		suspended = left;
		boolean watched = breakpoints.dataArmed();
		breakpoints.refresh();
		privilegeChanged();
		if (context == null || watched || breakpoints.dataArmed()) {
			flushAll();
		} else if (!tlb.owner.fits(context, state)) {
			tlb.flush(false);
		}
	}

	private Tlb suspendedTlb() {
		Tlb other = suspended;
		if (other == null) {
			other = new Tlb();
			memory.addTlb(other);
		}
		return other;
	}

	// ---- reads ----

	/** Reads a byte. */
	public long read8(long linear) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.readTag[i] == (linear & Tlb.PAGE_MASK)) {
			return tlb.bank[i][tlb.origin[i] + ((int) linear & OFFSET_MASK)] & 0xff;
		}
		return readSlow(linear, 1, section);
	}

	/** Reads 2 bytes. */
	public long read16(long linear) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.readTag[i] == (linear + 1 & Tlb.PAGE_MASK)) {
			return (short) LittleEndian.SHORT.get(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK)) & 0xffff;
		}
		return readSlow(linear, 2, section);
	}

	/** Reads 4 bytes. */
	public long read32(long linear) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.readTag[i] == (linear + 3 & Tlb.PAGE_MASK)) {
			return (int) LittleEndian.INT.get(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK))
					& 0xffff_ffffL;
		}
		return readSlow(linear, 4, section);
	}

	/** Reads 8 bytes. */
	public long read64(long linear) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.readTag[i] == (linear + 7 & Tlb.PAGE_MASK)) {
			return (long) LittleEndian.LONG.get(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK));
		}
		return readSlow(linear, 8, section);
	}

	/** Reads {@code size} bytes: 1, 2, 4 or 8. */
	public long read(long linear, int size) {
		return switch (size) {
			case 1 -> read8(linear);
			case 2 -> read16(linear);
			case 4 -> read32(linear);
			default -> read64(linear);
		};
	}

	/** An access of the processor's own, with supervisor rights at any CPL: descriptor tables, TSS. */
	public long readSupervisor(long linear, int size) {
		return readIn(Privilege.SUPERVISOR, linear, size);
	}

	/** Reads with the rights of the given privilege level, which need not be the present one. */
	public long readAt(int privilegeLevel, long linear, int size) {
		return readIn(sectionOf(privilegeLevel), linear, size);
	}

	private long readIn(int privilege, long linear, int size) {
		int i = Tlb.index(linear, privilege);
		if (tlb.readTag[i] == (linear + size - 1 & Tlb.PAGE_MASK)) {
			return LittleEndian.get(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK), size);
		}
		return readSlow(linear, size, privilege);
	}

	private long readSlow(long linear, int size, int privilege) {
		long value;
		if ((linear & OFFSET_MASK) + size > PAGE_SIZE) {
			value = readCrossing(linear, size, privilege);
		} else {
			long host = translate(linear, Interception.READ, privilege);
			requireAligned(linear, size, privilege);
			value = tlb.isRam(Tlb.index(linear, privilege)) ? memory.read(host, size) : memory.readDevice(host, size);
		}
		noteBreakpoints(linear, size, false);
		return value;
	}

	private long readCrossing(long linear, int size, int privilege) {
		int first = (int) (PAGE_SIZE - (linear & OFFSET_MASK));
		requireCanonical(linear + first);
		long low = translate(linear, Interception.READ, privilege);
		long high = translate(wrap(linear + first), Interception.READ, privilege);
		requireAligned(linear, size, privilege);
		long value = 0;
		for (int i = 0; i < size; i++) {
			value |= memory.read(i < first ? low + i : high + i - first, 1) << (i << 3);
		}
		return value;
	}

	// ---- writes ----

	/** Writes a byte. */
	public void write8(long linear, long value) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.writeTag[i] == (linear & Tlb.PAGE_MASK)) {
			tlb.bank[i][tlb.origin[i] + ((int) linear & OFFSET_MASK)] = (byte) value;
			return;
		}
		writeSlow(linear, 1, value, section);
	}

	/** Writes 2 bytes. */
	public void write16(long linear, long value) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.writeTag[i] == (linear + 1 & Tlb.PAGE_MASK)) {
			LittleEndian.SHORT.set(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK), (short) value);
			return;
		}
		writeSlow(linear, 2, value, section);
	}

	/** Writes 4 bytes. */
	public void write32(long linear, long value) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.writeTag[i] == (linear + 3 & Tlb.PAGE_MASK)) {
			LittleEndian.INT.set(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK), (int) value);
			return;
		}
		writeSlow(linear, 4, value, section);
	}

	/** Writes 8 bytes. */
	public void write64(long linear, long value) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.writeTag[i] == (linear + 7 & Tlb.PAGE_MASK)) {
			LittleEndian.LONG.set(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK), value);
			return;
		}
		writeSlow(linear, 8, value, section);
	}

	/** Writes the low {@code size} bytes: 1, 2, 4 or 8. */
	public void write(long linear, int size, long value) {
		switch (size) {
			case 1 -> write8(linear, value);
			case 2 -> write16(linear, value);
			case 4 -> write32(linear, value);
			default -> write64(linear, value);
		}
	}

	/** As {@link #readSupervisor}. */
	public void writeSupervisor(long linear, int size, long value) {
		writeIn(Privilege.SUPERVISOR, linear, size, value);
	}

	/** Writes with the rights of the given privilege level, which need not be the present one: stack switches. */
	public void writeAt(int privilegeLevel, long linear, int size, long value) {
		writeIn(sectionOf(privilegeLevel), linear, size, value);
	}

	private void writeIn(int privilege, long linear, int size, long value) {
		int i = Tlb.index(linear, privilege);
		if (tlb.writeTag[i] == (linear + size - 1 & Tlb.PAGE_MASK)) {
			LittleEndian.set(tlb.bank[i], tlb.origin[i] + ((int) linear & OFFSET_MASK), size, value);
			return;
		}
		writeSlow(linear, size, value, privilege);
	}

	private int sectionOf(int privilegeLevel) {
		return privilegeLevel == 3 ? Privilege.USER
				: (state.rflags & CpuState.AC) != 0 ? Privilege.SUPERVISOR_SMAP_SUSPENDED : Privilege.SUPERVISOR;
	}

	/** Checks that a write of {@code size} bytes would succeed: before the read of a read-modify-write. */
	public void prepareWrite(long linear, int size) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.writeTag[i] != (linear + size - 1 & Tlb.PAGE_MASK)) {
			prepareWriteAt(linear, size, section);
		}
	}

	/**
	 * Checks that accesses of the processor's own would succeed, before the first of several is made.
	 *
	 * @param size   bytes, at most 4096
	 * @param access READ or WRITE of {@link Interception}
	 */
	public void requireSupervisor(long linear, int size, int access) {
		translate(linear, access, Privilege.SUPERVISOR);
		if ((linear & OFFSET_MASK) + size > PAGE_SIZE) {
			translate(wrap((linear | OFFSET_MASK) + 1), access, Privilege.SUPERVISOR);
		}
	}

	/** As {@link #prepareWrite}, with the rights of the given privilege level. */
	public void prepareWriteAtLevel(int privilegeLevel, long linear, int size) {
		prepareWriteAt(linear, size, sectionOf(privilegeLevel));
	}

	private void prepareWriteAt(long linear, int size, int privilege) {
		translate(linear, Interception.WRITE, privilege);
		if ((linear & OFFSET_MASK) + size > PAGE_SIZE) {
			translate(wrap((linear | OFFSET_MASK) + 1), Interception.WRITE, privilege);
		}
		if (size <= 8) {
			requireAligned(linear, size, privilege);
		}
	}

	private void writeSlow(long linear, int size, long value, int privilege) {
		if ((linear & OFFSET_MASK) + size > PAGE_SIZE) {
			writeCrossing(linear, size, value, privilege);
		} else {
			long host = translate(linear, Interception.WRITE, privilege);
			requireAligned(linear, size, privilege);
			int entry = Tlb.index(linear, privilege);
			if (tlb.isRam(entry)) {
				memory.write(host, size, value);
				if (!memory.watchesStores(host)) {
					tlb.forgetWatch(entry, linear);
				}
			} else {
				memory.writeDevice(host, size, value);
			}
		}
		noteBreakpoints(linear, size, true);
	}

	private void writeCrossing(long linear, int size, long value, int privilege) {
		int first = (int) (PAGE_SIZE - (linear & OFFSET_MASK));
		requireCanonical(linear + first);
		long low = translate(linear, Interception.WRITE, privilege);
		long high = translate(wrap(linear + first), Interception.WRITE, privilege);
		requireAligned(linear, size, privilege);
		for (int i = 0; i < size; i++) {
			memory.write(i < first ? low + i : high + i - first, 1, value >>> (i << 3));
		}
	}

	/** Outside IA-32e mode linear addresses wrap at 4 GiB. */
	private long wrap(long linear) {
		return (state.efer & EFER_LMA) != 0 ? linear : linear & 0xffff_ffffL;
	}

	private void noteBreakpoints(long linear, int size, boolean write) {
		if (breakpoints.dataArmed()) {
			breakpoints.noteData(linear, size, write);
		}
	}

	private void requireAligned(long linear, int size, int privilege) {
		if (privilege == Privilege.USER_ALIGNED && (linear & size - 1) != 0) {
			throw fault.raise(Vector.AC, 0, 0);
		}
	}

	// ---- translation ----

	/** Translates the address of an instruction byte; hostPhysical. */
	public long fetch(long linear) {
		int i = (int) (linear >>> Tlb.PAGE_SHIFT) & Tlb.INDEX_MASK | section;
		if (tlb.executeTag[i] == (linear & Tlb.PAGE_MASK)) {
			return tlb.hostPhysical[i] + (linear & OFFSET_MASK);
		}
		return translate(linear, Interception.EXECUTE, section);
	}

	/**
	 * Translates as an access of the present privilege would, faults and accessed and dirty bits included.
	 *
	 * @param access READ, WRITE or EXECUTE of {@link Interception}
	 * @return the hostPhysical address
	 */
	public long probe(long linear, int access) {
		return translate(linear, access, section);
	}

	/** Whether the linear address whose translation is under way, or was last, is a user-mode one; all are without paging. */
	public boolean translatesUserPage() {
		return walk.user;
	}

	private long translate(long linear, int access, int privilege) {
		int i = Tlb.index(linear, privilege);
		long[] tags = access == Interception.READ ? tlb.readTag
				: access == Interception.WRITE ? tlb.writeTag : tlb.executeTag;
		if ((tags[i] & ~Tlb.SLOW) != (linear & Tlb.PAGE_MASK)) {
			requireCanonical(linear);
			walk.translate(interception, linear, access, privilege);
			fill(i, linear, access, privilege);
		}
		return tlb.hostPhysical[i] + (linear & OFFSET_MASK);
	}

	private void fill(int index, long linear, int access, int privilege) {
		long bus = interception.translate(walk.guestPhysical, access, linear, false) & PHYSICAL_MASK;
		long host = memory.wired(bus, access, state.inSystemManagementMode);
		int allowed = walk.permissions & interception.pagePermissions() & alike(bus, host);
		long page = linear & Tlb.PAGE_MASK;
		RamBank ram = memory.bankAt(host);
		boolean slow = ram == null || privilege == Privilege.USER_ALIGNED
				|| breakpoints.dataArmed() && breakpoints.inPage(linear);
		long data = slow ? page | Tlb.SLOW : page;
		long write = slow || memory.watchesStores(host) ? page | Tlb.SLOW : page;
		tlb.fill(index, (allowed & Interception.READ) != 0 ? data : Tlb.INVALID,
				(allowed & Interception.WRITE) != 0 ? write : Tlb.INVALID,
				(allowed & Interception.EXECUTE) != 0 ? page : Tlb.INVALID, host & Tlb.PAGE_MASK, ram, walk.global,
				walk.pageShift);
	}

	/** The kinds of access that end at the same place: where reads and writes part, an entry is for one of them. */
	private int alike(long bus, long host) {
		boolean management = state.inSystemManagementMode;
		return (memory.wired(bus, Interception.READ, management) == host ? Interception.READ : 0)
				| (memory.wired(bus, Interception.WRITE, management) == host ? Interception.WRITE : 0)
				| (memory.wired(bus, Interception.EXECUTE, management) == host ? Interception.EXECUTE : 0);
	}

	private void requireCanonical(long linear) {
		if ((state.efer & EFER_LMA) != 0 && !canonical(linear)) {
			throw fault.nonCanonical();
		}
	}

	/** How many of the uppermost bits of a canonical address are copies of the bit below them. */
	public int unusedAddressBits() {
		return (state.cr4 & CR4_LA57) == 0 ? 16 : 7;
	}

	/** Whether the address is canonical for the present number of paging levels. */
	public boolean canonical(long linear) {
		int unused = unusedAddressBits();
		return linear << unused >> unused == linear;
	}

	/**
	 * Translates without any effect: no accessed or dirty bits, no faults, no exits; permissions are not looked at.
	 *
	 * @return the hostPhysical address, or -1 where nothing is mapped
	 */
	public long translateForDebugger(long linear) {
		return QuietWalk.translate(state, memory, interception, linear);
	}

	/** MOV to CR3: drops all translations of the present level but the global ones. */
	public void flush() {
		tlb.flush(true);
	}

	/** Drops all translations of all levels, global ones included. */
	public void flushAll() {
		tlb.flush(false);
		Tlb other = suspended;
		if (other != null) {
			other.flush(false);
		}
	}

	/** WRPKRU and XRSTOR: takes the rights of the protection keys. */
	public void setProtectionKeyRights(int rights) {
		if (state.extended.pkru != rights) {
			state.extended.pkru = rights;
			flushAll();
		}
	}

	/** INVLPG; of all levels, so that INVLPGA is the same. */
	public void flushPage(long linear) {
		tlb.flushPage(linear);
		Tlb other = suspended;
		if (other != null) {
			other.flushPage(linear);
		}
	}
}
