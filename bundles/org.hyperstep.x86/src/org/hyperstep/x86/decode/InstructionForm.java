/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.List;

/**
 * One row of the instruction table: an encoding and what it stands for. Immutable.
 *
 * @param mnemonic        the instruction
 * @param opcode          opcode map in bits 15:8 and opcode byte in bits 7:0, as in {@link Instruction#opcode()}
 * @param count           how many opcodes from there on the row covers, 1 to 16
 * @param prefixes        mandatory prefixes that select the row, a set of {@link #NO_PREFIX} and so on; 0 for any
 * @param extension       value of the reg field of ModR/M, or -1 for any
 * @param mod             what the mod field of ModR/M must be
 * @param modRm           the whole ModR/M byte, or -1 for any
 * @param validity        the modes that have the instruction
 * @param sizing          how the operand size comes about
 * @param rexB            value of REX.B that the row wants, or -1
 * @param rexW            value of REX.W (VEX.W) that the row wants, or -1
 * @param vectorLength    value of VEX.L that the row wants, or -1
 * @param lockable        whether LOCK is allowed with a destination in memory
 * @param repetition      what the prefixes F2 and F3 do
 * @param specs           operands, destination first
 */
public record InstructionForm(Mnemonic mnemonic, int opcode, int count, int prefixes, int extension, Mod mod, int modRm,
		Validity validity, Sizing sizing, int rexB, int rexW, int vectorLength, boolean lockable,
		Repetition repetition, List<OperandSpec> specs) {

	/** The row of what is no instruction. */
	public static final InstructionForm NONE = new InstructionForm(Mnemonic.INVALID, 0, 0, 0, -1, Mod.ANY, -1,
			Validity.EVERYWHERE, Sizing.NORMAL, -1, -1, -1, false, Repetition.NONE, List.of());

	/** Members of {@link #prefixes()}. */
	public static final int NO_PREFIX = 1;
	public static final int PREFIX_66 = 2;
	public static final int PREFIX_F3 = 4;
	public static final int PREFIX_F2 = 8;

	/** Constraint on the mod field. */
	public enum Mod {
		ANY, MEMORY, REGISTER
	}

	/** Modes in which the row exists. */
	public enum Validity {
		EVERYWHERE, NOT_IN_64_BIT_MODE, ONLY_IN_64_BIT_MODE
	}

	/** How the effective operand size comes about. */
	public enum Sizing {
		/** Mode, prefix 66, REX.W. */
		NORMAL,
		/** Default 64 in 64-bit mode; prefix 66 makes it 16. */
		DEFAULT_64,
		/** Always 64 in 64-bit mode. */
		FORCED_64,
		/** REX.W has no effect. */
		AT_MOST_32,
		/** 64 in 64-bit mode, else 32; prefix 66 has no effect. */
		NATIVE
	}

	/** What the prefixes F2 and F3 do. */
	public enum Repetition {
		/** Nothing, or they select the row. */
		NONE,
		/** Repeat by the count register. */
		COUNT,
		/** Repeat by the count register while ZF is set (F3) or clear (F2). */
		COMPARE
	}

	/** Whether the encoding has a ModR/M byte. */
	boolean hasModRm() {
		if (extension >= 0 || modRm >= 0 || mod != Mod.ANY) {
			return true;
		}
		for (OperandSpec spec : specs) {
			if (spec.needsModRm()) {
				return true;
			}
		}
		return false;
	}

	/** Whether prefix 66 selects the row and so has no part in the operand size. */
	public boolean consumesOperandSizePrefix() {
		return prefixes == PREFIX_66;
	}

	/** Whether this is the form of an instruction with operands of 8 bits. */
	boolean isByteForm() {
		for (OperandSpec spec : specs) {
			switch (spec.addressing()) {
				case IMMEDIATE, SIGNED_IMMEDIATE, ONE, RELATIVE, FAR:
					continue;
				case FIXED:
					if (spec.fixed() == Register.DX) {
						continue;
					}
					return spec.type() == OperandType.B;
				case XMM_REG, XMM_RM, MMX_REG, MMX_RM, XMM_VVVV:
					return false;
				default:
					return spec.memoryType() == OperandType.B && spec.type() == OperandType.B;
			}
		}
		return false;
	}

	/** Whether the row asks for these: mandatory prefix 0 (none) to 3 (F2), a ModR/M byte, REX.B, REX.W, VEX.L. */
	boolean accepts(int prefix, int modRmByte, int b, int w, int l) {
		return (prefixes == 0 || (prefixes >> prefix & 1) != 0) && (rexB < 0 || rexB == b) && (rexW < 0 || rexW == w)
				&& (vectorLength < 0 || vectorLength == l) && acceptsModRm(modRmByte);
	}

	private boolean acceptsModRm(int modRmByte) {
		boolean register = modRmByte >= 0xc0;
		return (modRm < 0 || modRm == modRmByte) && (extension < 0 || extension == (modRmByte >> 3 & 7))
				&& (mod == Mod.ANY || (mod == Mod.REGISTER) == register);
	}

	/** How narrowly the row constrains ModR/M; the narrower of two rows wins. */
	int specificity() {
		return modRm >= 0 ? 3 : (extension >= 0 ? 1 : 0) + (mod != Mod.ANY ? 1 : 0);
	}
}
