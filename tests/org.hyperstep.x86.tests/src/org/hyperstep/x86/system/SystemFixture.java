/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;

/**
 * A system unit over 4 MiB of RAM, with tables at fixed places: GDT at 0x1000, IDT at 0x2000, TSS at 0x3000, paging
 * structures from 0x10000 on. Modes are entered by setting the registers as software would have.
 */
@SuppressWarnings("nls")
public final class SystemFixture {
	public static final int GDT = 0x1000, IDT = 0x2000, TSS = 0x3000, TABLES = 0x10000;
	/** Selectors of the flat GDT. */
	public static final int CODE32 = 0x08, DATA = 0x10, CODE64 = 0x18, USER_CODE32 = 0x20, USER_DATA = 0x28,
			USER_CODE64 = 0x30, TSS_SELECTOR = 0x38, CONFORMING = 0x48, CODE16 = 0x50, NOT_PRESENT = 0x58,
			EXECUTE_ONLY = 0x60, LDT_SELECTOR = 0x68;

	public final PhysicalMemory memory = new PhysicalMemory();
	public final CpuState state = new CpuState();
	public final SystemUnit unit;
	/** Time as the clock tells it. */
	public long now;
	private long nextTable = TABLES;

	public SystemFixture() {
		this(ProcessorModel.of(ProcessorModel.Vendor.INTEL, ProcessorModel.Level.V3, 0, 1));
	}

	public SystemFixture(ProcessorModel model) {
		memory.addRam(0, 4 << 20);
		unit = new SystemUnit(state, model, memory, new Clock() {
			@Override
			public long retired() {
				return now;
			}

			@Override
			public long timeStampCounter() {
				return now;
			}

			@Override
			public void setTimeStampCounter(long value) {
				now = value;
			}
		});
		writeGdt();
	}

	private void writeGdt() {
		descriptor(CODE32, 0x00cf9b000000ffffL);
		descriptor(DATA, 0x00cf93000000ffffL);
		descriptor(CODE64, 0x00af9b000000ffffL);
		descriptor(USER_CODE32, 0x00cffb000000ffffL);
		descriptor(USER_DATA, 0x00cff3000000ffffL);
		descriptor(USER_CODE64, 0x00affb000000ffffL);
		// Available TSS at 0x3000, limit 0xfff; the upper half of its 64-bit form is zero.
		descriptor(TSS_SELECTOR, 0x0000890030000fffL);
		descriptor(TSS_SELECTOR + 8, 0);
		descriptor(CONFORMING, 0x00cf9f000000ffffL);
		descriptor(CODE16, 0x008f9b000000ffffL);
		descriptor(NOT_PRESENT, 0x00cf13000000ffffL);
		descriptor(EXECUTE_ONLY, 0x00cf99000000ffffL);
		descriptor(LDT_SELECTOR, 0x0000820040000fffL);
		descriptor(LDT_SELECTOR + 8, 0);
	}

	public SystemFixture descriptor(int selector, long value) {
		memory.write(GDT + selector, 8, value);
		return this;
	}

	/** 32-bit protected mode, flat, no paging, at the level 0 or 3. */
	public SystemFixture protectedMode(int level) {
		state.cr0 |= CpuState.CR0_PE;
		state.gdtrBase = GDT;
		state.gdtrLimit = 0x7f;
		state.idtrBase = IDT;
		state.idtrLimit = 0x7ff;
		boolean user = level == 3;
		state.segments[CpuState.CS].set(user ? USER_CODE32 | 3 : CODE32, 0, 0xffff_ffffL, user ? 0xc0fb : 0xc09b);
		for (int i : new int[] { CpuState.SS, CpuState.DS, CpuState.ES, CpuState.FS, CpuState.GS }) {
			state.segments[i].set(user ? USER_DATA | 3 : DATA, 0, 0xffff_ffffL, user ? 0xc0f3 : 0xc093);
		}
		state.segments[CpuState.TR].set(TSS_SELECTOR, TSS, 0xfff, 0x8b);
		state.cpl = level;
		state.rip = 0x8000;
		state.general[CpuState.RSP] = 0x9000;
		unit.stateReplaced();
		return this;
	}

	/** 64-bit mode with the first 4 MiB mapped to themselves, at the level 0 or 3. */
	public SystemFixture longMode(int level) {
		protectedMode(level);
		state.cr4 |= CpuState.CR4_PAE;
		state.efer |= CpuState.EFER_LME | CpuState.EFER_LMA | CpuState.EFER_NXE | CpuState.EFER_SCE;
		state.cr0 |= CpuState.CR0_PG | CpuState.CR0_WP;
		state.cr3 = newTable();
		for (int page = 0; page < 1024; page++) {
			map(page << 12, page << 12, 7);
		}
		boolean user = level == 3;
		state.idtrLimit = 0xfff;
		state.segments[CpuState.CS].set(user ? USER_CODE64 | 3 : CODE64, 0, 0xffff_ffffL, user ? 0xa0fb : 0xa09b);
		unit.stateReplaced();
		return this;
	}

	private long newTable() {
		long table = nextTable;
		nextTable += 0x1000;
		return table;
	}

	/** Maps a page of 4 KiB by 4-level paging; {@code flags} go into the last entry. */
	public SystemFixture map(long linear, long physical, long flags) {
		memory.write(entry(linear, 1), 8, physical | flags);
		unit.mmu.flushAll();
		return this;
	}

	/** hostPhysical address of the entry of a level, 4 to 1, its upper tables made where missing. */
	public long entry(long linear, int level) {
		long table = state.cr3;
		for (int at = 4; at > level; at--) {
			long address = table + (linear >>> at * 9 & 0xff8);
			if (memory.read(address, 8) == 0) {
				memory.write(address, 8, newTable() | 7);
			}
			table = memory.read(address, 8) & 0xf_ffff_ffff_f000L;
		}
		return table + (linear >>> level * 9 & 0xff8);
	}

	/** An interrupt or trap gate of 32-bit protected mode; {@code rights} are P, DPL and type, as 0x8e. */
	public SystemFixture gate32(int vector, int selector, long offset, int rights) {
		memory.write(IDT + vector * 8, 8,
				offset & 0xffff | (long) selector << 16 | (long) rights << 40 | offset >>> 16 << 48);
		return this;
	}

	/** A gate of IA-32e mode. */
	public SystemFixture gate64(int vector, int selector, long offset, int rights, int stackTable) {
		memory.write(IDT + vector * 16, 8, offset & 0xffff | (long) selector << 16 | (long) stackTable << 32
				| (long) rights << 40 | (offset >>> 16 & 0xffff) << 48);
		memory.write(IDT + vector * 16 + 8, 8, offset >>> 32);
		return this;
	}

	/** The fault that {@code action} raises. */
	public GuestFault faultOf(Runnable action) {
		try {
			action.run();
		} catch (GuestFault fault) {
			return fault;
		}
		throw new AssertionError("nothing was raised");
	}

	/** "vector(errorCode)" of what {@code action} raises, or "none". */
	public String outcome(Runnable action) {
		try {
			action.run();
			return "none";
		} catch (GuestFault fault) {
			return fault.errorCode() == GuestFault.NO_ERROR_CODE ? Integer.toString(fault.vector())
					: fault.vector() + "(" + Integer.toHexString(fault.errorCode()) + ")";
		}
	}

	/** An item of the present stack, in units of {@code size} bytes from its top. */
	public long stacked(int index, int size) {
		return memory.read(state.general[CpuState.RSP] + (long) index * size, size);
	}
}
