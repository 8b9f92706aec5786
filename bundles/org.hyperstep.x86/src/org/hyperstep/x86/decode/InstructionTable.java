/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

/**
 * The table of instructions. A row is a line of text:
 *
 * <pre>
 * OPCODE[/EXTENSION | :MODRM] MNEMONIC OPERANDS [FLAGS]
 * </pre>
 *
 * OPCODE is the bytes in hexadecimal, mandatory prefixes left out, with a {@code v} before them for a VEX encoding;
 * {@code 40+} stands for eight opcodes with a register
 * number in the low three bits, {@code 70..7f} for a range. EXTENSION is the reg field of ModR/M. OPERANDS are those of
 * the manual's appendix "Opcode Map", comma-separated, or {@code -}; in addition {@code Z} is the register in the opcode,
 * {@code TxMw} memory of type w at indexes in a vector register of type x, {@code sI} an immediate sign-extended to the operand size, {@code RvMw} a register of type v or memory of type w,
 * {@code rAX} and {@code eAX} the accumulator of type v or z, {@code aAX} that of the address size, {@code Bb} the table
 * of XLAT, {@code BG} the general register in VEX.vvvv, types {@code m} the native size, {@code yy} twice y,
 * {@code h f e} a half, a quarter, an eighth of a vector.
 * FLAGS:
 * <ul>
 * <li>{@code lock}: LOCK is allowed; {@code rep}, {@code repc}: F2 and F3 repeat, comparing or not
 * <li>{@code i64}, {@code o64}: not, or only, in 64-bit mode
 * <li>{@code d64}: operand size 64 by default in 64-bit mode; {@code f64}: always; {@code z}: never;
 * {@code m}: native size in all modes
 * <li>{@code np}, {@code 66}, {@code f3}, {@code f2}, or several joined by commas: mandatory prefixes
 * <li>{@code mem}, {@code reg}: constraint on mod; {@code b0 b1 w0 w1 l0 l1}: on REX.B, REX.W or VEX.W, VEX.L
 * </ul>
 * Where two rows match, the one that constrains ModR/M more narrowly wins; two equally narrow ones are an error of the
 * table.
 */
public final class InstructionTable {

	private static final OpcodeIndex PLAIN = new OpcodeIndex(new int[] { 0, 0x0f, 0x38, 0x3a }, OneByteMap.ROWS,
			TwoByteMap.ROWS, SystemRows.ROWS, X87Rows.ROWS, MmxRows.ROWS, SseRows.ROWS, ThreeByteMaps.ROWS);

	/** Read only when the first VEX prefix is met. */
	private static final class Vex {
		static final OpcodeIndex INDEX = new OpcodeIndex(
				new int[] { VexPrefix.MAP_0F, VexPrefix.MAP_0F + 1, VexPrefix.MAP_0F + 2 }, VexFloatRows.ROWS,
				VexIntegerRows.ROWS, VexNewRows.ROWS);
	}

	private InstructionTable() {
	}

	/** All rows, in the order of the table. */
	public static List<InstructionForm> forms() {
		List<InstructionForm> forms = new ArrayList<>(PLAIN.forms());
		forms.addAll(Vex.INDEX.forms());
		return List.copyOf(forms);
	}

	/** What an opcode may be in 64-bit mode or out of it. */
	static OpcodeSlot slot(boolean in64BitMode, int opcode) {
		return (opcode >> 8 >= VexPrefix.MAP_0F ? Vex.INDEX : PLAIN).slot(in64BitMode, opcode);
	}
}
