/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.InstructionForm.Validity;

/** A part of the instruction table, by opcode. Thread-safe. */
final class OpcodeIndex {

	private final int[] maps;
	private final List<InstructionForm> forms = new ArrayList<>();
	private final @Nullable List<InstructionForm>[] byOpcode;
	/** Filled as opcodes are met; slots are immutable, so that a race costs no more than building one twice. */
	private final @Nullable OpcodeSlot[] legacy;
	private final @Nullable OpcodeSlot[] longMode;

	/**
	 * @param maps  the opcode maps of this part, as {@link Instruction#opcode()} numbers them
	 * @param texts the rows, each ended by a line feed
	 */
	@SuppressWarnings("unchecked")
	OpcodeIndex(int[] maps, String... texts) {
		this.maps = maps;
		byOpcode = new @Nullable List[maps.length << 8];
		legacy = new @Nullable OpcodeSlot[byOpcode.length];
		longMode = new @Nullable OpcodeSlot[byOpcode.length];
		for (String rows : texts) {
			for (int start = 0, end; start < rows.length(); start = end + 1) {
				end = rows.indexOf('\n', start);
				add(RowParser.parse(rows.substring(start, end)));
			}
		}
	}

	private void add(InstructionForm form) {
		forms.add(form);
		int first = indexOf(form.opcode());
		for (int i = first; i < first + form.count(); i++) {
			List<InstructionForm> sharing = byOpcode[i];
			if (sharing == null) {
				sharing = new ArrayList<>(2);
				byOpcode[i] = sharing;
			}
			sharing.add(form);
		}
	}

	private int indexOf(int opcode) {
		for (int i = 0; i < maps.length; i++) {
			if (maps[i] == opcode >> 8) {
				return i << 8 | opcode & 0xff;
			}
		}
		throw new IllegalArgumentException("opcode map " + Integer.toHexString(opcode >> 8)); //$NON-NLS-1$
	}

	/** The rows, in the order of the table. */
	List<InstructionForm> forms() {
		return forms;
	}

	/** What an opcode may be in 64-bit mode or out of it. */
	OpcodeSlot slot(boolean in64BitMode, int opcode) {
		@Nullable
		OpcodeSlot[] slots = in64BitMode ? longMode : legacy;
		int index = indexOf(opcode);
		OpcodeSlot slot = slots[index];
		if (slot == null) {
			slot = build(byOpcode[index], in64BitMode ? Validity.NOT_IN_64_BIT_MODE : Validity.ONLY_IN_64_BIT_MODE);
			slots[index] = slot;
		}
		return slot;
	}

	private static OpcodeSlot build(@Nullable List<InstructionForm> sharing, Validity excluded) {
		List<InstructionForm> valid = new ArrayList<>();
		if (sharing != null) {
			for (InstructionForm form : sharing) {
				if (form.validity() != excluded) {
					valid.add(form);
				}
			}
		}
		return new OpcodeSlot(valid);
	}
}
