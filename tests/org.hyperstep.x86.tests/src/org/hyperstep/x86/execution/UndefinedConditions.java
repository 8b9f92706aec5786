/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.decode.Mnemonic;

/** Condition codes that an x87 instruction leaves undefined, as bits of the status word. */
final class UndefinedConditions {
	private static final int C1 = 0x200;

	private UndefinedConditions() {
	}

	static int of(Mnemonic mnemonic) {
		return switch (mnemonic) {
			// Intel clears C1, AMD leaves it as it was.
			case FCOMI, FCOMIP, FUCOMI, FUCOMIP -> C1;
			default -> 0;
		};
	}
}
