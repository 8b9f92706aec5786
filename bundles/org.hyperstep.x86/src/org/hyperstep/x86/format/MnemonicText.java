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

	private static final String[] PREDICATES = { "eq", "lt", "le", "unord", "neq", "nlt", "nle", "ord", "eq_uq",
			"nge", "ngt", "false", "neq_oq", "ge", "gt", "true", "eq_os", "lt_oq", "le_oq", "unord_s", "neq_us", "nlt_uq",
			"nle_uq", "ord_s", "eq_us", "nge_uq", "ngt_uq", "false_os", "neq_os", "ge_oq", "gt_oq", "true_us" };
	/** How many of the predicates there are without VEX. */
	private static final int LEGACY_PREDICATES = 8;

	private MnemonicText() {
	}

	static String of(Instruction instruction, Syntax syntax) {
		Mnemonic mnemonic = instruction.mnemonic();
		return switch (mnemonic) {
		case JCC -> "j" + condition(instruction) + BranchHint.of(instruction, syntax);
		case SETCC -> "set" + condition(instruction);
		case CMOVCC -> "cmov" + condition(instruction);
		case JCXZ -> bySize(instruction.addressSize(), "jcxz", "jecxz", "jrcxz") + BranchHint.of(instruction, syntax);
		case LOOP, LOOPE, LOOPNE -> mnemonic.text() + countSize(instruction, syntax) + BranchHint.of(instruction, syntax);
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
		case MOVD, PEXTRD, PINSRD, VMOVD, VPEXTRD, VPINSRD -> quadwordNamed(instruction);
		case PCMPESTRI, PCMPESTRM, VPCMPESTRI, VPCMPESTRM -> mnemonic.text() + (instruction.operandSize() == 64 ? "q" : "");
		case CMPPS, CMPPD, CMPSS, CMPSD, VCMPPS, VCMPPD, VCMPSS, VCMPSD -> comparison(instruction);
		case PCLMULQDQ, VPCLMULQDQ -> carryLess(instruction);
		case FSUB, FSUBR, FSUBP, FSUBRP, FDIV, FDIVR, FDIVP, FDIVRP -> sized(instruction, syntax, X87Reversal.name(instruction, syntax));
		default -> sized(instruction, syntax, mnemonic.text());
		};
	}

	/** The names that end in Q with an operand size of 64. */
	private static String quadwordNamed(Instruction instruction) {
		String name = instruction.mnemonic().text();
		return instruction.operandSize() == 64 ? name.substring(0, name.length() - 1) + "q" : name;
	}

	private static String comparison(Instruction instruction) {
		String name = instruction.mnemonic().text();
		int predicate = namedPredicate(instruction);
		int end = name.length() - 2;
		return predicate < 0 ? name : name.substring(0, end) + PREDICATES[predicate] + name.substring(end);
	}

	private static String carryLess(Instruction instruction) {
		int selected = namedPredicate(instruction);
		String name = instruction.mnemonic().text();
		return selected < 0 ? name
				: name.substring(0, name.length() - 3) + ((selected & 1) == 0 ? "lq" : "hq") + ((selected & 0x10) == 0 ? "lq" : "hq") + "dq";
	}

	/** The immediate that the mnemonic stands for instead of an operand, or -1. */
	static int namedPredicate(Instruction instruction) {
		int last = instruction.operands().size() - 1;
		if (last < 0 || !(instruction.operand(last) instanceof Operand.Imm imm)) {
			return -1;
		}
		int value = (int) imm.value();
		return switch (instruction.mnemonic()) {
		case CMPPS, CMPPD, CMPSS, CMPSD -> value < LEGACY_PREDICATES ? value : -1;
		case VCMPPS, VCMPPD, VCMPSS, VCMPSD -> value < PREDICATES.length ? value : -1;
		case PCLMULQDQ, VPCLMULQDQ -> (value & ~0x11) == 0 ? value : -1;
		default -> -1;
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
