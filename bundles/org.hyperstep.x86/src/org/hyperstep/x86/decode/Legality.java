/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Whether a byte sequence is an instruction, and if not, what a processor makes of it. */
public enum Legality {
	/** A whole, defined encoding. */
	LEGAL,
	/** No such instruction in this mode, or LOCK where it is not allowed: invalid-opcode exception (#UD). */
	UNDEFINED,
	/** More than 15 bytes: general-protection exception (#GP). */
	TOO_LONG,
	/** The bytes at hand end before the instruction does; with more bytes it may become anything else. */
	TRUNCATED
}
