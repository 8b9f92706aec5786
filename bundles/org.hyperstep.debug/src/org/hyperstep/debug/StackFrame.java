/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.Optional;

import org.hyperstep.symbols.SourceLocation;

/**
 * One frame of a CPU's stack. Immutable.
 *
 * @param level     0 for the innermost
 * @param linear    the next instruction in this frame; for callers the return address
 * @param framePointer value of the frame pointer in this frame
 * @param function  name of the function, with the offset into it; empty where no symbol is known
 * @param source    source position of the instruction
 */
public record StackFrame(int level, long linear, long framePointer, String function,
		Optional<SourceLocation> source) {
}
