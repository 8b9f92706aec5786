/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;

/**
 * The registers with which an image wants to be entered, on the boot processor. What is not named here is as after reset:
 * general registers zero but for RDX.
 *
 * @param protocol how the image was loaded
 * @param mode     operating mode
 * @param rip      entry point; in real mode the offset in the code segment
 * @param rax      multiboot's magic, else 0
 * @param rbx      guestPhysical address of the protocol's information, or 0
 * @param rsi      guestPhysical address of Linux's boot_params, or 0
 * @param rsp      top of a stack, or 0 where the protocol gives none
 * @param cr3      page tables in 64-bit mode, else 0
 * @param gdt      guestPhysical address of a table with the selectors in use, or 0 in real mode
 * @param code     the code segment in real mode, else 0
 * @param data     the other segments in real mode, else 0
 */
public record InitialState(BootProtocol protocol, Mode mode, long rip, long rax, long rbx, long rsi, long rsp, long cr3,
		long gdt, int code, int data) {

	/** The modes that loaders enter. */
	public enum Mode {
		/** Real mode with the segments of the loader's choice. */
		REAL_16,
		/** 32-bit protected mode, flat segments, no paging. */
		PROTECTED_32,
		/** 64-bit mode with paging. */
		LONG_64,
		/** The processor's own state after reset; nothing else counts. */
		RESET
	}

	/**
	 * Selectors of code in {@link #gdt}; that of data is the next. Linux's boot protocol names its own; the multiboot
	 * specifications leave it open, but kernels that were made with QEMU (xv6) take its, which is also theirs.
	 */
	private static final int LINUX_CODE = 0x10, MULTIBOOT_CODE = 8;
	private static final int TASK = 0x20;
	/** Null, code and data as the selectors have it, and a busy TSS of 0x68 bytes at 0 that takes two entries. */
	static final int GDT_ENTRIES = 6;
	private static final long CR0_PE = 1, CR0_ET = 1 << 4, CR0_PG = 1L << 31, CR4_PAE = 1 << 5;
	private static final long EFER_LME = 1 << 8, EFER_LMA = 1 << 10;
	private static final int TSS_LIMIT = 0x67;
	private static final int VECTORS_LIMIT = 0x3ff, SEGMENT_LIMIT = 0xffff;

	/** A state without what only Linux and real mode want. */
	public InitialState(BootProtocol protocol, Mode mode, long rip, long rax, long rbx, long rsp, long cr3, long gdt) {
		this(protocol, mode, rip, rax, rbx, 0, rsp, cr3, gdt, 0, 0);
	}

	/** The processor's state after reset, for firmware. */
	public static InitialState reset() {
		return new InitialState(BootProtocol.FIRMWARE, Mode.RESET, 0, 0, 0, 0, 0, 0);
	}

	/** Real mode at a vector that a guest left when it went to sleep (ACPI specification, "Firmware Waking Vector"). */
	public static InitialState waking(long vector) {
		return real(BootProtocol.FLAT, (int) (vector >> 4), 0, vector & 0xf, 0);
	}

	/** Real mode. */
	static InitialState real(BootProtocol protocol, int code, int data, long ip, long sp) {
		return new InitialState(protocol, Mode.REAL_16, ip, 0, 0, 0, sp, 0, 0, code, data);
	}

	/**
	 * Whether the image may use a BIOS: in real mode, and by the multiboot specifications ("Machine state"), which want the
	 * interrupt controllers to be as a BIOS leaves them.
	 */
	public boolean findsBios() {
		return mode == Mode.REAL_16 || isMultiboot(protocol);
	}

	private static boolean isMultiboot(BootProtocol protocol) {
		return protocol == BootProtocol.MULTIBOOT || protocol == BootProtocol.MULTIBOOT_2;
	}

	private static int codeSelector(BootProtocol protocol) {
		return isMultiboot(protocol) ? MULTIBOOT_CODE : LINUX_CODE;
	}

	/** The table that {@link #gdt} points to. */
	static long[] gdt(BootProtocol protocol, Mode mode) {
		long[] table = new long[GDT_ENTRIES];
		int code = codeSelector(protocol) / 8;
		table[code] = mode == Mode.LONG_64 ? 0x00af9b000000ffffL : 0x00cf9b000000ffffL;
		table[code + 1] = 0x00cf93000000ffffL;
		table[TASK / 8] = 0x00008b0000000067L;
		return table;
	}

	/** Sets the state of the processor that is to enter the image, which has been reset. */
	public void applyTo(CpuState cpu) {
		if (mode == Mode.RESET) {
			return;
		}
		java.util.Arrays.fill(cpu.general, 0);
		cpu.general[CpuState.RAX] = rax;
		cpu.general[CpuState.RBX] = rbx;
		cpu.general[CpuState.RSI] = rsi;
		cpu.general[CpuState.RSP] = rsp;
		cpu.rip = rip;
		cpu.rflags = 2;
		cpu.cpl = 0;
		boolean wide = mode == Mode.LONG_64;
		cpu.cr0 = mode == Mode.REAL_16 ? CR0_ET : CR0_PE | CR0_ET | (wide ? CR0_PG : 0);
		cpu.cr2 = 0;
		cpu.cr3 = cr3;
		cpu.cr4 = wide ? CR4_PAE : 0;
		cpu.efer = wide ? EFER_LME | EFER_LMA : 0;
		applySegments(cpu);
		cpu.idtrBase = 0;
		cpu.idtrLimit = mode == Mode.REAL_16 ? VECTORS_LIMIT : 0;
		cpu.activity = CpuState.Activity.ACTIVE;
		// After reset all exceptions of the x87 unit are unmasked, which no firmware leaves to what it starts (UEFI
		// specification, "Handoff State": FPU control word 037Fh).
		cpu.extended.initializeX87();
	}

	private void applySegments(CpuState cpu) {
		boolean real = mode == Mode.REAL_16;
		if (real) {
			cpu.segments[CpuState.CS].set(code, (long) code << 4, SEGMENT_LIMIT, 0x9b);
		} else {
			cpu.segments[CpuState.CS].set(codeSelector(protocol), 0, 0xffffffffL,
					mode == Mode.LONG_64 ? 0xa09b : 0xc09b);
		}
		for (int segment : new int[] { CpuState.DS, CpuState.ES, CpuState.FS, CpuState.GS, CpuState.SS }) {
			if (real) {
				cpu.segments[segment].set(data, (long) data << 4, SEGMENT_LIMIT, 0x93);
			} else {
				cpu.segments[segment].set(codeSelector(protocol) + 8, 0, 0xffffffffL, 0xc093);
			}
		}
		cpu.segments[CpuState.TR].set(real ? 0 : TASK, 0, real ? SEGMENT_LIMIT : TSS_LIMIT, 0x8b);
		cpu.segments[CpuState.LDTR].set(0, 0, 0, SegmentState.UNUSABLE);
		cpu.gdtrBase = gdt;
		cpu.gdtrLimit = real ? SEGMENT_LIMIT : 8 * GDT_ENTRIES - 1;
	}
}
