/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.VectorOperand.HIGH;
import static org.hyperstep.x86.meaning.VectorOperand.LOW;

import java.util.List;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.state.CpuState;

/** Moves of MMX and SSE registers. */
final class VectorMoves {
	/** What becomes of a destination register d, given the source s. Halves are low and high. */
	@FunctionalInterface
	private interface Merge {
		void apply(long[] xmm, int d, long[] s);
	}

	private VectorMoves() {
	}

	static void define(Meanings table) {
		List.of(Mnemonic.MOVAPS, Mnemonic.MOVAPD, Mnemonic.MOVDQA, Mnemonic.MOVNTPS, Mnemonic.MOVNTPD, Mnemonic.MOVNTDQ)
				.forEach(mnemonic -> table.define(mnemonic, whole(true)));
		List.of(Mnemonic.MOVUPS, Mnemonic.MOVUPD, Mnemonic.MOVDQU)
				.forEach(mnemonic -> table.define(mnemonic, whole(false)));
		table.define(Mnemonic.MOVD, (block, i) -> VectorOperand.emit(block, i, VectorMoves::moveLow));
		table.define(Mnemonic.MOVQ, (block, i) -> VectorOperand.emit(block, i, VectorMoves::moveLow));
		table.define(Mnemonic.MOVNTQ, (block, i) -> VectorOperand.emit(block, i, VectorMoves::moveLow));
		table.define(Mnemonic.MOVQ2DQ, (block, i) -> VectorOperand.emit(block, i, VectorMoves::moveLow));
		table.define(Mnemonic.MOVDQ2Q, (block, i) -> VectorOperand.emit(block, i, VectorMoves::moveLow));
		table.define(Mnemonic.MOVSS, scalar(4));
		table.define(Mnemonic.MOVSD, scalar(8));
		table.define(Mnemonic.MOVLPS, half(LOW));
		table.define(Mnemonic.MOVLPD, half(LOW));
		table.define(Mnemonic.MOVHPS, half(HIGH));
		table.define(Mnemonic.MOVHPD, half(HIGH));
		table.define(Mnemonic.MOVHLPS, merging((xmm, d, s) -> xmm[d] = s[HIGH]));
		table.define(Mnemonic.MOVLHPS, merging((xmm, d, s) -> xmm[d + 1] = s[LOW]));
		table.define(Mnemonic.MOVMSKPS, mask((low, high) -> (int) (low >>> 31 & 1 | low >>> 62 & 2 | high >>> 29 & 4
				| high >>> 60 & 8)));
		table.define(Mnemonic.MOVMSKPD, mask((low, high) -> (int) (low >>> 63 | high >>> 62 & 2)));
		table.define(Mnemonic.PMOVMSKB, mask((low, high) -> signs(low) | signs(high) << 8));
		table.define(Mnemonic.MASKMOVQ, (block, i) -> maskedStore(block, i));
		table.define(Mnemonic.MASKMOVDQU, (block, i) -> maskedStore(block, i));
	}

	private static Meaning whole(boolean aligned) {
		return (block, i) -> VectorOperand.emit(block, i, (p, instruction) -> {
			VectorOperand.read(p, instruction.operand(1), aligned);
			long[] s = p.scratch();
			if (instruction.operand(0) instanceof Operand.Mem) {
				VectorOperand.store(p, 16, aligned, s[LOW], s[HIGH]);
			} else {
				VectorOperand.writeXmm(p, VectorOperand.number(instruction.operand(0)), s[LOW], s[HIGH]);
			}
		});
	}

	/** The low 32 or 64 bits; the rest of an XMM register becomes zero. */
	private static void moveLow(Processor processor, Instruction i) {
		VectorOperand.read(processor, i.operand(1), false);
		long value = processor.scratch()[LOW];
		Operand to = i.operand(0);
		if (to instanceof Operand.Mem mem) {
			VectorOperand.store(processor, mem.size(), false, value, 0);
		} else if (VectorOperand.isMmx(to)) {
			VectorOperand.writeMmx(processor, VectorOperand.number(to), value);
		} else if (VectorOperand.isXmm(to)) {
			VectorOperand.writeXmm(processor, VectorOperand.number(to), value, 0);
		} else {
			processor.setGeneral(VectorOperand.number(to), i.operandSize() == 64 ? 64 : 32, value);
		}
	}

