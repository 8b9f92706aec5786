/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.system.Feature;

/** The area of 512 bytes of FXSAVE and FXRSTOR (Intel SDM, "FXSAVE Area"). */
final class FxArea {
	static final int SIZE = 512;
	private static final int INSTRUCTION_POINTER = 8, DATA_POINTER = 16, MXCSR = 24, REGISTERS = 32, XMM = 160;

	/** ES of the status word. */
	private static final int ERROR_SUMMARY = 0x80;

	private FxArea() {
	}

	/** FXSAVE and FXRSTOR at CPL 0 in 64-bit mode leave the XMM registers out if EFER.FFXSR says so. */
	private static int xmmRegisters(Processor processor, Instruction i) {
		CpuState state = processor.state();
		boolean is64 = i.codeSize() == CodeSize.CODE64;
		if (is64 && state.cpl == 0 && (state.efer & CpuState.EFER_FFXSR) != 0) {
			return 0;
		}
		return is64 ? 16 : 8;
	}

	private static void requireAligned(Processor processor, long linear) {
		if ((linear & 15) != 0) {
			throw processor.fault().generalProtection(0);
		}
	}

	static void save(Processor processor, Instruction i) {
		long at = processor.argument(0);
		Mmu mmu = processor.mmu();
		ExtendedState state = processor.state().extended;
		requireAligned(processor, at);
		mmu.prepareWrite(at, SIZE);
		saveX87(processor, at, i.operandSize() == 64);
		saveMxcsr(mmu, at, state);
		saveXmm(mmu, at, state, xmmRegisters(processor, i));
	}

	/**
	 * The x87 part. AMD's processors that always write the error pointers write zeros while no exception is pending.
	 *
	 * @param wide the pointers have 64 bits, else 32 and a selector
	 */
	static void saveX87(Processor processor, long at, boolean wide) {
		Mmu mmu = processor.mmu();
		ExtendedState state = processor.state().extended;
		boolean pointers = (state.statusWord & ERROR_SUMMARY) != 0 || !processor.model().has(Feature.ERROR_POINTERS);
		mmu.write64(at, state.controlWord & 0xffffL | (state.statusWord & 0xffffL) << 16
				| (state.validRegisters & 0xffL) << 32 | (pointers ? state.opcode & 0x7ffL : 0) << 48);
		mmu.write64(at + INSTRUCTION_POINTER,
				pointers ? pointer(state.instructionPointer, state.instructionSelector, wide) : 0);
		mmu.write64(at + DATA_POINTER, pointers ? pointer(state.dataPointer, state.dataSelector, wide) : 0);
		for (int k = 0; k < 8; k++) {
			int physical = state.physical(k);
			mmu.write64(at + REGISTERS + 16 * k, state.significand[physical]);
			mmu.write64(at + REGISTERS + 16 * k + 8, state.signAndExponent[physical] & 0xffff);
		}
	}

	private static long pointer(long offset, int selector, boolean wide) {
		return wide ? offset : offset & 0xffff_ffffL | (selector & 0xffffL) << 32;
	}

	/** MXCSR and MXCSR_MASK. */
	static void saveMxcsr(Mmu mmu, long at, ExtendedState state) {
		mmu.write64(at + MXCSR, state.mxcsr & 0xffff_ffffL | (long) X87Control.MXCSR_MASK << 32);
	}

	/** So many XMM registers. */
	static void saveXmm(Mmu mmu, long at, ExtendedState state, int registers) {
		for (int k = 0; k < 2 * registers; k++) {
			mmu.write64(at + XMM + 8 * k, state.xmm[k]);
		}
	}

	static void restore(Processor processor, Instruction i) {
		long at = processor.argument(0);
		Mmu mmu = processor.mmu();
		ExtendedState state = processor.state().extended;
		requireAligned(processor, at);
		// The last byte first: whatever of the two pages is missing faults before anything changes.
		mmu.read8(at + SIZE - 1);
		mmu.read8(at);
		state.mxcsr = (int) mxcsr(processor, at);
		restoreX87(processor, at, i.operandSize() == 64);
		restoreXmm(mmu, at, state, xmmRegisters(processor, i));
	}

	/** MXCSR in memory; #GP if it has reserved bits. */
	static long mxcsr(Processor processor, long at) {
		long mxcsr = processor.mmu().read32(at + MXCSR);
		if ((mxcsr & ~X87Control.MXCSR_MASK) != 0) {
			throw processor.fault().generalProtection(0);
		}
		return mxcsr;
	}

	/** The x87 part; {@code wide} as for {@link #saveX87}. */
	static void restoreX87(Processor processor, long at, boolean wide) {
		Mmu mmu = processor.mmu();
		ExtendedState state = processor.state().extended;
		long words = mmu.read64(at);
		state.controlWord = (int) words & 0x1f7f | 0x40;
		state.statusWord = (int) (words >>> 16) & 0xffff;
		state.validRegisters = (int) (words >>> 32) & 0xff;
		state.opcode = (int) (words >>> 48) & 0x7ff;
		long instruction = mmu.read64(at + INSTRUCTION_POINTER);
		long data = mmu.read64(at + DATA_POINTER);
		boolean selectors = !wide && !processor.model().has(Feature.FCS_FDS_DEPRECATED);
		state.instructionPointer = wide ? instruction : instruction & 0xffff_ffffL;
		state.dataPointer = wide ? data : data & 0xffff_ffffL;
		state.instructionSelector = selectors ? (int) (instruction >>> 32) & 0xffff : 0;
		state.dataSelector = selectors ? (int) (data >>> 32) & 0xffff : 0;
		for (int k = 0; k < 8; k++) {
			int physical = state.physical(k);
			state.significand[physical] = mmu.read64(at + REGISTERS + 16 * k);
			state.signAndExponent[physical] = (int) mmu.read16(at + REGISTERS + 16 * k + 8);
		}
		X87Control.summarize(state);
	}

	/** So many XMM registers. */
	static void restoreXmm(Mmu mmu, long at, ExtendedState state, int registers) {
		for (int k = 0; k < 2 * registers; k++) {
			state.xmm[k] = mmu.read64(at + XMM + 8 * k);
		}
	}
}
