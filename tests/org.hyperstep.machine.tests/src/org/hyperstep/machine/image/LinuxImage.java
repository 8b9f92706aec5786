/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes small files with a Linux kernel's setup header, whose fields a test can set. */
final class LinuxImage {
	static final int SETUP_SECTORS = 3, KERNEL = (SETUP_SECTORS + 1) * 512, SIZE = KERNEL + 0x800;
	final ByteBuffer file = ByteBuffer.allocate(SIZE).order(ByteOrder.LITTLE_ENDIAN);

	/** A relocatable kernel of protocol 2.15 with a 64-bit entry, which unpacks itself to 2 MB and takes 64 KB. */
	LinuxImage() {
		file.put(0x1f1, (byte) SETUP_SECTORS).putShort(0x1fe, (short) 0xaa55);
		file.put(0x200, (byte) 0xeb).put(0x201, (byte) 0x6a).putInt(0x202, 0x53726448).putShort(0x206, (short) 0x20f);
		file.put(0x211, (byte) 1).putInt(0x214, 0x100000).putInt(0x22c, 0x7fffffff).putInt(0x230, 0x200000);
		file.put(0x234, (byte) 1).putShort(0x236, (short) 1).putInt(0x238, 0x7ff);
		file.putLong(0x258, 0x200000).putInt(0x260, 0x10000);
		for (int i = KERNEL; i < SIZE; i++) {
			file.put(i, (byte) (i * 7));
		}
	}

	byte[] build() {
		return file.array().clone();
	}
}
