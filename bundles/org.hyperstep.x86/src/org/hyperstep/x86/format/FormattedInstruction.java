/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

/**
 * An instruction as text, in parts.
 *
 * @param mnemonic prefixes, if any, and the mnemonic: {@code lock cmpxchg}
 * @param operands the operands with their commas, or empty
 * @param comment  the address behind an operand relative to RIP, or empty
 */
public record FormattedInstruction(String mnemonic, String operands, String comment) {

	private static final int MNEMONIC_COLUMNS = 6;

	/** The whole, in the columns of objdump. */
	@SuppressWarnings("nls")
	public String text() {
		if (operands.isEmpty()) {
			return mnemonic;
		}
		StringBuilder text = new StringBuilder(mnemonic);
		while (text.length() < MNEMONIC_COLUMNS) {
			text.append(' ');
		}
		text.append(' ').append(operands);
		if (!comment.isEmpty()) {
			text.append("        # ").append(comment);
		}
		return text.toString();
	}
}
