/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/** A set of the 256 vectors: IRR, ISR or TMR. */
final class VectorSet {
	private final int[] words = new int[8];

	boolean contains(int vector) {
		return (words[vector >> 5] >>> (vector & 31) & 1) != 0;
	}

	void add(int vector) {
		words[vector >> 5] |= 1 << (vector & 31);
	}

	void remove(int vector) {
		words[vector >> 5] &= ~(1 << (vector & 31));
	}

	/** The highest vector, or -1. */
	int highest() {
		for (int word = 7; word >= 0; word--) {
			if (words[word] != 0) {
				return 32 * word + 31 - Integer.numberOfLeadingZeros(words[word]);
			}
		}
		return -1;
	}

	/** Vectors 32·index to 32·index+31. */
	int word(int index) {
		return words[index];
	}

	void clear() {
		java.util.Arrays.fill(words, 0);
	}

	int[] words() {
		return words;
	}
}
