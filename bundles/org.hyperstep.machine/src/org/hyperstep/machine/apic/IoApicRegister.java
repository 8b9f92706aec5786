/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.eclipse.jdt.annotation.Nullable;

/** The indirect registers of an I/O APIC (Intel 82093AA data sheet, "Register Description"), by their index. */
enum IoApicRegister {
	ID(0x00, 1, 0x0f000000), //
	VERSION(0x01, 1, 0), //
	ARBITRATION(0x02, 1, 0), //
	/** The low words hold vector, modes and mask, the odd ones the destination. */
	REDIRECTION(0x10, 2 * IoApic.PINS, 0x0001afff, 0xff000000);

	private static final @Nullable IoApicRegister[] BY_INDEX = new @Nullable IoApicRegister[0x40];

	static {
		for (IoApicRegister row : values()) {
			for (int word = 0; word < row.words; word++) {
				BY_INDEX[row.index + word] = row;
			}
		}
	}

	private final int index;
	private final int words;
	private final int[] writable;

	/** {@code writable}: the bits that a write changes, for each word of an entry in turn. */
	IoApicRegister(int index, int words, int... writable) {
		this.index = index;
		this.words = words;
		this.writable = writable;
	}

	/** The register that IOREGSEL selects, or null. */
	static @Nullable IoApicRegister at(int index) {
		return index < BY_INDEX.length ? BY_INDEX[index] : null;
	}

	/** Index of its first word. */
	int index() {
		return index;
	}

	int words() {
		return words;
	}

	/** Bits of a word that a write changes. */
	int writable(int word) {
		return writable[word % writable.length];
	}
}
