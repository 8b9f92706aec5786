/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.List;

import org.hyperstep.x86.decode.Mnemonic;

/** String instructions: all of them are the string unit's. */
final class StringOps {
	private StringOps() {
	}

	static void define(Meanings table) {
		List.of(Mnemonic.MOVS, Mnemonic.CMPS, Mnemonic.STOS, Mnemonic.LODS, Mnemonic.SCAS, Mnemonic.INS, Mnemonic.OUTS)
				.forEach(mnemonic -> table.define(mnemonic,
						(block, i) -> block
								.call((processor, instruction) -> processor.strings().execute(instruction))));
	}
}
