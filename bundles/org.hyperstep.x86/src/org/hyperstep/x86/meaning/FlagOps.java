/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.CLC;
import static org.hyperstep.x86.decode.Mnemonic.CLD;
import static org.hyperstep.x86.decode.Mnemonic.CMC;
import static org.hyperstep.x86.decode.Mnemonic.LAHF;
import static org.hyperstep.x86.decode.Mnemonic.SAHF;
import static org.hyperstep.x86.decode.Mnemonic.STC;
import static org.hyperstep.x86.decode.Mnemonic.STD;
import static org.hyperstep.x86.state.CpuState.RAX;

import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.state.CpuState;

/** Instructions that change status flags and DF only. */
final class FlagOps {
	private static final long IN_AH = CpuState.SF | CpuState.ZF | CpuState.AF | CpuState.PF | CpuState.CF;

	private FlagOps() {
	}

	static void define(Meanings table) {
		table.define(CLC, (block, i) -> carry(block, MicroOp.CLC));
		table.define(STC, (block, i) -> carry(block, MicroOp.STC));
		table.define(CMC, (block, i) -> carry(block, MicroOp.CMC));
		table.define(CLD, (block, i) -> block.callInline((p, instruction) -> p.state().rflags &= ~CpuState.DF));
		table.define(STD, (block, i) -> block.callInline((p, instruction) -> p.state().rflags |= CpuState.DF));
		table.define(LAHF, (block, i) -> block.callInline((p, instruction) -> {
			long[] g = p.state().general;
			g[RAX] = g[RAX] & ~0xff00L | (Flags.get(g) & IN_AH | 2) << 8;
		}));
		table.define(SAHF, (block, i) -> block.callInline((p, instruction) -> {
			long[] g = p.state().general;
			Flags.set(g, Flags.get(g) & ~IN_AH | g[RAX] >> 8 & IN_AH);
		}));
	}

	private static void carry(BlockBuilder block, int operation) {
		block.put(operation, Slots.DISCARD, 0, Slots.ZERO, 0, 0, 0);
	}
}
