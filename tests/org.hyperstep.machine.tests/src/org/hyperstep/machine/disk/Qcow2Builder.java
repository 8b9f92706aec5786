/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.nio.ByteBuffer;
import java.util.zip.Deflater;

/**
 * Makes a small qcow2 image: 1 MB in clusters of 4 KB, of which some are plain, compressed, zeros, shared with a snapshot,
 * or absent.
 */
final class Qcow2Builder {
	static final int CLUSTER = 4096, SIZE = 1 << 20;
	/** File offsets of what lies in clusters of their own. */
	static final int LEVEL_1 = CLUSTER, LEVEL_2 = 2 * CLUSTER, PLAIN = 3 * CLUSTER, PACKED = 4 * CLUSTER,
			COUNTS = 5 * CLUSTER, BLOCK = 6 * CLUSTER, SHARED = 7 * CLUSTER, KEPT = 8 * CLUSTER, END = 9 * CLUSTER;
	private static final int OFFSET_BITS = 62 - (12 - 8);

	private Qcow2Builder() {
	}

	/** Cluster 0 is plain, 1 compressed, 2 and 6 all zeros, 6 with a place of its own, 5 shared, the others absent. */
	static byte[] image() {
		ByteBuffer file = ByteBuffer.allocate(END);
		file.putInt(0x514649fb).putInt(3).putLong(0).putInt(0).putInt(12).putLong(SIZE).putInt(0).putInt(1)
				.putLong(LEVEL_1).putLong(COUNTS).putInt(1);
		file.putInt(96, 4).putInt(100, 104);
		file.putLong(LEVEL_1, 1L << 63 | LEVEL_2);
		file.putLong(LEVEL_2, 1L << 63 | PLAIN);
		byte[] packed = new byte[CLUSTER];
		int length = pack(contents(1), packed);
		file.putLong(LEVEL_2 + 8, 1L << 62 | (long) ((length - 1) / 512) << OFFSET_BITS | PACKED);
		file.putLong(LEVEL_2 + 16, 1);
		file.putLong(LEVEL_2 + 40, SHARED).putLong(LEVEL_2 + 48, 1L << 63 | KEPT | 1);
		file.putLong(COUNTS, BLOCK);
		for (int cluster = 0; cluster < END / CLUSTER; cluster++) {
			file.putShort(BLOCK + 2 * cluster, (short) (cluster == SHARED / CLUSTER ? 2 : 1));
		}
		file.put(SHARED, contents(5)).put(KEPT, contents(6));
		file.put(PLAIN, contents(0));
		file.put(PACKED, packed);
		return file.array();
	}

	/** What a cluster holds that is not absent; that of 6 is not to be seen. */
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
