/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;

/** Whether the address size shows in the text, so that prefix 67 need not be written. */
final class AddressSizeUse {

	private AddressSizeUse() {
	}

	static boolean usesPrefix(Instruction instruction, Syntax syntax) {
		return switch (instruction.mnemonic()) {
			case JCXZ -> true;
			case LOOP, LOOPE, LOOPNE, MONITOR, MONITORX -> syntax == Syntax.ATT;
			default -> instruction.operands().stream().anyMatch(operand -> showsAddressSize(instruction, operand));
		};
	}

	/** A displacement alone does not tell an address size of 32 from one of 64, nor does an offset in the opcode. */
	private static boolean showsAddressSize(Instruction instruction, Operand operand) {
		return operand instanceof Operand.Mem mem && (mem.base() != null || mem.index() != null
				|| instruction.codeSize() != CodeSize.CODE16
						&& !InstructionFormatter.absentIndex(instruction, mem).isEmpty()
				|| mem.addressSize() == 16 && instruction.modRm() >= 0);
	}
}
