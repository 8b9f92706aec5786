/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

/** The two ways to write an instruction. */
enum Syntax {
	INTEL('d'), ATT('l');

	private final char letterFor32;

	Syntax(char letterFor32) {
		this.letterFor32 = letterFor32;
	}

	/** The letter that names an operand size of 8, 16, 32 or 64 bits. */
	char sizeLetter(int bits) {
		return switch (bits) {
			case 8 -> 'b';
			case 16 -> 'w';
			case 32 -> letterFor32;
			case 64 -> 'q';
			default -> throw new IllegalArgumentException("operand size " + bits); //$NON-NLS-1$
		};
	}
}
