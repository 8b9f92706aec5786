/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

/**
 * What the slots of {@code CpuState.general} behind the general registers hold while micro-operations run. None of
 * them carries a value from one instruction to the next but the two of the lazy flags.
 */
public final class Slots {
	/** Temporaries of one instruction: slots 16 to 23. A routine's arguments and result are the first of them. */
	public static final int TEMPORARY = 16, TEMPORARIES = 8;
	/** Always zero. */
	public static final int ZERO = 24;
	/** Written by operations whose result nobody wants. */
	public static final int DISCARD = 25;
	/** RIP of the first instruction of the block that executes. */
	public static final int BLOCK_RIP = 26;
	/** Lazy flags: the result, sign-extended from its width. See {@link Flags}. */
	public static final int RESULT = 27;
	/** Lazy flags: the carries, aligned to bit 63. See {@link Flags}. */
	public static final int CARRIES = 28;

	private Slots() {
	}
}
