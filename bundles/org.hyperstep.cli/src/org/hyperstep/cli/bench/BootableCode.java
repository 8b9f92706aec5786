/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli.bench;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes a plain ELF64 file of 64-bit code that is loaded and entered at 1 MB. */
public final class BootableCode {
	private static final int ADDRESS = 0x100000;
	private static final int ELF_HEADER = 64, PROGRAM_HEADER = 56;
	private static final int MAGIC = 0x464c457f, EXECUTABLE = 2, X86_64 = 62, LOAD = 1, READ_AND_EXECUTE = 5;

	private BootableCode() {
	}

	/** The file's contents. */
	public static byte[] elf64(byte[] code) {
		int start = ELF_HEADER + PROGRAM_HEADER;
		ByteBuffer file = ByteBuffer.allocate(start + code.length).order(ByteOrder.LITTLE_ENDIAN);
		file.putInt(MAGIC).put((byte) 2).put((byte) 1).put((byte) 1).position(16);
		file.putShort((short) EXECUTABLE).putShort((short) X86_64).putInt(1).putLong(ADDRESS).putLong(ELF_HEADER)
				.putLong(0);
		file.putInt(0).putShort((short) ELF_HEADER).putShort((short) PROGRAM_HEADER).putShort((short) 1)
				.position(ELF_HEADER);
		file.putInt(LOAD).putInt(READ_AND_EXECUTE).putLong(start).putLong(ADDRESS).putLong(ADDRESS);
		file.putLong(code.length).putLong(code.length).putLong(1);
		return file.put(code).array();
	}
}
