/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import java.util.HexFormat;

import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.state.CpuState;

/** Memory of a small 64-bit guest: the first 2 MBytes mapped one to one by pages of 4 KBytes, GDT, IDT, handlers. */
@SuppressWarnings("nls")
public final class LongModeMemory {
	public static final long CODE = 0x1_0000, STACK = 0x2_0000, DATA = 0x3_0000, HANDLERS = 0x4_0000, SPARE = 0x10_0000;
	public static final long GDT = 0x1000, IDT = 0x2000, PML4 = 0x4000, PDPT = 0x5000, PD = 0x6000, PT = 0x7000;
	public static final int CODE_SELECTOR = 0x10, DATA_SELECTOR = 0x18;
	private static final String NOP_IRETQ = "90 48cf";

	public final PhysicalMemory physical = new PhysicalMemory();

	public LongModeMemory(String code) {
		physical.addRam(0, 4 << 20);
		physical.write(PML4, 8, PDPT | 7);
		physical.write(PDPT, 8, PD | 7);
		physical.write(PD, 8, PT | 7);
		for (int page = 0; page < 512; page++) {
			physical.write(PT + 8 * page, 8, (long) page << 12 | 7);
		}
		physical.write(GDT + CODE_SELECTOR, 8, 0x00af9b000000ffffL);
		physical.write(GDT + DATA_SELECTOR, 8, 0x00cf93000000ffffL);
		for (int vector = 0; vector < 256; vector++) {
			long handler = handler(vector);
			put(handler, NOP_IRETQ);
			physical.write(IDT + 16 * vector, 8, handler & 0xffff | (long) CODE_SELECTOR << 16 | 0x8eL << 40
					| (handler >>> 16 & 0xffff) << 48);
		}
		put(CODE, code);
	}

	public static long handler(int vector) {
		return HANDLERS + vector * 16L;
	}

	public void put(long address, String hex) {
		byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
		physical.copyIn(address, bytes, 0, bytes.length);
	}

	/** Takes the page of this address out of the guest's page table. */
	public void unmap(long linear) {
		physical.write(PT + 8 * (linear >>> 12), 8, 0);
	}

	/** Loads the registers of the guest: 64-bit mode, RIP at the code. */
	public void load(CpuState state) {
		state.cr0 = CpuState.CR0_PE | CpuState.CR0_PG | CpuState.CR0_NE | CpuState.CR0_ET;
		state.cr3 = PML4;
		state.cr4 = CpuState.CR4_PAE;
		state.efer = CpuState.EFER_LME | CpuState.EFER_LMA | CpuState.EFER_SCE;
		state.segments[CpuState.CS].set(CODE_SELECTOR, 0, 0xffff_ffffL, 0xa09b);
		for (int segment : new int[] { CpuState.DS, CpuState.ES, CpuState.SS, CpuState.FS, CpuState.GS }) {
			state.segments[segment].set(DATA_SELECTOR, 0, 0xffff_ffffL, 0xc093);
		}
		state.segments[CpuState.TR].set(0x20, 0, 0x67, 0x8b);
		state.segments[CpuState.LDTR].set(0, 0, 0, 0x1_0000);
		state.gdtrBase = GDT;
		state.gdtrLimit = 0x2f;
		state.idtrBase = IDT;
		state.idtrLimit = 0xfff;
		state.general[CpuState.RSP] = STACK;
		state.rip = CODE;
		state.rflags = 2;
		state.cpl = 0;
	}
}
