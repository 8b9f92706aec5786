/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** What one step is. */
public enum StepKind {
	/** One instruction, into calls. */
	INSTRUCTION_INTO,
	/** One instruction; a CALL, INT n or repeated string instruction as a whole. */
	INSTRUCTION_OVER,
	/** To the next source line, into functions that have line information. */
	LINE_INTO,
	/** To the next source line of this function or its caller. */
	LINE_OVER,
	/** Until the present function has returned. */
	RETURN
}
