/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;

/** Branch hints: segment prefixes before a conditional branch, which only AT&amp;T syntax writes. */
@SuppressWarnings("nls")
final class BranchHint {

	private static final byte NOT_TAKEN = 0x2e;
	private static final byte TAKEN = 0x3e;

	private BranchHint() {
	}

	static String of(Instruction instruction, Syntax syntax) {
		boolean notTaken = instruction.prefixes().contains(NOT_TAKEN);
		boolean taken = instruction.prefixes().contains(TAKEN);
		if (syntax == Syntax.INTEL || taken == notTaken) {
			return "";
		}
		return taken ? ",pt" : ",pn";
	}
}
