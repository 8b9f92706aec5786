/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** Which operands are written, and in which order. */
final class OperandOrder {

	private static final int[][] FIRST = { {}, { 0 }, { 0, 1 }, { 0, 1, 2 }, { 0, 1, 2, 3 } };

	private OperandOrder() {
	}

	/** The indexes of the operands that are written, destination first. */
	static int[] of(Instruction instruction, Syntax syntax) {
		int count = instruction.operands().size();
		return switch (instruction.mnemonic()) {
			// The operands of these are fixed; binutils does not write them.
			case VMRUN, VMLOAD, VMSAVE, INVLPGA, SKINIT, CLZERO -> FIRST[0];
			case MONITOR, MWAIT, MONITORX, MWAITX -> syntax == Syntax.INTEL ? FIRST[0] : FIRST[count];
			case ROL, ROR, RCL, RCR, SHL, SHR, SAL, SAR ->
				syntax == Syntax.ATT && shiftsByOne(instruction) ? FIRST[1] : FIRST[2];
			case CMPPS, CMPPD, CMPSS, CMPSD, VCMPPS, VCMPPD, VCMPSS, VCMPSD, PCLMULQDQ, VPCLMULQDQ ->
				FIRST[VectorNames.namedPredicate(instruction) < 0 ? count : count - 1];
			default -> FIRST[count];
		};
	}

	/** Whether this is a shift by the constant one, opcodes D0 and D1. */
	static boolean shiftsByOne(Instruction instruction) {
		return instruction.opcode() == 0xd0 || instruction.opcode() == 0xd1;
	}

	/** Whether AT&T syntax, too, writes the operands in Intel's order. */
	static boolean keepsIntelOrder(Instruction instruction) {
		Mnemonic mnemonic = instruction.mnemonic();
		return switch (mnemonic) {
			case ENTER, BOUND, MONITOR, MWAIT, MONITORX, MWAITX -> true;
			default -> instruction.operands().size() == 1 && instruction.operand(0) instanceof Operand.Far;
		};
	}
}
