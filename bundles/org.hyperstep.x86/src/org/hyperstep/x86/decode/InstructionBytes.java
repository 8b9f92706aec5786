/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import org.eclipse.jdt.annotation.Nullable;

/** The bytes of one instruction, read in order. Past the end it yields zeros and remembers what was wrong. */
final class InstructionBytes {

	private final byte[] code;
	private final int start;
	private final int limit;
	private int position;
	private @Nullable Legality failure;

	InstructionBytes(byte[] code, int start, int limit) {
		this.code = code;
		this.start = start;
		this.limit = limit;
		this.position = start;
	}

	/** The next byte, 0 to 255. */
	int next() {
		if (position - start >= Decoder.MAXIMUM_LENGTH) {
			failure = Legality.TOO_LONG;
			return 0;
		}
		if (position >= limit) {
			if (failure == null) {
				failure = Legality.TRUNCATED;
			}
			return 0;
		}
		return code[position++] & 0xff;
	}

	/** The next byte without taking it; 0 past the end. */
	int peek() {
		return position < limit && position - start < Decoder.MAXIMUM_LENGTH ? code[position] & 0xff : 0;
	}

	/** The next 1, 2, 4 or 8 bytes as a little-endian number, sign-extended. */
	long signed(int bytes) {
		long value = 0;
		for (int i = 0; i < bytes; i++) {
			value |= (long) next() << 8 * i;
		}
		int unused = 64 - 8 * bytes;
		return value << unused >> unused;
	}

	/** Bytes taken so far. */
	int length() {
		return position - start;
	}

	/** What went wrong, or null. */
	@Nullable
	Legality failure() {
		return failure;
	}
}
