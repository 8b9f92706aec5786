/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.InstructionForm.Validity;

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
 * {@code sI} an immediate sign-extended to the operand size, {@code RvMw} a register of type v or memory of type w,
 * {@code rAX} and {@code eAX} the accumulator of type v or z, {@code aAX} that of the address size, {@code Bb} the table
 * of XLAT, {@code BG} the general register in VEX.vvvv, types {@code m} the native size, {@code yy} twice y, {@code h f e} a half, a quarter, an eighth of a vector.
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

	private static final int MAPS = 7;
	private static final List<InstructionForm> FORMS = parseAll();
	private static final List<List<InstructionForm>> BY_OPCODE = byOpcode();
	/** Filled as opcodes are met; slots are immutable, so that a race costs no more than building one twice. */
	private static final @Nullable OpcodeSlot[] LEGACY = new @Nullable OpcodeSlot[MAPS << 8];
	private static final @Nullable OpcodeSlot[] LONG = new @Nullable OpcodeSlot[MAPS << 8];

	private InstructionTable() {
	}

	/** All rows, in the order of the table. */
	public static List<InstructionForm> forms() {
		return FORMS;
	}

	/** What an opcode may be in 64-bit mode or out of it. */
	static OpcodeSlot slot(boolean longMode, int opcode) {
		@Nullable
		OpcodeSlot[] slots = longMode ? LONG : LEGACY;
		int index = slotIndex(opcode);
		OpcodeSlot slot = slots[index];
		if (slot == null) {
			slot = build(index, longMode ? Validity.NOT_IN_64_BIT_MODE : Validity.ONLY_IN_64_BIT_MODE);
			slots[index] = slot;
		}
		return slot;
	}

	/** Maps in order: one-byte, 0f, 0f38, 0f3a, then VEX 0f, 0f38, 0f3a. */
	private static int slotIndex(int opcode) {
		int map = switch (opcode >> 8) {
		case 0 -> 0;
		case 0x0f -> 1;
		case 0x38 -> 2;
		case 0x3a -> 3;
		case VexPrefix.MAP_0F, VexPrefix.MAP_0F + 1, VexPrefix.MAP_0F + 2 -> 4 + (opcode >> 8) - VexPrefix.MAP_0F;
		default -> throw new IllegalArgumentException("opcode map " + Integer.toHexString(opcode >> 8)); //$NON-NLS-1$
		};
		return map << 8 | opcode & 0xff;
	}

	private static List<InstructionForm> parseAll() {
		List<InstructionForm> forms = new ArrayList<>();
		for (String rows : new String[] { OneByteMap.ROWS, TwoByteMap.ROWS, SystemRows.ROWS, X87Rows.ROWS,
				MmxRows.ROWS, SseRows.ROWS, ThreeByteMaps.ROWS, VexFloatRows.ROWS, VexIntegerRows.ROWS, VexNewRows.ROWS }) {
			for (int start = 0, end; start < rows.length(); start = end + 1) {
				end = rows.indexOf('\n', start);
				forms.add(RowParser.parse(rows.substring(start, end)));
			}
		}
		return List.copyOf(forms);
	}

	private static List<List<InstructionForm>> byOpcode() {
		List<List<InstructionForm>> byOpcode = new ArrayList<>(MAPS << 8);
		for (int i = 0; i < MAPS << 8; i++) {
			byOpcode.add(new ArrayList<>(2));
		}
		for (InstructionForm form : FORMS) {
			int first = slotIndex(form.opcode());
			for (int i = 0; i < form.count(); i++) {
				byOpcode.get(first + i).add(form);
			}
		}
		return byOpcode;
	}

	private static OpcodeSlot build(int index, Validity excluded) {
		List<InstructionForm> forms = new ArrayList<>();
		for (InstructionForm form : BY_OPCODE.get(index)) {
			if (form.validity() != excluded) {
				forms.add(form);
			}
		}
		return new OpcodeSlot(forms);
	}
}
