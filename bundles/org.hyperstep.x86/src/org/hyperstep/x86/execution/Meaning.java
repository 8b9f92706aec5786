/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.decode.Instruction;

/** Defines one instruction by the micro-operations it appends to the block that is being built. */
@FunctionalInterface
public interface Meaning {
	/** Appends the micro-operations of {@code instruction}. Effects on registers and flags come after all that can fault. */
	void emit(BlockBuilder block, Instruction instruction);
}
