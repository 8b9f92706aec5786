/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** An ELF file of code sections, at whose ends a disassembler must stop (System V ABI, "Sections"). */
final class SectionImage {
	private static final int HEADER = 64, SECTION = 64;
	/** An empty name, then those of the code sections and of the names' own section. */
	private static final byte[] NAMES = { 0, '.', 't', 0, '.', 'n', 0, 0 };
	private static final int CODE_NAME = 1, NAMES_NAME = 4;
	private static final int PROGRAM_BITS = 1, STRINGS = 3, EXECUTABLE = 6;
	private static final int RELOCATABLE = 1, X86_64 = 62;

	private SectionImage() {
	}

	/** A file with a section of each encoding, {@link Objdump#SLOT} bytes apart from {@link Objdump#ORIGIN} on. */
	static byte[] of(List<byte[]> encodings) {
		int sections = encodings.size() + 2;
		int names = HEADER + encodings.size() * Objdump.SLOT;
		int table = names + NAMES.length;
		ByteBuffer file = ByteBuffer.allocate(table + sections * SECTION).order(ByteOrder.LITTLE_ENDIAN);
		file.putInt(0x464c_457f).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
		file.putShort((short) RELOCATABLE).putShort((short) X86_64).putInt(1).putLong(0).putLong(0).putLong(table);
		file.putInt(0).putShort((short) HEADER).putInt(0).putShort((short) SECTION).putShort((short) sections);
		file.putShort((short) (sections - 1)).position(table + SECTION);
		for (int i = 0; i < encodings.size(); i++) {
			int at = HEADER + i * Objdump.SLOT;
			byte[] encoding = encodings.get(i);
			file.put(at, encoding);
			section(file, CODE_NAME, PROGRAM_BITS, EXECUTABLE, Objdump.ORIGIN + (long) i * Objdump.SLOT, at,
					encoding.length);
		}
		file.put(names, NAMES);
		section(file, NAMES_NAME, STRINGS, 0, 0, names, NAMES.length);
		return file.array();
	}

	private static void section(ByteBuffer file, int name, int type, long flags, long address, int at, int size) {
		file.putInt(name).putInt(type).putLong(flags).putLong(address).putLong(at).putLong(size);
		file.putInt(0).putInt(0).putLong(1).putLong(0);
	}
}
