/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Recognizes the instructions with which a function sets up its frame pointer. Where a function does not begin with them, its
 * arguments are in place at once, and what follows may branch: nothing must be skipped then.
 */
@SuppressWarnings("nls")
final class Prologue {
	static final int LONGEST = 32;

	private static final List<byte[]> END_BRANCH = bytes("f30f1efa", "f30f1efb");
	/** The stack pointer is aligned first, the return address pushed again: i386 and amd64. */
	private static final List<byte[]> ALIGN_STACK = bytes("8d4c240483e4f0ff71fc", "4c8d5424084883e4f041ff72f8",
			"4c8d5424084883e4e041ff72f8");
	private static final List<byte[]> PUSH_FRAME = bytes("55");
	/** MOV RBP, RSP or MOV EBP, ESP in both encodings. */
	private static final List<byte[]> SET_FRAME = bytes("4889e5", "488bec", "89e5", "8bec");

	private Prologue() {
	}

	private static List<byte[]> bytes(String... hex) {
		return List.of(hex).stream().map(HexFormat.of()::parseHex).toList();
	}

	/** Length of the frame set-up that {@code code} begins with, 0 if it begins with something else. */
	static int length(byte[] code) {
		int at = skip(code, 0, END_BRANCH);
		at = skip(code, at, ALIGN_STACK);
		int pushed = skip(code, at, PUSH_FRAME);
		int set = skip(code, pushed, SET_FRAME);
		return pushed > at && set > pushed ? set : 0;
	}

	private static int skip(byte[] code, int at, List<byte[]> patterns) {
		for (byte[] pattern : patterns) {
			int end = at + pattern.length;
			if (end <= code.length && Arrays.equals(code, at, end, pattern, 0, pattern.length)) {
				return end;
			}
		}
		return at;
	}
}
