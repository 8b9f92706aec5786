/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import org.eclipse.jdt.annotation.Nullable;

/** An explicit operand of a decoded instruction, destination first as in Intel's manual. Immutable. */
public sealed interface Operand {

	/** A register. */
	record Reg(Register register) implements Operand {
	}

	/**
	 * A memory operand.
	 *
	 * @param segment      the segment in effect: the override, or the default of the base register
	 * @param overridden   whether a prefix named the segment
	 * @param base         the base register of the address size, RIP or EIP for RIP-relative addresses, or null
	 * @param index        the index register, or null
	 * @param scale        1, 2, 4 or 8; without an index it is encoded all the same but has no meaning
	 * @param displacement sign-extended displacement; relative to the next instruction where the base is RIP
	 * @param displacementSize width of the encoded displacement in bits: 0, 8, 16, 32 or 64 (MOV moffs)
	 * @param addressSize  16, 32 or 64: the effective address is truncated to so many bits
	 * @param size         bytes accessed; 0 where the instruction accesses none (LEA, INVLPG) or an amount of its own
	 */
	record Mem(Register segment, boolean overridden, @Nullable Register base, @Nullable Register index, int scale,
			long displacement, int displacementSize, int addressSize, int size) implements Operand {
	}

	/**
	 * An immediate.
	 *
	 * @param value the value, extended as the instruction extends it (by sign, to the operand size; counts, ports and
	 *              vectors by zero), with zeros above the operand size
	 * @param size  width of the encoded immediate in bits: 8, 16, 32 or 64
	 */
	record Imm(long value, int size) implements Operand {
	}

	/**
	 * A branch target relative to the next instruction.
	 *
	 * @param displacement sign-extended displacement
	 * @param size         width of the encoded displacement in bits: 8, 16 or 32
	 */
	record Rel(long displacement, int size) implements Operand {
	}

	/** A far pointer in the instruction: selector and offset. */
	record Far(int selector, long offset, int offsetSize) implements Operand {
	}
}
