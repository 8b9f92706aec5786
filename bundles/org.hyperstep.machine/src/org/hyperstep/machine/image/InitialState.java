/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * The registers with which an image wants to be entered, on the boot processor. What is not named here is as after reset:
 * general registers zero but for RDX.
 *
 * @param protocol   how the image was loaded
 * @param mode       operating mode
 * @param rip        entry point
 * @param rax        multiboot's magic, else 0
 * @param rbx        guestPhysical address of the protocol's information, or 0
 * @param rsp        top of a stack in 64-bit mode, else 0: the protocols give none
 * @param cr3        page tables in 64-bit mode, else 0
 * @param gdt        guestPhysical address of a table with the selectors in use
 */
public record InitialState(BootProtocol protocol, Mode mode, long rip, long rax, long rbx, long rsp, long cr3,
		long gdt) {

	/** The two modes that loaders enter. */
	public enum Mode {
		/** 32-bit protected mode, flat segments, no paging. */
		PROTECTED_32,
		/** 64-bit mode with paging. */
		LONG_64
	}

	/** Selectors of {@link #GDT}: code and data. */
	static final int CODE = 0x10, DATA = 0x18, TASK = 0x20;
	/** Null, unused, code, data, and a busy TSS of 0x68 bytes at 0 that takes two entries. */
	static final int GDT_ENTRIES = 6;
	private static final long CR0_PE = 1, CR0_ET = 1 << 4, CR0_PG = 1L << 31, CR4_PAE = 1 << 5;
	private static final long EFER_LME = 1 << 8, EFER_LMA = 1 << 10;
	private static final int TSS_LIMIT = 0x67;

	/** The table that {@link #gdt} points to. */
	static long[] gdt(Mode mode) {
		long code = mode == Mode.LONG_64 ? 0x00af9b000000ffffL : 0x00cf9b000000ffffL;
		return new long[] { 0, 0, code, 0x00cf93000000ffffL, 0x00008b0000000067L, 0 };
	}

	/** Sets the state of the processor that is to enter the image. */
	public void applyTo(CpuState cpu) {
		java.util.Arrays.fill(cpu.general, 0);
		cpu.general[CpuState.RAX] = rax;
		cpu.general[CpuState.RBX] = rbx;
		cpu.general[CpuState.RSP] = rsp;
		cpu.rip = rip;
		cpu.rflags = 2;
		cpu.cpl = 0;
		boolean wide = mode == Mode.LONG_64;
		cpu.cr0 = CR0_PE | CR0_ET | (wide ? CR0_PG : 0);
		cpu.cr2 = 0;
		cpu.cr3 = cr3;
		cpu.cr4 = wide ? CR4_PAE : 0;
		cpu.efer = wide ? EFER_LME | EFER_LMA : 0;
		cpu.segments[CpuState.CS].set(CODE, 0, 0xffffffffL, wide ? 0xa09b : 0xc09b);
		for (int segment : new int[] { CpuState.DS, CpuState.ES, CpuState.FS, CpuState.GS, CpuState.SS }) {
			cpu.segments[segment].set(DATA, 0, 0xffffffffL, 0xc093);
		}
		cpu.segments[CpuState.TR].set(TASK, 0, TSS_LIMIT, 0x8b);
		cpu.segments[CpuState.LDTR].set(0, 0, 0, SegmentState.UNUSABLE);
		cpu.gdtrBase = gdt;
		cpu.gdtrLimit = 8 * GDT_ENTRIES - 1;
		cpu.idtrBase = 0;
		cpu.idtrLimit = 0;
		cpu.activity = CpuState.Activity.ACTIVE;
	}
}
