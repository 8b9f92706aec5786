/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.List;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** Moves of MMX and SSE registers. */
final class VectorMoves {
	private static final long LOWER = 0xffff_ffffL;
	private static final LaneOperation WHOLE = new DirectRoutines.Whole();
	private static final LaneOperation LOW_HALF = lane -> lane.set(lane.bLow, 0);

	private VectorMoves() {
	}

	static void define(Section rows) {
		List.of(Mnemonic.MOVAPS, Mnemonic.MOVAPD, Mnemonic.MOVDQA, Mnemonic.MOVNTPS, Mnemonic.MOVNTPD,
				Mnemonic.MOVNTDQ).forEach(mnemonic -> rows.define(mnemonic, WHOLE));
		List.of(Mnemonic.MOVUPS, Mnemonic.MOVUPD, Mnemonic.MOVDQU)
				.forEach(mnemonic -> rows.unaligned(mnemonic, WHOLE));
		// 32 or 64 bits; the rest of an XMM register becomes zero.
		rows.define(Mnemonic.MOVD, lane -> lane.set(lane.bLow, 0));
		List.of(Mnemonic.MOVQ, Mnemonic.MOVNTQ, Mnemonic.MOVQ2DQ, Mnemonic.MOVDQ2Q)
				.forEach(mnemonic -> rows.define(mnemonic, LOW_HALF));
		rows.byInstruction(Mnemonic.MOVSS, i -> isBetweenRegisters(i)
				? lane -> lane.set(lane.aLow & ~LOWER | lane.bLow & LOWER, lane.aHigh)
				: LOW_HALF);
		rows.byInstruction(Mnemonic.MOVSD,
				i -> isBetweenRegisters(i) ? lane -> lane.set(lane.bLow, lane.aHigh) : LOW_HALF);
		List.of(Mnemonic.MOVLPS, Mnemonic.MOVLPD)
				.forEach(mnemonic -> rows.define(mnemonic, lane -> lane.set(lane.bLow, lane.aHigh)));
		List.of(Mnemonic.MOVHPS, Mnemonic.MOVHPD).forEach(mnemonic -> rows.byInstruction(mnemonic,
				i -> i.operand(0) instanceof Operand.Mem ? lane -> lane.low = lane.bHigh
						: lane -> lane.set(lane.aLow, lane.bLow)));
		rows.define(Mnemonic.MOVHLPS, lane -> lane.set(lane.bHigh, lane.aHigh));
		rows.define(Mnemonic.MOVLHPS, lane -> lane.set(lane.aLow, lane.bLow));
		rows.define(Mnemonic.MOVMSKPS, lane -> lane.low = lane.bLow >>> 31 & 1 | lane.bLow >>> 62 & 2
				| lane.bHigh >>> 29 & 4 | lane.bHigh >>> 60 & 8);
		rows.define(Mnemonic.MOVMSKPD, lane -> lane.low = lane.bLow >>> 63 | lane.bHigh >>> 62 & 2);
		rows.define(Mnemonic.PMOVMSKB, lane -> lane.low = signs(lane.bLow) | signs(lane.bHigh) << 8);
	}

	private static boolean isBetweenRegisters(Instruction i) {
		return i.operands().stream().noneMatch(Operand.Mem.class::isInstance);
	}

	/** The sign bits of eight bytes. */
	static int signs(long value) {
		return (int) ((value & 0x8080_8080_8080_8080L) * 0x0002_0408_1020_4081L >>> 56);
	}
}
