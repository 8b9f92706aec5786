/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.state;

/** The x87, MMX, SSE and AVX registers of one logical processor. Plain mutable state. */
public final class ExtendedState {
	/** MXCSR after RESET and in the initial configuration of its state component. */
	public static final int INITIAL_MXCSR = 0x1f80;
	/** XMM0 to XMM15: bits 63:0 of register n at index 2n, bits 127:64 at 2n + 1. */
	public final long[] xmm = new long[32];
	/** The upper halves of YMM0 to YMM15: bits 191:128 of register n at index 2n, bits 255:192 at 2n + 1. */
	public final long[] ymmUpper = new long[32];
	/** PKRU: for protection key i, access disabled in bit 2i, writes disabled in bit 2i + 1. */
	public int pkru;
	/** MXCSR. */
	public int mxcsr = INITIAL_MXCSR;
	/** x87 control word. */
	public int controlWord = 0x37f;
	/** x87 status word; its bits 13:11 are the top of the stack. */
	public int statusWord;
	/** Bit n set: the physical register Rn is not empty (as in the abridged tag word of FXSAVE). */
	public int validRegisters;
	/** Significands of the physical registers R0 to R7; the MMX registers are these. */
	public final long[] significand = new long[8];
	/** Sign in bit 15 and exponent in bits 14:0 of R0 to R7. */
	public final int[] signAndExponent = new int[8];
	/** Last x87 instruction's opcode (11 bits), address and operand's address. */
	public int opcode;
	public long instructionPointer;
	public long dataPointer;
	/** Selectors to these addresses, FCS and FDS; zeros on processors that deprecate them. */
	public int instructionSelector;
	public int dataSelector;

	/** As after RESET and FNINIT. */
	public void initializeX87() {
		controlWord = 0x37f;
		statusWord = 0;
		validRegisters = 0;
		opcode = 0;
		instructionPointer = 0;
		dataPointer = 0;
		instructionSelector = 0;
		dataSelector = 0;
	}

	/** Whether the x87 state is in its initial configuration: as after FNINIT with all registers zero. */
	public boolean x87Initial() {
		long registers = 0;
		for (int k = 0; k < significand.length; k++) {
			registers |= significand[k] | signAndExponent[k];
		}
		return registers == 0 && controlWord == 0x37f && statusWord == 0 && validRegisters == 0 && opcode == 0
				&& (instructionPointer | dataPointer | instructionSelector | dataSelector) == 0;
	}

	/** As after RESET: registers zero. */
	public void reset() {
		initializeX87();
		controlWord = 0x40;
		mxcsr = INITIAL_MXCSR;
		java.util.Arrays.fill(xmm, 0);
		pkru = 0;
		java.util.Arrays.fill(ymmUpper, 0);
		java.util.Arrays.fill(significand, 0);
		java.util.Arrays.fill(signAndExponent, 0);
	}

	/** Physical number of the x87 register ST(i). */
	public int physical(int i) {
		return (statusWord >> 11) + i & 7;
	}
}
