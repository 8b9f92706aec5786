/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Size of an operand: the lower-case letters of the manual's "Codes for Operand Type". */
public enum OperandType {
	/** No access, or one whose size only the instruction knows. */
	N(0), B(1), W(2), D(4), Q(8), T(10), DQ(16), QQ(32),
	/** Operand size. */
	V(-1),
	/** Operand size, but 32 bits where that is 64. */
	Z(-1),
	/** 64 bits with an operand size of 64, else 32. */
	Y(-1),
	/** Twice Y. */
	YY(-1),
	/** Far pointer: a selector and an offset of the operand size. */
	P(-1),
	/** Pseudo-descriptor: limit and base. */
	S(-1),
	/** Two bounds of the operand size. */
	A(-1),
	/** 64 bits in 64-bit mode, else 32. */
	M(-1),
	/** 128 bits, or 256 with VEX.L. */
	X(-1),
	/** Half of X. */
	H(-1),
	/** A quarter of X. */
	F(-1),
	/** An eighth of X. */
	E(-1);

	private final int bytes;

	OperandType(int bytes) {
		this.bytes = bytes;
	}

	/** Bytes under this operand size, in this mode and with vectors of this many bytes. */
	int bytes(int operandSize, CodeSize codeSize, int vectorBytes) {
		return switch (this) {
			case V -> operandSize >> 3;
			case Z -> operandSize == 16 ? 2 : 4;
			case Y -> operandSize == 64 ? 8 : 4;
			case YY -> operandSize == 64 ? 16 : 8;
			case P -> 2 + (operandSize >> 3);
			case S -> codeSize == CodeSize.CODE64 ? 10 : 6;
			case A -> operandSize >> 2;
			case M -> codeSize == CodeSize.CODE64 ? 8 : 4;
			case X -> vectorBytes;
			case H -> vectorBytes >> 1;
			case F -> vectorBytes >> 2;
			case E -> vectorBytes >> 3;
			default -> bytes;
		};
	}
}
