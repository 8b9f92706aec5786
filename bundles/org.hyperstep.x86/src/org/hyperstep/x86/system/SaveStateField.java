/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.state.CpuState;

/**
 * The registers in the state save map of system-management mode, one row each: "SMRAM State Save Map for Intel 64
 * Architecture" of Intel's manual, "AMD64 Architecture SMM State-Save Area" of AMD's. Offsets are from SMBASE + 0x8000.
 * Selectors and hidden parts of the segments, which the two maps arrange differently, are not rows.
 */
enum SaveStateField {
	RAX(0x7f5c, 0x7ff8, 8, s -> s.general[0], (s, v) -> s.general[0] = v),
	RCX(0x7f64, 0x7ff0, 8, s -> s.general[1], (s, v) -> s.general[1] = v),
	RDX(0x7f6c, 0x7fe8, 8, s -> s.general[2], (s, v) -> s.general[2] = v),
	RBX(0x7f74, 0x7fe0, 8, s -> s.general[3], (s, v) -> s.general[3] = v),
	RSP(0x7f7c, 0x7fd8, 8, s -> s.general[4], (s, v) -> s.general[4] = v),
	RBP(0x7f84, 0x7fd0, 8, s -> s.general[5], (s, v) -> s.general[5] = v),
	RSI(0x7f8c, 0x7fc8, 8, s -> s.general[6], (s, v) -> s.general[6] = v),
	RDI(0x7f94, 0x7fc0, 8, s -> s.general[7], (s, v) -> s.general[7] = v),
	R8(0x7f54, 0x7fb8, 8, s -> s.general[8], (s, v) -> s.general[8] = v),
	R9(0x7f4c, 0x7fb0, 8, s -> s.general[9], (s, v) -> s.general[9] = v),
	R10(0x7f44, 0x7fa8, 8, s -> s.general[10], (s, v) -> s.general[10] = v),
	R11(0x7f3c, 0x7fa0, 8, s -> s.general[11], (s, v) -> s.general[11] = v),
	R12(0x7f34, 0x7f98, 8, s -> s.general[12], (s, v) -> s.general[12] = v),
	R13(0x7f2c, 0x7f90, 8, s -> s.general[13], (s, v) -> s.general[13] = v),
	R14(0x7f24, 0x7f88, 8, s -> s.general[14], (s, v) -> s.general[14] = v),
	R15(0x7f1c, 0x7f80, 8, s -> s.general[15], (s, v) -> s.general[15] = v),
	RIP(0x7fd8, 0x7f78, 8, s -> s.rip, (s, v) -> s.rip = v),
	RFLAGS(0x7fe8, 0x7f70, 8, s -> s.rflags, (s, v) -> s.rflags = v),
	DR6(0x7fd0, 0x7f68, 8, s -> s.dr6, (s, v) -> s.dr6 = v), DR7(0x7fc8, 0x7f60, 8, s -> s.dr7, (s, v) -> s.dr7 = v),
	CR0(0x7ff8, 0x7f58, 8, s -> s.cr0, (s, v) -> s.cr0 = v), CR3(0x7ff0, 0x7f50, 8, s -> s.cr3, (s, v) -> s.cr3 = v),
	CR4(0x7e40, 0x7f48, 8, s -> s.cr4, (s, v) -> s.cr4 = v),
	EFER(0x7fe0, 0x7ed0, 8, s -> s.efer, (s, v) -> s.efer = v),
	SMBASE(0x7ef8, 0x7f00, 4, s -> s.smbase, (s, v) -> s.smbase = v),
	/** Intel keeps the halves apart. */
	GDT_BASE_LOW(0x7e8c, 0x7e68, 4, s -> s.gdtrBase & 0xffff_ffffL, (s, v) -> s.gdtrBase = v),
	GDT_BASE_HIGH(0x7dd0, 0x7e6c, 4, s -> s.gdtrBase >>> 32, (s, v) -> s.gdtrBase |= v << 32),
	IDT_BASE_LOW(0x7e94, 0x7e88, 4, s -> s.idtrBase & 0xffff_ffffL, (s, v) -> s.idtrBase = v),
	IDT_BASE_HIGH(0x7dd8, 0x7e8c, 4, s -> s.idtrBase >>> 32, (s, v) -> s.idtrBase |= v << 32),
	/** Reserved in Intel's map. */
	GDT_LIMIT(0x7c80, 0x7e64, 2, s -> s.gdtrLimit, (s, v) -> s.gdtrLimit = (int) v),
	IDT_LIMIT(0x7c84, 0x7e84, 2, s -> s.idtrLimit, (s, v) -> s.idtrLimit = (int) v),
	/** Reserved in both maps. */
	BLOCKING_BY_NMI(0x7c88, 0x7eca, 1, s -> s.interruptibility.blockingByNmi ? 1 : 0,
			(s, v) -> s.interruptibility.blockingByNmi = v != 0);

	/** Reads a register. */
	@FunctionalInterface
	interface Reader {
		long read(CpuState state);
	}

	/** Writes a register. */
	@FunctionalInterface
	interface Writer {
		void write(CpuState state, long value);
	}

	private final int intelOffset;
	private final int amdOffset;
	final int size;
	final Reader reader;
	final Writer writer;

	SaveStateField(int intelOffset, int amdOffset, int size, Reader reader, Writer writer) {
		this.intelOffset = intelOffset;
		this.amdOffset = amdOffset;
		this.size = size;
		this.reader = reader;
		this.writer = writer;
	}

	int offset(boolean amd) {
		return amd ? amdOffset : intelOffset;
	}
}
