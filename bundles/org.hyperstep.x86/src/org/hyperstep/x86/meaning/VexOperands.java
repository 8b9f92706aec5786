/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.OperandSpec;
import org.hyperstep.x86.decode.OperandSpec.Addressing;
import org.hyperstep.x86.decode.OperandType;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.ExtendedState;

/**
 * The operands of a VEX-encoded vector instruction by their roles, found when its block is built: destination, first
 * source (VEX.vvvv), second source (ModR/M or immediate), third source. Where one is memory, the routine's first argument
 * is its linear address.
 */
final class VexOperands {
	/** Those whose operand in memory must be aligned to its size ("Memory Alignment" of the AVX chapter). */
	private static final Set<Mnemonic> ALIGNED = EnumSet.of(Mnemonic.VMOVAPS, Mnemonic.VMOVAPD, Mnemonic.VMOVDQA,
			Mnemonic.VMOVNTPS, Mnemonic.VMOVNTPD, Mnemonic.VMOVNTDQ, Mnemonic.VMOVNTDQA);

	/** Whether 256 bits are worked on. */
	final boolean wide;
	final Operand destination;
	/** Number of the register that is the first source, or -1. */
	final int first;
	/** The second source. */
	final Operand second;
	/** How many bytes of the second source belong to each lane of 128 bits; 0 where all of it belongs to both. */
	final int portion;
	/** Number of the register that is the third source, or -1. */
	final int third;
	final int immediate;
	private final boolean aligned;

	/** @param firstIsDestination whether the first operand is a source where there is no other first source */
	VexOperands(Instruction i, boolean firstIsDestination) {
		List<OperandSpec> specs = i.form().specs();
		wide = VexFeatures.has256Bits(i);
		destination = i.operand(0);
		boolean shiftByImmediate = specs.get(0).addressing() == Addressing.XMM_VVVV;
		boolean threeOperands = shiftByImmediate
				|| specs.size() > 1 && specs.get(1).addressing() == Addressing.XMM_VVVV;
		int at = threeOperands ? 2 : 1;
		first = threeOperands ? number(i.operand(1)) : firstIsDestination ? number(destination) : -1;
		second = i.operand(at);
		portion = portion(specs.get(at), second);
		third = i.operands().size() == 4 && i.operand(3) instanceof Operand.Reg reg ? reg.register().number() : -1;
		immediate = VectorOperand.immediate(i);
		aligned = ALIGNED.contains(i.mnemonic());
	}

	private static int portion(OperandSpec spec, Operand operand) {
		OperandType type = operand instanceof Operand.Mem ? spec.memoryType() : spec.type();
		return switch (type) {
			case X, QQ -> 16;
			case H -> 8;
			case F -> 4;
			case E -> 2;
			default -> 0;
		};
	}

	static int number(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	static boolean isVector(Operand operand) {
		return operand instanceof Operand.Reg reg
				&& (reg.register().kind() == Register.Kind.XMM || reg.register().kind() == Register.Kind.YMM);
	}

	/** Emits availability, the address of the memory operand, and the routine. */
	static void emit(BlockBuilder block, Instruction i, Routine routine) {
		if (requireAvx(block)) {
			for (int k = 0; k < i.operands().size(); k++) {
				if (i.operand(k) instanceof Operand.Mem mem) {
					int linear = block.temporary();
					block.linearAddress(linear, block.address(mem, Math.max(1, mem.size()), k == 0));
				}
			}
			block.callInline(routine);
		}
	}

	/** Raises #UD or #NM where the vector registers are not available; false if nothing more is to be emitted. */
	static boolean requireAvx(BlockBuilder block) {
		if (block.avxEnabled() && !block.taskSwitched()) {
			return true;
		}
		block.raise(block.avxEnabled() ? Vector.NM : Vector.UD);
		block.end();
		return false;
	}

	// ---- at run time ----

	/** The second source, zero-extended, into {@code to[0]} to {@code to[3]}. */
	void readSecond(Processor processor, long[] to) {
		to[1] = 0;
		to[2] = 0;
		to[3] = 0;
		switch (second) {
			case Operand.Reg reg -> readRegister(processor, reg.register(), to);
			case Operand.Imm imm -> to[0] = imm.value() & 255;
			case Operand.Mem mem -> load(processor, mem.size(), to);
			default -> throw new IllegalStateException(second.toString());
		}
	}

	private static void readRegister(Processor processor, Register register, long[] to) {
		ExtendedState state = processor.state().extended;
		int n = register.number();
		switch (register.kind()) {
			case XMM, YMM -> {
				to[0] = state.xmm[2 * n];
				to[1] = state.xmm[2 * n + 1];
				to[2] = state.ymmUpper[2 * n];
				to[3] = state.ymmUpper[2 * n + 1];
			}
			case GPR32 -> to[0] = processor.state().general[n] & 0xffff_ffffL;
			default -> to[0] = processor.state().general[n];
		}
	}

	private void load(Processor processor, int bytes, long[] to) {
		long linear = processor.argument(0);
		Mmu mmu = processor.mmu();
		if (bytes <= 8) {
			to[0] = mmu.read(linear, bytes);
			return;
		}
		requireAligned(processor, linear, bytes);
		for (int k = 0; k < bytes / 8; k++) {
			to[k] = mmu.read64(linear + 8 * k);
		}
	}

	private void requireAligned(Processor processor, long linear, int bytes) {
		if (aligned && (linear & bytes - 1) != 0) {
			throw processor.fault().raise(Vector.GP, 0, 0);
		}
	}

	/** The destination = the value in {@code from[at]} to {@code from[at + 3]}; bits that it has not are dropped. */
	void write(Processor processor, long[] from, int at) {
		switch (destination) {
			case Operand.Reg reg -> writeRegister(processor, reg.register(), from, at);
			case Operand.Mem mem -> store(processor, mem.size(), from, at);
			default -> throw new IllegalStateException(destination.toString());
		}
	}

	/** Bits of the register above the operand become zero. */
	private static void writeRegister(Processor processor, Register register, long[] from, int at) {
		ExtendedState state = processor.state().extended;
		int n = register.number();
		switch (register.kind()) {
			case YMM -> {
				state.xmm[2 * n] = from[at];
				state.xmm[2 * n + 1] = from[at + 1];
				state.ymmUpper[2 * n] = from[at + 2];
				state.ymmUpper[2 * n + 1] = from[at + 3];
			}
			case XMM -> {
				state.xmm[2 * n] = from[at];
				state.xmm[2 * n + 1] = from[at + 1];
				state.ymmUpper[2 * n] = 0;
				state.ymmUpper[2 * n + 1] = 0;
			}
			case GPR32 -> processor.setGeneral(n, 32, from[at]);
			default -> processor.setGeneral(n, 64, from[at]);
		}
	}

	private void store(Processor processor, int bytes, long[] from, int at) {
		long linear = processor.argument(0);
		Mmu mmu = processor.mmu();
		if (bytes <= 8) {
			mmu.write(linear, bytes, from[at]);
			return;
		}
		requireAligned(processor, linear, bytes);
		mmu.prepareWrite(linear, bytes);
		for (int k = 0; k < bytes / 8; k++) {
			mmu.write64(linear + 8 * k, from[at + k]);
		}
	}
}
