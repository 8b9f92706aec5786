/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionForm.Sizing;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.OperandSpec;
import org.hyperstep.x86.decode.OperandType;

/** Whether the operand size shows in the text, so that prefix 66 and REX.W need not be written. */
final class OperandSizeUse {

	private OperandSizeUse() {
	}

	/** Whether prefix 66 has an effect that the text shows. */
	static boolean usesPrefix(Instruction instruction) {
		InstructionForm form = instruction.form();
		if (form.consumesOperandSizePrefix()) {
			return false;
		}
		boolean longMode = instruction.codeSize() == CodeSize.CODE64;
		if (longMode && (form.sizing() == Sizing.FORCED_64 || form.sizing() == Sizing.NATIVE)) {
			return false;
		}
		boolean overruled = (instruction.rex() & 8) != 0;
		return !overruled && (hasImpliedSize(instruction) || hasOperandOf(instruction, form, false));
	}

	/** Whether REX.W has an effect that the text shows. */
	static boolean usesRexW(Instruction instruction, Syntax syntax) {
		if (syntax == Syntax.INTEL
				&& (instruction.mnemonic() == Mnemonic.CALL_FAR || instruction.mnemonic() == Mnemonic.JMP_FAR)) {
			return false;
		}
		InstructionForm form = instruction.form();
		if (form.sizing() != Sizing.NORMAL) {
			return false;
		}
		return form.rexW() == 1 || hasImpliedSize(instruction) || isWideByRexW(instruction)
				|| hasOperandOf(instruction, form, true);
	}

	private static boolean hasImpliedSize(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case CBW, CWD, RET, RET_FAR, IRET, PUSHF, POPF, PUSHA, POPA, LEAVE, ENTER, PUSH_SREG, POP_SREG, PUSH, SGDT,
					SIDT, LGDT,
					LIDT ->
				true;
			case FLDENV, FNSTENV, FNSAVE, FRSTOR -> (instruction.rex() & 8) == 0;
			case NOP -> instruction.opcode() == 0x90 && MnemonicText.isExchange(instruction);
			default -> false;
		};
	}

	private static boolean isWideByRexW(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case SYSRET, SYSEXIT, FXSAVE, FXRSTOR, XSAVE, XRSTOR, XSAVEOPT, XSAVEC, XSAVES, XRSTORS, PCMPESTRI,
					PCMPESTRM ->
				true;
			default -> false;
		};
	}

	private static boolean hasOperandOf(Instruction instruction, InstructionForm form, boolean rexW) {
		for (int i = 0; i < form.specs().size(); i++) {
			OperandSpec spec = form.specs().get(i);
			OperandType type = instruction.operand(i) instanceof Operand.Mem ? spec.memoryType() : spec.type();
			switch (type) {
				case V, Z, P, A:
					return spec.addressing() != OperandSpec.Addressing.ADDRESS_ACCUMULATOR;
				case Y, YY:
					if (rexW) {
						return true;
					}
					break;
				default:
			}
		}
		return false;
	}
}
