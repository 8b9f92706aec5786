/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Default operand and address size of the current code segment: CS.D and CS.L. */
public enum CodeSize {
	/** Real mode, virtual-8086 mode and 16-bit protected mode. */
	CODE16(16),
	/** 32-bit protected mode and compatibility mode. */
	CODE32(32),
	/** 64-bit mode. */
	CODE64(64);

	private final int bits;

	CodeSize(int bits) {
		this.bits = bits;
	}

	/** Width of the instruction pointer in bits: 16, 32 or 64. */
	public int bits() {
		return bits;
	}
}
