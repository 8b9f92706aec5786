/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A guest that sends back what it receives on COM1 until a line ends, and ends itself then. */
final class EchoGuest {
	private static final int ADDRESS = 0x100000;
	private static final int HEADERS = 64 + 56;
	private static final int MULTIBOOT_MAGIC = 0x1BADB002;

	/** 32-bit code; the only byte that leads out of the loop is the line feed. */
	private static final int[] CODE = { //
			0x66, 0xba, 0xfd, 0x03, // mov dx, 0x3fd: line status
			0xec, // in al, dx
			0xa8, 0x01, // test al, 1: data ready
			0x74, 0xf7, // jz to the first instruction
			0x66, 0xba, 0xf8, 0x03, // mov dx, 0x3f8: data
			0xec, // in al, dx
			0xee, // out dx, al
			0x3c, 0x0a, // cmp al, '\\n'
			0x75, 0xed, // jne to the first instruction
			0x31, 0xc0, // xor eax, eax
			0xe7, 0xf4, // out 0xf4, eax: debug exit
			0xeb, 0xfe }; // jmp to itself

	private EchoGuest() {
	}

	/** Writes the image, an ELF64 file with one segment that begins with a multiboot header. */
	static Path writeTo(Path file) throws IOException {
		int size = 3 * Integer.BYTES + CODE.length;
		ByteBuffer image = ByteBuffer.allocate(HEADERS + size).order(ByteOrder.LITTLE_ENDIAN);
		elfHeader(image, ADDRESS + 3 * Integer.BYTES);
		programHeader(image, size);
		image.putInt(MULTIBOOT_MAGIC).putInt(0).putInt(-MULTIBOOT_MAGIC);
		for (int octet : CODE) {
			image.put((byte) octet);
		}
		return Files.write(file, image.array());
	}

	private static void elfHeader(ByteBuffer image, long entry) {
		image.put(new byte[] { 0x7f, 'E', 'L', 'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0 });
		image.putShort((short) 2).putShort((short) 62).putInt(1).putLong(entry).putLong(64).putLong(0).putInt(0);
		image.putShort((short) 64).putShort((short) 56).putShort((short) 1);
		image.putShort((short) 64).putShort((short) 0).putShort((short) 0);
	}

	private static void programHeader(ByteBuffer image, long size) {
		image.putInt(1).putInt(5).putLong(HEADERS).putLong(ADDRESS).putLong(ADDRESS).putLong(size).putLong(size)
				.putLong(1);
	}
}
