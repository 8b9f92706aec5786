/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;

/** The letter behind a mnemonic that tells the operand size where no operand does. */
@SuppressWarnings("nls")
final class SizeSuffix {

	private SizeSuffix() {
	}

	static String of(Instruction instruction, Syntax syntax) {
		return switch (instruction.mnemonic()) {
			case RET, RET_FAR, IRET, PUSHF, POPF, PUSHA, POPA, LEAVE, ENTER, PUSH_SREG, POP_SREG ->
				unusual(instruction, syntax);
			case PUSH, POP -> pushed(instruction, syntax);
			case CALL, JMP -> branch(instruction, syntax);
			case CALL_FAR, JMP_FAR -> syntax == Syntax.ATT ? unusual(instruction, syntax) : "";
			case FLDENV, FNSTENV, FNSAVE, FRSTOR -> environment(instruction, syntax);
			case SGDT, SIDT, LGDT, LIDT -> instruction.codeSize() == CodeSize.CODE64 ? ""
					: String.valueOf(syntax.sizeLetter(instruction.operandSize()));
			default -> syntax == Syntax.ATT ? byMemory(instruction) : "";
		};
	}

	private static String unusual(Instruction instruction, Syntax syntax) {
		return instruction.operandSize() == MnemonicText.defaultOperandSize(instruction) ? ""
				: String.valueOf(syntax.sizeLetter(instruction.operandSize()));
	}

	/** The x87 environment has a 16-bit and a 32-bit layout, which AT&T syntax names as it names integers of the x87. */
	private static String environment(Instruction instruction, Syntax syntax) {
		boolean word = instruction.operandSize() == 16;
		if (instruction.operandSize() == 64
				|| instruction.operandSize() == MnemonicText.defaultOperandSize(instruction)) {
			return "";
		}
		return syntax == Syntax.INTEL ? word ? "w" : "d" : word ? "s" : "l";
	}

	/** The stack's operand: a register or, in Intel's syntax, memory tells its size, an immediate does not. */
	private static String pushed(Instruction instruction, Syntax syntax) {
		boolean told = switch (instruction.operand(0)) {
			case Operand.Reg reg -> true;
			case Operand.Mem mem -> syntax == Syntax.INTEL;
			default -> false;
		};
		return told ? "" : unusual(instruction, syntax);
	}

	private static String branch(Instruction instruction, Syntax syntax) {
		boolean shortBranch = instruction.opcode() == 0xeb;
		boolean told = instruction.operand(0) instanceof Operand.Reg
				|| syntax == Syntax.INTEL && instruction.operand(0) instanceof Operand.Mem;
		return told || shortBranch ? "" : unusual(instruction, syntax);
	}

	private static String byMemory(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case MOVS, CMPS, INS, OUTS -> letter(accessed(instruction));
			case ADD, OR, ADC, SBB, AND, SUB, XOR, CMP, TEST, MOV, INC, DEC, NOT, NEG, MUL, IMUL, DIV, IDIV, ROL, ROR,
					RCL, RCR,
					SHL, SHR, SAL, SAR, BT, BTS, BTR, BTC, NOP ->
				hasSizingRegister(instruction) ? "" : letter(accessed(instruction));
			case CRC32 -> letter(accessed(instruction));
			case VCVTPD2PS, VCVTPD2DQ, VCVTTPD2DQ -> vectorLetter(accessed(instruction));
			case CVTSI2SS, CVTSI2SD, VCVTSI2SS, VCVTSI2SD ->
				instruction.codeSize() == CodeSize.CODE64 ? letter(accessed(instruction)) : "";
			case FADD, FSUB, FSUBR, FMUL, FDIV, FDIVR, FCOM, FCOMP, FLD, FST, FSTP -> real(accessed(instruction));
			case FIADD, FISUB, FISUBR, FIMUL, FIDIV, FIDIVR, FICOM, FICOMP, FILD, FIST, FISTP, FISTTP ->
				integer(accessed(instruction));
			default -> "";
		};
	}

	/** Memory of the x87 as real numbers: single, double and extended precision. */
	private static String real(int bytes) {
		return switch (bytes) {
			case 4 -> "s";
			case 8 -> "l";
			case 10 -> "t";
			default -> "";
		};
	}

	/** Memory of the x87 as integers: word, doubleword and quadword. */
	private static String integer(int bytes) {
		return switch (bytes) {
			case 2 -> "s";
			case 4 -> "l";
			case 8 -> "ll";
			default -> "";
		};
	}

	/** A register tells the size unless it is the count of a shift. */
	private static boolean hasSizingRegister(Instruction instruction) {
		boolean countsByCl = instruction.opcode() == 0xd2 || instruction.opcode() == 0xd3;
		return !countsByCl && instruction.operands().stream().anyMatch(Operand.Reg.class::isInstance);
	}

	private static int accessed(Instruction instruction) {
		for (Operand operand : instruction.operands()) {
			if (operand instanceof Operand.Mem mem) {
				return mem.size();
			}
		}
		return 0;
	}

	private static String vectorLetter(int bytes) {
		return bytes == 0 ? "" : bytes == 16 ? "x" : "y";
	}

	private static String letter(int bytes) {
		return bytes == 0 ? "" : String.valueOf(Syntax.ATT.sizeLetter(bytes * 8));
	}
}
