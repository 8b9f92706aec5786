/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.state.CpuState;

/** What of the processor's mode decides how instructions translate: the part of a block's key besides its address. */
final class ModeKey {
	private static final int CODE_SIZE = 3;
	/** SS.B: the stack pointer is ESP, not SP. Clear in 64-bit mode. */
	static final int BIG_STACK = 4;
	/** CPL 3: another right to fetch. */
	static final int USER = 8;
	/** Real mode or virtual-8086 mode. */
	static final int REAL_OR_VIRTUAL = 16;
	/** CR0.MP, EM and TS, where they stand in CR0, shifted left by 4. */
	static final int MONITOR_COPROCESSOR = 2 << 4, EMULATION = 4 << 4, TASK_SWITCHED = 8 << 4;
	/** CR4.OSFXSR and CR4.OSXSAVE. */
	static final int FXSAVE_ENABLED = 1 << 8, XSAVE_ENABLED = 1 << 9;
	/** XCR0.SSE and XCR0.AVX. */
	static final int AVX_ENABLED = 1 << 10;
	/**
	 * A near branch can leave what may be executed, so that its target is checked: CS has a limit below 4 GiB; in 64-bit
	 * mode RIP is within reach of the edge of the canonical addresses.
	 */
	static final int LIMITED = 1 << 11;

	private static final CodeSize[] CODE_SIZES = CodeSize.values();
	private static final int CR0_PE = 1, CR4_OSFXSR = 1 << 9, CR4_LA57 = 1 << 12, CR4_OSXSAVE = 1 << 18,
			EFER_LMA = 1 << 10;

	private ModeKey() {
	}

	/** The key of the present mode. */
	static int of(CpuState state) {
		int cr0 = (int) state.cr0;
		int cr4 = (int) state.cr4;
		int key = (cr0 & 14) << 4 | ((cr4 & CR4_OSFXSR) != 0 ? FXSAVE_ENABLED : 0)
				| ((cr4 & CR4_OSXSAVE) != 0 ? XSAVE_ENABLED : 0) | (((int) state.xcr0 & 6) == 6 ? AVX_ENABLED : 0)
				| (state.cpl == 3 ? USER : 0);
		if ((state.efer & EFER_LMA) != 0 && state.segments[CpuState.CS].longMode()) {
			return key | CodeSize.CODE64.ordinal() | (nearEdge(state.rip, cr4) ? LIMITED : 0);
		}
		if ((cr0 & CR0_PE) == 0 || (state.rflags & CpuState.VM) != 0) {
			key |= REAL_OR_VIRTUAL;
		}
		if (state.segments[CpuState.CS].limit != 0xffff_ffffL) {
			key |= LIMITED;
		}
		return key | (state.segments[CpuState.CS].defaultBig() ? CodeSize.CODE32 : CodeSize.CODE16).ordinal()
				| (state.segments[CpuState.SS].defaultBig() ? BIG_STACK : 0);
	}

	/** Within 4 GiB of the first address that is not canonical; relative branches reach 2 GiB. */
	private static boolean nearEdge(long rip, int cr4) {
		return (rip >> 32 ^ rip >> 63) == ((cr4 & CR4_LA57) == 0 ? 0x7fff : 0xff_ffff);
	}

	/** The code size of a key. */
	static CodeSize codeSize(int key) {
		return CODE_SIZES[key & CODE_SIZE];
	}
}
