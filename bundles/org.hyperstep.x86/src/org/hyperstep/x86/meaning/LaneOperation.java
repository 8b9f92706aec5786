/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;

/** What a packed instruction does with 128 bits of its sources: sets {@code low} and {@code high} of the lane. */
@FunctionalInterface
interface LaneOperation {
	/** Computes the result from sources and immediate. */
	void apply(VectorLane lane);

	/** The operation of an instruction whose operands, or predicate, decide what it is. */
	@FunctionalInterface
	interface ByInstruction {
		/** Called while a block is built. */
		LaneOperation of(Instruction instruction);
	}
}
