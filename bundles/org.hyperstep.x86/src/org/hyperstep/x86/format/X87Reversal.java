/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/**
 * AT&amp;T's assembler swapped the names of the subtractions and divisions whose destination is not the top of the stack
 * with those of the reversed ones; GNU's keeps to that.
 */
@SuppressWarnings("nls")
final class X87Reversal {

	private X87Reversal() {
	}

	static String name(Instruction instruction, Syntax syntax) {
		boolean swapped = syntax == Syntax.ATT && instruction.opcode() != 0xd8
				&& instruction.operand(0) instanceof Operand.Reg reg && reg.register().kind() == Register.Kind.X87;
		return switch (instruction.mnemonic()) {
			case FSUB -> swapped ? "fsubr" : "fsub";
			case FSUBR -> swapped ? "fsub" : "fsubr";
			case FSUBP -> swapped ? "fsubrp" : "fsubp";
			case FSUBRP -> swapped ? "fsubp" : "fsubrp";
			case FDIV -> swapped ? "fdivr" : "fdiv";
			case FDIVR -> swapped ? "fdiv" : "fdivr";
			case FDIVP -> swapped ? "fdivrp" : "fdivp";
			case FDIVRP -> swapped ? "fdivp" : "fdivrp";
			default -> throw new IllegalArgumentException(instruction.mnemonic() + " has no reversal");
		};
	}
}
