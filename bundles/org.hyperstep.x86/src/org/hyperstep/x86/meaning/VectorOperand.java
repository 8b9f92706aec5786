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
 * One operand of an MMX or SSE instruction, made when its block is built. Where it is memory, the routine's first
 * argument is its linear address.
 *
 * @param kind   what it is
 * @param number the register's number, or the immediate
 * @param bytes  size of the operand: of memory accessed, of the general register
 */
record VectorOperand(Kind kind, int number, int bytes) {
	/** Kinds of operands. */
	enum Kind {
		XMM, MMX, GENERAL, IMMEDIATE,
		/** Memory; 16 bytes of {@link #ALIGNED_MEMORY} must be aligned. */
		MEMORY, ALIGNED_MEMORY
	}

	static boolean isMmx(Operand operand) {
		return operand instanceof Operand.Reg reg && reg.register().kind() == Register.Kind.MMX;
	}

	static boolean isXmm(Operand operand) {
		return operand instanceof Operand.Reg reg && reg.register().kind() == Register.Kind.XMM;
	}

	static boolean hasMmx(Instruction i) {
		return i.operands().stream().anyMatch(VectorOperand::isMmx);
	}

	static int number(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	/** The last operand's 8 bits if it is an immediate, else 0. */
	static int immediate(Instruction i) {
		return i.operand(i.operands().size() - 1) instanceof Operand.Imm imm ? (int) imm.value() & 255 : 0;
	}

	/** @param aligned whether 16 bytes of memory must be aligned */
	static VectorOperand of(Operand operand, boolean aligned) {
		return switch (operand) {
			case Operand.Reg reg -> switch (reg.register().kind()) {
				case XMM -> new VectorOperand(Kind.XMM, reg.register().number(), 16);
				case MMX -> new VectorOperand(Kind.MMX, reg.register().number(), 8);
				case GPR32 -> new VectorOperand(Kind.GENERAL, reg.register().number(), 4);
				case GPR64 -> new VectorOperand(Kind.GENERAL, reg.register().number(), 8);
				default -> throw new IllegalArgumentException(reg.toString());
			};
			case Operand.Imm imm -> new VectorOperand(Kind.IMMEDIATE, (int) imm.value() & 255, 1);
			case Operand.Mem mem -> new VectorOperand(
					aligned && mem.size() == 16 ? Kind.ALIGNED_MEMORY : Kind.MEMORY, 0, mem.size());
			default -> throw new IllegalArgumentException(operand.toString());
		};
	}

	/** Emits availability, the address of the memory operand, and the routine. */
	static void emit(BlockBuilder block, Instruction i, Routine routine) {
		if (i.operands().stream().anyMatch(VectorOperand::isXmm)) {
			X87Control.requireSse(block);
		} else {
			X87Control.requireMmx(block);
		}
		for (int k = 0; k < i.operands().size(); k++) {
			if (i.operand(k) instanceof Operand.Mem mem) {
				int linear = block.temporary();
				if (!block.longMode() && hasMmx(i)) {
					// Before the checks of the segment.
					block.callInline((p, instruction) -> X87Control.raisePending(p));
				}
				block.linearAddress(linear, block.address(mem, Math.max(1, mem.size()), k == 0));
			}
		}
		block.callInline(routine);
	}

	/** All tags valid, top of stack 0 ("The Effect of MMX Instructions on the x87 FPU Tag Word"). */
	static void enterMmx(ExtendedState state) {
		state.validRegisters = 0xff;
		state.statusWord &= ~0x3800;
	}

	/** Whether this is an XMM or MMX register. */
	boolean isVector() {
		return kind == Kind.XMM || kind == Kind.MMX;
	}

	/** The lane's first source, and result, = this vector register. */
	void readFirst(ExtendedState state, VectorLane lane) {
		if (kind == Kind.XMM) {
			lane.low = lane.aLow = state.xmm[2 * number];
			lane.high = lane.aHigh = state.xmm[2 * number + 1];
		} else {
			lane.low = lane.aLow = state.significand[number];
			lane.high = lane.aHigh = 0;
		}
	}

	/** The lane's second source = this operand, zero-extended. */
	void readSecond(Processor processor, VectorLane lane) {
		lane.bHigh = 0;
		switch (kind) {
			case XMM -> {
				long[] xmm = processor.state().extended.xmm;
				lane.bLow = xmm[2 * number];
				lane.bHigh = xmm[2 * number + 1];
			}
			case MMX -> lane.bLow = processor.state().extended.significand[number];
			case GENERAL -> {
				long value = processor.state().general[number];
				lane.bLow = bytes == 4 ? value & 0xffff_ffffL : value;
			}
			case IMMEDIATE -> lane.bLow = number;
			case MEMORY -> load(processor, lane, false);
			case ALIGNED_MEMORY -> load(processor, lane, true);
		}
	}

	private void load(Processor processor, VectorLane lane, boolean aligned) {
		long linear = processor.argument(0);
		Mmu mmu = processor.mmu();
		if (bytes == 16) {
			requireAligned(processor, linear, aligned);
			lane.bLow = mmu.read64(linear);
			lane.bHigh = mmu.read64(linear + 8);
		} else {
			lane.bLow = mmu.read(linear, bytes);
		}
	}

	/** This operand = the value: a register, or memory; a general register takes the low half. */
	void write(Processor processor, long low, long high) {
		switch (kind) {
			case XMM -> writeXmm(processor, number, low, high);
			case MMX -> writeMmx(processor, number, low);
			case GENERAL -> processor.setGeneral(number, 8 * bytes, low);
			case MEMORY -> store(processor, low, high, false);
			case ALIGNED_MEMORY -> store(processor, low, high, true);
			case IMMEDIATE -> throw new IllegalStateException();
		}
	}

	private void store(Processor processor, long low, long high, boolean aligned) {
		long linear = processor.argument(0);
		Mmu mmu = processor.mmu();
		if (bytes == 16) {
			requireAligned(processor, linear, aligned);
			mmu.prepareWrite(linear, 16);
			mmu.write64(linear, low);
			mmu.write64(linear + 8, high);
		} else {
			mmu.write(linear, bytes, low);
		}
	}

	private static void requireAligned(Processor processor, long linear, boolean aligned) {
		if (aligned && (linear & 15) != 0) {
			throw processor.fault().raise(Vector.GP, 0, 0);
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
