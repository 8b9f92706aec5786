/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.junit.jupiter.api.Test;

/** HotSpot compiles no method of 8000 bytecodes or more: an interpreter that grows so large runs fifty times slower. */
@SuppressWarnings("nls")
class InterpreterSizeTest {
	private static final int HUGE_METHOD_LIMIT = 8000;

	@Test
	void interpreterMethodsAreSmallEnoughForTheCompiler() throws IOException {
		assertTrue(longestMethod(Interpreter.class) < HUGE_METHOD_LIMIT);
		assertTrue(longestMethod(RareOperations.class) < HUGE_METHOD_LIMIT);
	}

	/** Largest code_length of a class file ("The Java Virtual Machine Specification", the Code attribute). */
	private static int longestMethod(Class<?> type) throws IOException {
		try (InputStream resource = type.getResourceAsStream(type.getSimpleName() + ".class")) {
			if (resource == null) {
				throw new AssertionError("no class file of " + type);
			}
			DataInputStream in = new DataInputStream(new ByteArrayInputStream(resource.readAllBytes()));
			in.skipNBytes(8);
			String[] names = constantPool(in);
			in.skipNBytes(6);
			in.skipNBytes(2L * in.readUnsignedShort());
			members(in, names);
			return members(in, names);
		}
	}

	private static String[] constantPool(DataInputStream in) throws IOException {
		int count = in.readUnsignedShort();
		String[] names = new String[count];
		java.util.Arrays.fill(names, "");
		for (int i = 1; i < count; i++) {
			int tag = in.readUnsignedByte();
			switch (tag) {
				case 1 -> names[i] = in.readUTF();
				case 7, 8, 16, 19, 20 -> in.skipNBytes(2);
				case 15 -> in.skipNBytes(3);
				case 5, 6 -> {
					in.skipNBytes(8);
					i++;
				}
				default -> in.skipNBytes(4);
			}
		}
		return names;
	}

	private static int members(DataInputStream in, String[] names) throws IOException {
		int longest = 0;
		int count = in.readUnsignedShort();
		for (int i = 0; i < count; i++) {
			in.skipNBytes(6);
			int attributes = in.readUnsignedShort();
			for (int k = 0; k < attributes; k++) {
				String name = names[in.readUnsignedShort()];
				byte[] content = in.readNBytes(in.readInt());
				if (name.equals("Code")) {
					longest = Math.max(longest, new DataInputStream(new ByteArrayInputStream(content, 4, 4)).readInt());
				}
			}
		}
		return longest;
	}
}
