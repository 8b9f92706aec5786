/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.List;

/**
 * One decoded instruction. Immutable, knows nothing of where it stands or of what it does.
 *
 * @param mnemonic     what it is; {@link Mnemonic#INVALID} unless {@code legality} is {@link Legality#LEGAL}
 * @param legality     whether it is an instruction at all
 * @param codeSize     the mode it was decoded for
 * @param length       bytes; for an illegal one the bytes looked at
 * @param opcode       opcode map in bits 15:8 (0 = one-byte, 0x0f, 0x38, 0x3a; with a VEX
 *                     prefix 0xc1, 0xc2, 0xc3 for these three) and opcode byte in bits 7:0
 * @param operandSize  effective operand size in bits: 8 for byte forms, else 16, 32 or 64
 * @param addressSize  effective address size in bits: 16, 32 or 64
 * @param operands     explicit operands, destination first
 * @param lock         whether the LOCK prefix is present (and allowed)
 * @param repeat       the repeat prefix where it means repetition
 * @param prefixes     all legacy prefix bytes in the order of the encoding, for the formatter
 * @param rex          the REX prefix 0x40 to 0x4f, or 0
 * @param modRm        the ModR/M byte, or -1 if there is none
 * @param form         the row of the instruction table, {@link InstructionForm#NONE} if the instruction is illegal
 */
public record Instruction(Mnemonic mnemonic, Legality legality, CodeSize codeSize, int length, int opcode,
		int operandSize, int addressSize, List<Operand> operands, boolean lock, Repeat repeat, List<Byte> prefixes,
		int rex, int modRm, InstructionForm form) {

	/** Operand {@code index}, destination first. */
	public Operand operand(int index) {
		return operands.get(index);
	}

	/** Number of the segment of a memory operand that has no ModR/M byte: DS, or what a prefix names. */
	public int implicitSegment() {
		int segment = 3;
		for (byte prefix : prefixes) {
			segment = switch (prefix) {
				case 0x26 -> 0;
				case 0x2e -> 1;
				case 0x36 -> 2;
				case 0x3e -> 3;
				case 0x64 -> 4;
				case 0x65 -> 5;
				default -> segment;
			};
		}
		return segment;
	}

	/** The condition 0 to 15 of a Jcc, SETcc or CMOVcc: the low four bits of the opcode. */
	public int condition() {
		return opcode & 15;
	}
}