	/** From memory the rest becomes zero, from a register it stays. */
	private static Meaning scalar(int size) {
		long keep = size == 4 ? 0xffff_ffff_0000_0000L : 0;
		return (block, i) -> VectorOperand.emit(block, i, (p, instruction) -> {
			VectorOperand.read(p, instruction.operand(1), false);
			long value = p.scratch()[LOW];
			if (instruction.operand(0) instanceof Operand.Mem) {
				VectorOperand.store(p, size, false, value, 0);
			} else if (instruction.operand(1) instanceof Operand.Mem) {
				VectorOperand.writeXmm(p, VectorOperand.number(instruction.operand(0)), value, 0);
			} else {
				int d = 2 * VectorOperand.number(instruction.operand(0));
				long[] xmm = p.state().extended.xmm;
				xmm[d] = xmm[d] & keep | value & ~keep;
			}
		});
	}

	private static Meaning half(int which) {
		return (block, i) -> VectorOperand.emit(block, i, (p, instruction) -> {
			VectorOperand.read(p, instruction.operand(1), false);
			long[] s = p.scratch();
			if (instruction.operand(0) instanceof Operand.Mem) {
				VectorOperand.store(p, 8, false, s[which], 0);
			} else {
				p.state().extended.xmm[2 * VectorOperand.number(instruction.operand(0)) + which] = s[LOW];
			}
		});
	}

	private static Meaning merging(Merge merge) {
		return (block, i) -> VectorOperand.emit(block, i, (p, instruction) -> {
			VectorOperand.read(p, instruction.operand(1), true);
			merge.apply(p.state().extended.xmm, 2 * VectorOperand.number(instruction.operand(0)), p.scratch());
		});
	}

	@FunctionalInterface
	private interface Mask {
		int of(long low, long high);
	}

	private static Meaning mask(Mask mask) {
		return (block, i) -> VectorOperand.emit(block, i, (p, instruction) -> {
			VectorOperand.read(p, instruction.operand(1), false);
			p.setGeneral(VectorOperand.number(instruction.operand(0)), 32,
					mask.of(p.scratch()[LOW], p.scratch()[HIGH]));
		});
	}

	/** The sign bits of eight bytes. */
	private static int signs(long value) {
		return (int) ((value & 0x8080_8080_8080_8080L) * 0x0002_0408_1020_4081L >>> 56);
	}

	/** Bytes whose mask has its sign set go to DS:rDI. */
	private static void maskedStore(BlockBuilder block, Instruction i) {
		VectorOperand.emit(block, i, (p, instruction) -> {
			boolean mmx = VectorOperand.isMmx(instruction.operand(0));
			int data = VectorOperand.number(instruction.operand(0));
			VectorOperand.read(p, instruction.operand(1), false);
			long[] xmm = p.state().extended.xmm;
			int mask = signs(p.scratch()[LOW]) | (mmx ? 0 : signs(p.scratch()[HIGH]) << 8);
			long truncation = instruction.addressSize() == 64 ? -1
					: instruction.addressSize() == 32 ? 0xffff_ffffL : 0xffff;
			for (int k = 0; k < 16; k++) {
				if ((mask >> k & 1) != 0) {
					long half = mmx ? p.state().extended.significand[data] : xmm[2 * data + (k >> 3)];
					long offset = p.state().general[CpuState.RDI] + k & truncation;
					p.mmu().write8(p.segments().linear(segment(instruction), offset, 1, true), half >>> 8 * (k & 7));
				}
			}
		});
	}

	private static int segment(Instruction i) {
		for (byte prefix : i.prefixes()) {
			if (prefix == 0x64) {
				return CpuState.FS;
			}
			if (prefix == 0x65) {
				return CpuState.GS;
			}
		}
		return CpuState.DS;
	}
}
