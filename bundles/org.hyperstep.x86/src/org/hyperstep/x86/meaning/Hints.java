/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.List;

import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.system.Feature;

/** Instructions without effect on registers and flags: hints, and orders of a memory system that this one never breaks. */
final class Hints {
	private static final Meaning NOTHING = (block, i) -> {
		// nothing to do
	};

	private Hints() {
	}

	static void define(Meanings table) {
		List.of(Mnemonic.NOP, Mnemonic.ENDBR32, Mnemonic.ENDBR64, Mnemonic.PREFETCHNTA, Mnemonic.PREFETCHT0,
				Mnemonic.PREFETCHT1, Mnemonic.PREFETCHT2, Mnemonic.PREFETCH, Mnemonic.PREFETCHW,
				Mnemonic.PREFETCHWT1, Mnemonic.LFENCE, Mnemonic.MFENCE, Mnemonic.SFENCE, Mnemonic.CLDEMOTE)
				.forEach(mnemonic -> table.define(mnemonic, NOTHING));
		// These fault as a load of the byte does.
		Meaning touching = (block, i) -> {
			if (i.operand(0) instanceof Operand.Mem mem) {
				block.load(8, Slots.DISCARD, block.address(mem, 1, false));
			}
		};
		table.define(Mnemonic.CLFLUSH, Feature.CLFSH, touching);
		table.define(Mnemonic.CLFLUSHOPT, Feature.CLFLUSHOPT, touching);
		table.define(Mnemonic.CLWB, Feature.CLWB, touching);
	}
}
