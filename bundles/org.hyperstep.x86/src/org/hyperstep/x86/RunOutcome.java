/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86;

/** Why {@link Processor#run()} or {@link Processor#emulateOne()} came back. */
public enum RunOutcome {
	/** {@link Processor#emulateOne()} alone: the instruction, or one iteration of a repeated one, was executed. */
	EXECUTED,
	/** The guest left to the context that entered it; the context holds the exit's information. */
	VM_EXIT,
	/** Plain operation: the deadline was reached, or the host interrupt was asserted. */
	HOST_INTERRUPT,
	/** Before the instruction at RIP, which the observer marked; nothing was changed. */
	OBSERVED,
	/** Plain operation: HLT was executed and no event is deliverable. */
	HALTED,
	/** Plain operation: an exception during the delivery of #DF (shutdown). */
	SHUTDOWN,
	/**
	 * {@link Processor#emulateOne()} alone: the instruction raised the fault in {@link Processor#fault()}, which was not
	 * delivered. RIP is that of the instruction and nothing else was changed.
	 */
	FAULT
}
