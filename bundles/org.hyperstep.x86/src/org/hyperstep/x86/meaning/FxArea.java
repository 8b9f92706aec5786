/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** The area of 512 bytes of FXSAVE and FXRSTOR (Intel SDM, "FXSAVE Area"). */
final class FxArea {
	static final int SIZE = 512;
	private static final int INSTRUCTION_POINTER = 8, DATA_POINTER = 16, MXCSR = 24, REGISTERS = 32, XMM = 160;

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
		mmu.write64(at, state.controlWord & 0xffffL | (state.statusWord & 0xffffL) << 16
				| (state.validRegisters & 0xffL) << 32 | (state.opcode & 0x7ffL) << 48);
		boolean wide = i.operandSize() == 64;
		mmu.write64(at + INSTRUCTION_POINTER,
				wide ? state.instructionPointer : state.instructionPointer & 0xffff_ffffL);
		mmu.write64(at + DATA_POINTER, wide ? state.dataPointer : state.dataPointer & 0xffff_ffffL);
		mmu.write64(at + MXCSR, state.mxcsr & 0xffff_ffffL | (long) X87Control.MXCSR_MASK << 32);
		for (int k = 0; k < 8; k++) {
			int physical = state.physical(k);
			mmu.write64(at + REGISTERS + 16 * k, state.significand[physical]);
			mmu.write64(at + REGISTERS + 16 * k + 8, state.signAndExponent[physical] & 0xffff);
		}
		int registers = xmmRegisters(processor, i);
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
		long words = mmu.read64(at);
		long mxcsr = mmu.read32(at + MXCSR);
		if ((mxcsr & ~X87Control.MXCSR_MASK) != 0) {
			throw processor.fault().generalProtection(0);
		}
		state.controlWord = (int) words & 0x1f7f | 0x40;
		state.statusWord = (int) (words >>> 16) & 0xffff;
		state.validRegisters = (int) (words >>> 32) & 0xff;
		state.opcode = (int) (words >>> 48) & 0x7ff;
		state.instructionPointer = mmu.read64(at + INSTRUCTION_POINTER);
		state.dataPointer = mmu.read64(at + DATA_POINTER);
		state.mxcsr = (int) mxcsr;
		for (int k = 0; k < 8; k++) {
			int physical = state.physical(k);
			state.significand[physical] = mmu.read64(at + REGISTERS + 16 * k);
			state.signAndExponent[physical] = (int) mmu.read16(at + REGISTERS + 16 * k + 8);
		}
		X87Control.summarize(state);
		int registers = xmmRegisters(processor, i);
		for (int k = 0; k < 2 * registers; k++) {
			state.xmm[k] = mmu.read64(at + XMM + 8 * k);
		}
	}
}
