/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/** Makes a small qcow2 image: 1 MB in clusters of 4 KB, of which some are plain, compressed, zeros, or absent. */
final class Qcow2Builder {
	static final int CLUSTER = 4096, SIZE = 1 << 20;
	private static final int LEVEL_1 = CLUSTER, LEVEL_2 = 2 * CLUSTER, PLAIN = 3 * CLUSTER, PACKED = 4 * CLUSTER;
	private static final int OFFSET_BITS = 62 - (12 - 8);

	private Qcow2Builder() {
	}

	/** Cluster 0 is plain, 1 compressed, 2 all zeros, the others absent. */
	static byte[] image() {
		ByteBuffer file = ByteBuffer.allocate(5 * CLUSTER);
		file.putInt(0x514649fb).putInt(3).putLong(0).putInt(0).putInt(12).putLong(SIZE).putInt(0).putInt(1)
				.putLong(LEVEL_1);
		file.putInt(100, 104);
		file.putLong(LEVEL_1, 1L << 63 | LEVEL_2);
		file.putLong(LEVEL_2, 1L << 63 | PLAIN);
		byte[] packed = new byte[CLUSTER];
		int length = pack(contents(1), packed);
		file.putLong(LEVEL_2 + 8, 1L << 62 | (long) ((length - 1) / 512) << OFFSET_BITS | PACKED);
		file.putLong(LEVEL_2 + 16, 1);
		file.put(PLAIN, contents(0));
		file.put(PACKED, packed);
		return file.array();
	}

	/** What cluster 0 or 1 holds. */
	static byte[] contents(int cluster) {
		byte[] contents = new byte[CLUSTER];
		for (int i = 0; i < CLUSTER; i++) {
			contents[i] = (byte) (i / 16 + 77 * cluster);
		}
		return contents;
	}

	private static int pack(byte[] plain, byte[] packed) {
		Deflater deflater = new Deflater(9, true);
		deflater.setInput(plain);
		deflater.finish();
		int length = deflater.deflate(packed);
		deflater.end();
		return length;
	}
}
