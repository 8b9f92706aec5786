/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Decodes bytes into instructions by the instruction table. Stateless, thread-safe. */
public final class Decoder {

	/** The longest legal instruction, in bytes. */
	public static final int MAXIMUM_LENGTH = 15;

	private Decoder() {
	}

	/**
	 * Decodes the instruction at {@code code[offset]}.
	 *
	 * @param limit end of the bytes at hand (exclusive); an instruction that would go on beyond it is
	 *              {@link Legality#TRUNCATED}
	 */
	public static Instruction decode(CodeSize codeSize, byte[] code, int offset, int limit) {
		return new Decoding(codeSize, code, offset, limit).instruction();
	}
}
