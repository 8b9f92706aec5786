/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.machine.bus.DeviceState;

/** A set of the 256 vectors: IRR, ISR or TMR, eight 32-bit registers in the APIC's page. */
final class VectorSet {
	private static final int WORDS = 8, STRIDE = 16, ALL_WORDS = (1 << WORDS) - 1;

	private final RegisterPage page;
	private final int offset;
	/** Words that may not be zero, a bit each, where nobody else changes them. */
	private int used;

	VectorSet(RegisterPage page, ApicRegister register) {
		this.page = page;
		offset = register.offset();
	}

	boolean contains(int vector) {
		return (word(vector >> 5) >>> (vector & 31) & 1) != 0;
	}

	void add(int vector) {
		setWord(vector >> 5, word(vector >> 5) | 1 << (vector & 31));
	}

	void remove(int vector) {
		setWord(vector >> 5, word(vector >> 5) & ~(1 << (vector & 31)));
	}

	/** The highest vector, or -1. */
	int highest() {
		int left = usedWords();
		while (left != 0) {
			int index = 31 - Integer.numberOfLeadingZeros(left);
			int word = word(index);
			if (word != 0) {
				return 32 * index + 31 - Integer.numberOfLeadingZeros(word);
			}
			left &= ~(1 << index);
		}
		return -1;
	}

	/** The words that may not be zero: bit {@code index} for vectors 32·index to 32·index+31. */
	int usedWords() {
		return page.isMapped() ? ALL_WORDS : used;
	}

	/** Vectors 32·index to 32·index+31. */
	int word(int index) {
		return page.get(offset + index * STRIDE);
	}

	private void setWord(int index, int value) {
		used = value != 0 ? used | 1 << index : used & ~(1 << index);
		page.set(offset + index * STRIDE, value);
	}

	void clear() {
		for (int index = 0; index < WORDS; index++) {
			setWord(index, 0);
		}
	}

	DeviceState state() {
		return new DeviceState().numbers("words", WORDS, this::word, this::setWord); //$NON-NLS-1$
	}
}
