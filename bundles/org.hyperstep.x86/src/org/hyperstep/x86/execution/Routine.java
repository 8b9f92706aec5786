/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;

/**
 * What a rare or complicated instruction does, called by one micro-operation.
 * <p>
 * When it is called RIP is that of the instruction, {@link Processor#nextRip()} that of the one behind it,
 * {@link Processor#retired()} does not count it yet, and {@code state().rflags} is exact and may be changed. Operands
 * that the meaning prepared are {@link Processor#argument(int)}; what it leaves by {@link Processor#result(long)} the
 * meaning stores. A routine that throws GuestFault or VmExit has changed nothing else. A routine that transfers
 * control calls {@link Processor#jump(long)}; otherwise RIP advances by the instruction's length. The block ends behind
 * it, so that modes, segments and translations may be changed freely.
 */
@FunctionalInterface
public interface Routine {
	/** Executes {@code instruction}. */
	void run(Processor processor, Instruction instruction);
}
