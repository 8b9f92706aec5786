/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** MASKMOVQ and MASKMOVDQU: bytes whose mask has its sign set go to DS:rDI. */
final class MaskedStores {
	private MaskedStores() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.MASKMOVQ, MaskedStores::emit);
		table.define(Mnemonic.MASKMOVDQU, MaskedStores::emit);
	}

	static void emit(BlockBuilder block, Instruction i) {
		VectorOperand.emit(block, i, routine(i));
	}

	/** The store itself. */
	static Routine routine(Instruction i) {
		boolean mmx = VectorOperand.hasMmx(i);
		VectorOperand data = VectorOperand.of(i.operand(0), true);
		VectorOperand mask = VectorOperand.of(i.operand(1), true);
		return (p, instruction) -> {
			ExtendedState state = p.state().extended;
			if (mmx) {
				X87Control.raisePending(p);
			}
			data.readFirst(state, p.lane());
			mask.readSecond(p, p.lane());
			store(p, instruction, p.lane());
			if (mmx) {
				VectorOperand.enterMmx(state);
			}
		};
	}

	private static void store(Processor p, Instruction i, VectorLane lane) {
		int mask = VectorMoves.signs(lane.bLow) | VectorMoves.signs(lane.bHigh) << 8;
		long truncation = -1L >>> 64 - i.addressSize();
		int segment = i.implicitSegment();
		for (int k = 0; k < 16; k++) {
			if ((mask >> k & 1) != 0) {
				long half = k < 8 ? lane.aLow : lane.aHigh;
				long offset = p.state().general[CpuState.RDI] + k & truncation;
				p.mmu().write8(p.segments().linear(segment, offset, 1, true), half >>> 8 * (k & 7));
			}
		}
	}
}
