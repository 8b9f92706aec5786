/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;

/** Whether the address size shows in the text, so that prefix 67 need not be written. */
final class AddressSizeUse {

	private AddressSizeUse() {
	}

	static boolean usesPrefix(Instruction instruction, Syntax syntax) {
		return switch (instruction.mnemonic()) {
		case JCXZ, LOOP, LOOPE, LOOPNE -> true;
		case MONITOR, MONITORX -> syntax == Syntax.ATT;
		default -> instruction.operands().stream().anyMatch(AddressSizeUse::showsAddressSize);
		};
	}

	/** A bare displacement looks the same whatever the address size. */
	private static boolean showsAddressSize(Operand operand) {
		return operand instanceof Operand.Mem mem && (mem.base() != null || mem.index() != null || mem.scale() != 1);
	}
}
