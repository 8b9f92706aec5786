/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** The written mnemonic: sizes, conditions and the names that the two syntaxes do not share. */
@SuppressWarnings("nls")
final class MnemonicText {

	private static final String[] CONDITIONS = { "o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l",
			"ge", "le", "g" };

	private MnemonicText() {
	}

	static String of(Instruction instruction, Syntax syntax) {
		Mnemonic mnemonic = instruction.mnemonic();
		return switch (mnemonic) {
			case JCC -> "j" + condition(instruction) + BranchHint.of(instruction, syntax);
			case SETCC -> "set" + condition(instruction);
			case CMOVCC -> "cmov" + condition(instruction);
			case JCXZ ->
				bySize(instruction.addressSize(), "jcxz", "jecxz", "jrcxz") + BranchHint.of(instruction, syntax);
			case LOOP, LOOPE, LOOPNE ->
				mnemonic.text() + countSize(instruction, syntax) + BranchHint.of(instruction, syntax);
			case CBW -> converted(instruction, syntax, "cbw", "cwde", "cdqe", "cbtw", "cwtl", "cltq");
			case CWD -> converted(instruction, syntax, "cwd", "cdq", "cqo", "cwtd", "cltd", "cqto");
			case CMPXCHG8B -> instruction.operandSize() == 64 ? "cmpxchg16b" : "cmpxchg8b";
			case FXSAVE, FXRSTOR, XSAVE, XRSTOR, XSAVEOPT, XSAVEC, XSAVES, XRSTORS ->
				mnemonic.text() + (instruction.operandSize() == 64 ? "64" : "");
			case SYSRET, SYSEXIT -> mnemonic.text() + returnSize(instruction, syntax);
			case NOP -> nop(instruction, syntax);
			case MOV -> movesWide(instruction) ? "movabs" : sized(instruction, syntax, "mov");
			case CALL_FAR, JMP_FAR -> (syntax == Syntax.ATT ? "l" : "") + sized(instruction, syntax, mnemonic.text());
			case RET_FAR -> sized(instruction, syntax, syntax == Syntax.ATT ? "lret" : "retf");
			case MOVZX, MOVSX -> syntax == Syntax.INTEL ? mnemonic.text() : extension(instruction, mnemonic);
			case MOVSXD -> syntax == Syntax.ATT && instruction.operandSize() == 64 ? "movslq" : mnemonic.text();
			// SAL and SHL are one instruction.
			case SAL -> sized(instruction, syntax, "shl");
			case FSUB, FSUBR, FSUBP, FSUBRP, FDIV, FDIVR, FDIVP, FDIVRP ->
				sized(instruction, syntax, X87Reversal.name(instruction, syntax));
			default -> sized(instruction, syntax, VectorNames.of(instruction));
		};
	}

	private static String sized(Instruction instruction, Syntax syntax, String name) {
		return name + SizeSuffix.of(instruction, syntax);
	}

	/** The mode that SYSRET and SYSEXIT go back to from 64-bit mode. */
	private static String returnSize(Instruction instruction, Syntax syntax) {
		return instruction.codeSize() != CodeSize.CODE64 ? ""
				: String.valueOf(syntax.sizeLetter(instruction.operandSize() == 64 ? 64 : 32));
	}

	private static String condition(Instruction instruction) {
		return CONDITIONS[instruction.condition()];
	}

	private static String bySize(int bits, String word, String doubleword, String quadword) {
		return bits == 16 ? word : bits == 32 ? doubleword : quadword;
	}

	private static String converted(Instruction instruction, Syntax syntax, String... names) {
		int first = syntax == Syntax.INTEL ? 0 : 3;
		return bySize(instruction.operandSize(), names[first], names[first + 1], names[first + 2]);
	}

	/** LOOP counts by address size; AT&T syntax writes a size other than the mode's. */
	private static String countSize(Instruction instruction, Syntax syntax) {
		return syntax == Syntax.INTEL || instruction.addressSize() == instruction.codeSize().bits() ? ""
				: String.valueOf(syntax.sizeLetter(instruction.addressSize()));
	}

	/** 66 90 is written as what it once was. */
	private static String nop(Instruction instruction, Syntax syntax) {
		return isExchange(instruction) ? "xchg" : sized(instruction, syntax, "nop");
	}

	/** Whether this is the one-byte NOP with a 66 prefix. */
	static boolean isExchange(Instruction instruction) {
		return instruction.opcode() == 0x90 && instruction.mnemonic() == Mnemonic.NOP
				&& instruction.prefixes().contains((byte) 0x66);
	}

	/** MOV with a 64-bit immediate or a 64-bit offset. */
	private static boolean movesWide(Instruction instruction) {
		for (Operand operand : instruction.operands()) {
			if (operand instanceof Operand.Imm imm && imm.size() == 64
					|| operand instanceof Operand.Mem mem && mem.displacementSize() == 64) {
				return true;
			}
		}
		return false;
	}

	private static String extension(Instruction instruction, Mnemonic mnemonic) {
		char source = (instruction.opcode() & 1) == 0 ? 'b' : 'w';
		return mnemonic.text().substring(0, 4) + source + Syntax.ATT.sizeLetter(instruction.operandSize());
	}

	/** The operand size that the mode and the row have without a prefix. */
	static int defaultOperandSize(Instruction instruction) {
		InstructionForm form = instruction.form();
		if (instruction.codeSize() != CodeSize.CODE64) {
			return instruction.codeSize().bits();
		}
		return switch (form.sizing()) {
			case DEFAULT_64, FORCED_64, NATIVE -> 64;
			case NORMAL, AT_MOST_32 -> 32;
		};
	}
}
