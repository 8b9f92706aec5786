/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.ExtendedState;

/**
 * Operands of MMX and SSE instructions. Values of up to 128 bits go through the processor's scratch: the source in
 * {@link #LOW} and {@link #HIGH}. A routine's first argument is the linear address of the memory operand, if there is one.
 */
final class VectorOperand {
	/** Indices in the scratch of the source's halves. */
	static final int LOW = 0, HIGH = 1;

	private VectorOperand() {
	}

	static boolean isMmx(Operand operand) {
		return operand instanceof Operand.Reg reg && reg.register().kind() == Register.Kind.MMX;
	}

	static boolean isXmm(Operand operand) {
		return operand instanceof Operand.Reg reg && reg.register().kind() == Register.Kind.XMM;
	}

	static int number(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	/** Emits availability, the address of the memory operand, and the routine. */
	static void emit(BlockBuilder block, Instruction i, Routine routine) {
		boolean mmx = i.operands().stream().anyMatch(VectorOperand::isMmx);
		if (i.operands().stream().anyMatch(VectorOperand::isXmm)) {
			X87Control.requireSse(block);
		} else {
			X87Control.requireMmx(block);
		}
		for (int k = 0; k < i.operands().size(); k++) {
			if (i.operand(k) instanceof Operand.Mem mem) {
				int linear = block.temporary();
				block.linearAddress(linear, block.address(mem, Math.max(1, mem.size()), k == 0));
			}
		}
		block.callInline(mmx ? (p, instruction) -> {
			X87Control.raisePending(p);
			routine.run(p, instruction);
			enterMmx(p.state().extended);
		} : routine);
	}

	/** All tags valid, top of stack 0 ("The Effect of MMX Instructions on the x87 FPU Tag Word"). */
	private static void enterMmx(ExtendedState state) {
		state.validRegisters = 0xff;
		state.statusWord &= ~0x3800;
	}

	private static void requireAligned(Processor processor, long linear) {
		if ((linear & 15) != 0) {
			throw processor.fault().raise(Vector.GP, 0, 0);
		}
	}

	/** Reads an operand (a byte, if immediate) into the scratch, zero-extended; memory of 16 bytes must be aligned unless said otherwise. */
	static void read(Processor processor, Operand operand, boolean aligned) {
		long[] to = processor.scratch();
		ExtendedState state = processor.state().extended;
		to[HIGH] = 0;
		if (operand instanceof Operand.Reg reg) {
			int n = reg.register().number();
			switch (reg.register().kind()) {
				case XMM -> {
					to[LOW] = state.xmm[2 * n];
					to[HIGH] = state.xmm[2 * n + 1];
				}
				case MMX -> to[LOW] = state.significand[n];
				case GPR32 -> to[LOW] = processor.state().general[n] & 0xffff_ffffL;
				default -> to[LOW] = processor.state().general[n];
			}
		} else if (operand instanceof Operand.Imm imm) {
			to[LOW] = imm.value() & 0xff;
		} else if (operand instanceof Operand.Mem mem) {
			long linear = processor.argument(0);
			Mmu mmu = processor.mmu();
			if (mem.size() == 16) {
				if (aligned) {
					requireAligned(processor, linear);
				}
				long low = mmu.read64(linear);
				to[HIGH] = mmu.read64(linear + 8);
				to[LOW] = low;
			} else {
				to[LOW] = mmu.read(linear, mem.size());
			}
		}
	}

	/** Writes 16 bytes of memory, or fewer from the low half. */
	static void store(Processor processor, int size, boolean aligned, long low, long high) {
		long linear = processor.argument(0);
		Mmu mmu = processor.mmu();
		if (size == 16) {
			if (aligned) {
				requireAligned(processor, linear);
			}
			mmu.prepareWrite(linear, 16);
			mmu.write64(linear, low);
			mmu.write64(linear + 8, high);
		} else {
			mmu.write(linear, size, low);
		}
	}

	/** Writes an MMX register, whose sign and exponent become ones. */
	static void writeMmx(Processor processor, int number, long value) {
		ExtendedState state = processor.state().extended;
		state.significand[number] = value;
		state.signAndExponent[number] = 0xffff;
	}

	static void writeXmm(Processor processor, int number, long low, long high) {
		processor.state().extended.xmm[2 * number] = low;
		processor.state().extended.xmm[2 * number + 1] = high;
	}
}
