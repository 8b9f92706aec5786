/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.OperandSpec;
import org.hyperstep.x86.decode.Register;

/** Which bits of a REX prefix show in the text. */
final class RexUse {

	private static final int REX = 0x40;
	private static final int W = 8;
	private static final int R = 4;
	private static final int X = 2;
	private static final int B = 1;

	private RexUse() {
	}

	/** The REX prefix without its idle bits, or 0 if the whole prefix is idle. */
	static int of(Instruction instruction, Syntax syntax) {
		InstructionForm form = instruction.form();
		int used = OperandSizeUse.usesRexW(instruction, syntax) ? W : 0;
		boolean byteRegister = false;
		for (int i = 0; i < form.specs().size(); i++) {
			OperandSpec spec = form.specs().get(i);
			used |= use(instruction, spec, instruction.operand(i));
			byteRegister |= isByteRegister(spec, instruction.operand(i));
		}
		if (form.rexB() == 1) {
			used |= B;
		}
		used &= instruction.rex();
		return used != 0 || byteRegister ? used | REX : 0;
	}

	/** A byte register whose name depends on the presence of REX. */
	private static boolean isByteRegister(OperandSpec spec, Operand operand) {
		if (!(operand instanceof Operand.Reg reg) || reg.register().kind() != Register.Kind.GPR8) {
			return false;
		}
		return spec.addressing() != OperandSpec.Addressing.FIXED && (reg.register().number() & 7) > 3;
	}

	private static int use(Instruction instruction, OperandSpec spec, Operand operand) {
		if (operand instanceof Operand.Mem && isModRm(spec)) {
			return (instruction.modRm() & 7) == 4 && instruction.modRm() < 0xc0 ? X | B : B;
		}
		return switch (spec.addressing()) {
			case REG, CONTROL, DEBUG, XMM_REG -> R;
			case RM, RM_REGISTER, XMM_RM, XMM_RM_REGISTER, OPCODE_REGISTER -> B;
			default -> 0;
		};
	}

	private static boolean isModRm(OperandSpec spec) {
		return switch (spec.addressing()) {
			case RM, MEMORY, XMM_RM, MMX_RM -> true;
			default -> false;
		};
	}
}
