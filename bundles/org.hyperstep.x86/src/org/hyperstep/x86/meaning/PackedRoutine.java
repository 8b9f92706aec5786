/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.ExtendedState;

/** Executes the legacy form of a packed instruction: the first operand is both destination and first source. */
final class PackedRoutine implements Routine {
	private final LaneOperation operation;
	private final VectorOperand destination;
	private final VectorOperand source;
	private final int immediate;
	private final boolean mmx;
	private final boolean flags;
	private final boolean readsFirst;
	private final boolean readsXmm0;
	private final boolean floating;

	private PackedRoutine(Instruction i, PackedRow row, LaneOperation operation) {
		boolean aligned = row.alignment() == PackedRow.Alignment.ALIGNED;
		this.operation = operation;
		destination = VectorOperand.of(i.operand(0), aligned);
		source = VectorOperand.of(i.operand(i.operands().size() > 1 ? 1 : 0), aligned);
		immediate = VectorOperand.immediate(i);
		mmx = VectorOperand.hasMmx(i);
		flags = row.result() == PackedRow.Result.FLAGS;
		readsFirst = flags || destination.isVector();
		readsXmm0 = i.operands().size() == 3 && i.operand(2) instanceof Operand.Reg;
		floating = row.floating();
	}

	static void emit(BlockBuilder block, Instruction i, PackedRow row) {
		LaneOperation operation = row.operation(i);
		Routine direct = DirectRoutines.of(i, row, operation);
		VectorOperand.emit(block, i, direct != null ? direct : new PackedRoutine(i, row, operation));
	}

	@Override
	public void run(Processor processor, Instruction instruction) {
		VectorLane lane = processor.lane();
		ExtendedState state = processor.state().extended;
		if (mmx) {
			X87Control.raisePending(processor);
		}
		source.readSecond(processor, lane);
		if (readsFirst) {
			destination.readFirst(state, lane);
		}
		if (readsXmm0) {
			lane.cLow = state.xmm[0];
			lane.cHigh = state.xmm[1];
		}
		lane.bytes = mmx ? 8 : 16;
		lane.immediate = immediate;
		if (mmx && floating) {
			// Also where the arithmetic then raises #XM.
			VectorOperand.enterMmx(state);
		}
		if (floating) {
			lane.unit.begin(state.mxcsr);
			operation.apply(lane);
			MxcsrExceptions.raise(processor, lane.unit);
		} else {
			operation.apply(lane);
		}
		if (flags) {
			Flags.set(processor.state().general, lane.low);
		} else {
			destination.write(processor, lane.low, lane.high);
		}
		if (mmx) {
			VectorOperand.enterMmx(state);
		}
	}
}
