/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.List;

import org.eclipse.jdt.annotation.Nullable;

/** The rows that share an opcode in a mode, spread out over all that selects among them. */
final class OpcodeSlot {

	private final boolean hasModRm;
	private final int prefixStride;
	private final int modRmStride;
	private final int bStride;
	private final int wStride;
	private final int lStride;
	private final @Nullable InstructionForm[] rows;

	OpcodeSlot(List<InstructionForm> forms) {
		boolean modRm = false;
		boolean prefixed = false;
		boolean narrowed = false;
		boolean b = false;
		boolean w = false;
		boolean l = false;
		for (InstructionForm form : forms) {
			modRm |= form.hasModRm();
			prefixed |= form.prefixes() != 0;
			narrowed |= form.specificity() > 0;
			b |= form.rexB() >= 0;
			w |= form.rexW() >= 0;
			l |= form.vectorLength() >= 0;
		}
		hasModRm = modRm;
		prefixStride = prefixed ? 1 : 0;
		int size = prefixed ? 4 : 1;
		bStride = b ? size : 0;
		size *= b ? 2 : 1;
		wStride = w ? size : 0;
		size *= w ? 2 : 1;
		lStride = l ? size : 0;
		size *= l ? 2 : 1;
		modRmStride = narrowed ? size : 0;
		size *= narrowed ? 256 : 1;
		rows = new @Nullable InstructionForm[size];
		for (int i = 0; i < size; i++) {
			rows[i] = choose(forms, coordinate(i, prefixStride, 4), coordinate(i, modRmStride, 256),
					coordinate(i, bStride, 2), coordinate(i, wStride, 2), coordinate(i, lStride, 2));
		}
	}

	private static int coordinate(int index, int stride, int extent) {
		return stride == 0 ? 0 : index / stride % extent;
	}

	private static @Nullable InstructionForm choose(List<InstructionForm> forms, int prefix, int modRm, int b, int w,
			int l) {
		InstructionForm best = null;
		boolean ambiguous = false;
		for (InstructionForm form : forms) {
			if (form.accepts(prefix, modRm, b, w, l)) {
				if (best == null || form.specificity() > best.specificity()) {
					best = form;
					ambiguous = false;
				} else if (form.specificity() == best.specificity()) {
					ambiguous = true;
				}
			}
		}
		if (ambiguous) {
			throw new IllegalStateException("two rows for one encoding: " + best); //$NON-NLS-1$
		}
		return best;
	}

	/** Whether the opcode is followed by a ModR/M byte. */
	boolean hasModRm() {
		return hasModRm;
	}

	/** The row for mandatory prefix 0 (none), 1 (66), 2 (F3) or 3 (F2), ModR/M byte, REX.B, REX.W and VEX.L, or null. */
	@Nullable
	InstructionForm select(int prefix, int modRm, int b, int w, int l) {
		return rows[prefix * prefixStride + modRm * modRmStride + b * bStride + w * wStride + l * lStride];
	}
}
