/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.system.Feature;

/**
 * A row of the table of packed instructions: d = operation(a, b, c), whatever registers or memory these are. The VEX form
 * of an instruction has the row of the legacy one.
 *
 * @param feature    what CPUID must offer for the legacy form
 * @param result     where the result goes
 * @param alignment  whether 16 bytes of memory must be aligned in the legacy form
 * @param floating   whether the operation computes under MXCSR and may raise #XM
 * @param operations gives the operation
 */
record PackedRow(Feature feature, Result result, Alignment alignment, boolean floating,
		LaneOperation.ByInstruction operations) {
	/** Where the result goes. */
	enum Result {
		/** To the first operand: a vector register, a general register (the low half) or memory. */
		FIRST_OPERAND,
		/** The low half holds the status flags; the first operand is the first source. */
		FLAGS
	}

	/** What a memory operand of 16 bytes must be. */
	enum Alignment {
		ALIGNED, ANY
	}

	/** The operation of one instruction. */
	LaneOperation operation(Instruction instruction) {
		return operations.of(instruction);
	}
}
