/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.hyperstep.machine.image.InitialState.Mode;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.MemoryImage;
import org.hyperstep.selftest.guest.StepCase;

/** The modes that generated programs execute in: one row each, with how they get there and what they are made of. */
@SuppressWarnings("nls")
enum ProgramKind {
	/** 64-bit code of privilege level 0, by the rows of {@link KernelProgram}. */
	LONG_KERNEL("64-bit, ring 0", Mode.LONG_64, KernelProgram.START, KernelProgram.SNIPPETS, true),
	LONG_USER("64-bit, ring 3", Mode.LONG_64, Boot.LONG + Boot.TO_USER_64, ProgramRows.WIDE, false),
	COMPATIBILITY("compatibility mode, ring 3", Mode.LONG_64, Boot.LONG + Boot.TO_COMPATIBILITY, ProgramRows.FLAT,
			false),
	PROTECTED_KERNEL("32-bit, ring 0, no paging", Mode.PROTECTED_32, Boot.PROTECTED + Boot.CLEAR, ProgramRows.FLAT,
			true),
	PAGED_KERNEL("32-bit, ring 0, paging", Mode.PROTECTED_32, Boot.PROTECTED + Boot.PAGING + Boot.CLEAR,
			ProgramRows.FLAT,
			true),
	PROTECTED_USER("32-bit, ring 3, paging", Mode.PROTECTED_32, Boot.PROTECTED + Boot.PAGING + Boot.TO_USER_32,
			ProgramRows.FLAT, false),
	REAL("real mode", Mode.REAL_16, Boot.REAL,
			Stream.concat(ProgramRows.NARROW.stream(), ProgramRows.REAL.stream()).toList(), true),
	VIRTUAL_8086("virtual-8086 mode, IOPL 3", Mode.PROTECTED_32, Boot.PROTECTED + Boot.virtual8086(3),
			ProgramRows.NARROW,
			false),
	VIRTUAL_8086_EXTENDED("virtual-8086 mode, VME", Mode.PROTECTED_32,
			Boot.PROTECTED + Boot.VME + Boot.PAGING_WITH_VME + Boot.virtual8086(0), ProgramRows.NARROW, false),
	/** The same programs as {@link #LONG_KERNEL}'s, entered by a guest hypervisor. */
	NESTED_KERNEL("64-bit, ring 0, nested", Mode.LONG_64, KernelProgram.START + NestedProgram.BOOT,
			KernelProgram.SNIPPETS, true);

	/** Code from the guest's first instruction to the program; %s is the timer's period. */
	private static final class Boot {
		/** The APIC with a periodic timer of vector 30h, and TR. */
		private static final String PROTECTED = "b8ff010000 a3f000e0fe b830000200 a32003e0fe b80b000000 a3e003e0fe b8%s a38003e0fe"
				+ "b840000000 0f00d8";
		/** The same from 64-bit code; then data segments of the user's. */
		private static final String LONG = "b90000e0fe b8ff010000 8981f0000000 b830000200 898120030000 b80b000000 8981e0030000"
				+ "b8%s 898180030000 b840000000 0f00d8 b82b000000 8ed8 8ec0";
		/** The same by the registers of an x2APIC. */
		private static final String REAL = "66b91b000000 0f32 660d000c0000 0f30 66b90f080000 66b8ff010000 6631d2 0f30"
				+ "66b932080000 66b830000200 6631d2 0f30 66b93e080000 66b80b000000 6631d2 0f30"
				+ "66b938080000 66b8%s 6631d2 0f30 6631db 6631c0 6631c9 6631d2";
		/** CR4.PSE, CR3 and CR0.PG. */
		private static final String PAGING = "b810000000 0f22e0 b800800000 0f22d8 0f20c0 0d00000080 0f22c0",
				PAGING_WITH_VME = "b811000000 0f22e0 b800800000 0f22d8 0f20c0 0d00000080 0f22c0";
		/** CR4.VME. */
		private static final String VME = "b801000000 0f22e0";
		private static final String CLEAR = "31db 31c0 31c9 31d2";
		/** SS, ESP, EFLAGS, CS and EIP of the next instruction but IRET, and IRET. */
		private static final String TO_USER_32 = "b82b000000 8ed8 8ec0 6a2b 6800f80700 6802020000 6a23 e800000000 81042408000000 cf"
				+ CLEAR,
				TO_USER_64 = "6a2b 6800f80700 6802020000 6a33 e800000000 488104240a000000 48cf" + CLEAR,
				TO_COMPATIBILITY = "6a2b 6800f80700 6802020000 6a23 e800000000 488104240a000000 48cf" + CLEAR;

		/** GS, FS, DS, ES, SS 2000h, SP FFF0h, EFLAGS, CS 3000h, IP 0. */
		private static String virtual8086(int privilege) {
			return "b800200000 50 50 50 50 50 68f0ff0000 6802" + privilege + "20200 6800300000 6a00" + CLEAR + "cf";
		}
	}

	private static final Map<ProgramKind, MemoryImage> IMAGES = new ConcurrentHashMap<>();

	private final String label;
	private final Mode mode;
	private final String boot;
	private final List<String> snippets;
	private final boolean halts;

	ProgramKind(String label, Mode mode, String boot, List<String> snippets, boolean halts) {
		this.label = label;
		this.mode = mode;
		this.boot = boot;
		this.snippets = snippets;
		this.halts = halts;
	}

	String label() {
		return label;
	}

	/** Memory before a program is put there; handlers and tables are the same for all programs of the kind. */
	MemoryImage image() {
		return IMAGES.computeIfAbsent(this, ProgramKind::buildImage);
	}

	private static MemoryImage buildImage(ProgramKind kind) {
		BareGuest guest = new BareGuest(StepCase.VMX_MONITOR_TRAP_FLAG, kind.mode, "");
		if (kind.longKernel()) {
			KernelProgram.build(guest);
			if (kind == NESTED_KERNEL) {
				NestedProgram.build(guest);
			}
		} else {
			ProgramEnvironment.build(guest, kind);
		}
		return MemoryImage.of(guest.machine);
	}

	/** The mode that the guest starts in. */
	Mode mode() {
		return mode;
	}

	/** Code from the guest's first instruction on; %s is the timer's period. */
	String boot() {
		return boot;
	}

	/** What programs are made of. */
	List<String> snippets() {
		return snippets;
	}

	/** Whether STI; HLT waits for the timer there. */
	boolean halts() {
		return halts;
	}

	/** Whether code and data are those of 16-bit segments. */
	boolean narrow() {
		return this == REAL || virtual8086();
	}

	/** Whether {@link KernelProgram} is what is around it. */
	boolean longKernel() {
		return this == LONG_KERNEL || this == NESTED_KERNEL;
	}

	boolean virtual8086() {
		return this == VIRTUAL_8086 || this == VIRTUAL_8086_EXTENDED;
	}

	/** Where the guest's first instruction is. */
	long start() {
		return this == REAL ? BareGuest.REAL_CODE : BareGuest.CODE;
	}

	/** Where the program is, if not behind {@link #boot}; else -1. */
	long separate() {
		return virtual8086() ? BareGuest.REAL_CODE : this == NESTED_KERNEL ? NestedProgram.PROGRAM : -1;
	}
}
