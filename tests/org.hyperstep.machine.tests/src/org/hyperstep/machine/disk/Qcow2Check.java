/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/** Reads the tables of a small qcow2 image of its own accord, and compares the reference counts with the references. */
@SuppressWarnings("nls")
final class Qcow2Check {
	private static final long OFFSET = 0x00ff_ffff_ffff_fe00L;

	private final ByteBuffer file;
	private final int clusterSize;
	private final Map<Long, Integer> references = new HashMap<>();

	private Qcow2Check(byte[] image) {
		file = ByteBuffer.wrap(image);
		clusterSize = 1 << file.getInt(20);
	}

	/**
	 * Fails unless each cluster is counted as often as it is in use.
	 *
	 * @param alsoUsed a cluster that a snapshot, which the image doesn't list, uses too
	 */
	static void check(byte[] image, long alsoUsed) {
		Qcow2Check check = new Qcow2Check(image);
		check.references.merge(Long.valueOf(alsoUsed), Integer.valueOf(1), Integer::sum);
		check.collect();
		check.references.forEach((cluster, uses) -> assertEquals(uses.intValue(), check.count(cluster.longValue()),
				"uses of cluster " + cluster));
		for (long cluster = 0; cluster < (image.length + check.clusterSize - 1) / check.clusterSize; cluster++) {
			if (!check.references.containsKey(Long.valueOf(cluster))) {
				assertEquals(0, check.count(cluster), "cluster " + cluster + ", which nobody uses");
			}
		}
	}

	/** Fails if any cluster is counted less often than it is in use: what may be lost with the host is room, no data. */
	static void checkAfterFailure(byte[] image, long alsoUsed) {
		Qcow2Check check = new Qcow2Check(image);
		check.references.merge(Long.valueOf(alsoUsed), Integer.valueOf(1), Integer::sum);
		check.collect();
		check.references.forEach((cluster, uses) -> assertTrue(uses.intValue() <= check.count(cluster.longValue())
				|| cluster.longValue() == alsoUsed && uses.intValue() == 1,
				"cluster " + cluster + " is used " + uses + " times and counted " + check.count(cluster.longValue())));
	}

	private void use(long offset, long length) {
		for (long cluster = offset / clusterSize; cluster * clusterSize < offset + length; cluster++) {
			references.merge(Long.valueOf(cluster), Integer.valueOf(1), Integer::sum);
		}
	}

	private void collect() {
		use(0, clusterSize);
		long counts = file.getLong(48);
		int countsLength = file.getInt(56) * clusterSize;
		use(counts, countsLength);
		for (int i = 0; i < countsLength; i += 8) {
			if (file.getLong((int) counts + i) != 0) {
				use(file.getLong((int) counts + i), clusterSize);
			}
		}
		int level1 = (int) file.getLong(40);
		use(level1, file.getInt(36) * 8L);
		for (int i = 0; i < file.getInt(36); i++) {
			long table = file.getLong(level1 + 8 * i) & OFFSET;
			if (table != 0) {
				use(table, clusterSize);
				collectTable((int) table);
			}
		}
	}

	private void collectTable(int table) {
		for (int i = 0; i < clusterSize; i += 8) {
			long entry = file.getLong(table + i);
			if ((entry & 1L << 62) != 0) {
				int offsetBits = 70 - file.getInt(20);
				long offset = entry & (1L << offsetBits) - 1;
				long sectors = (entry & (1L << 62) - 1) >>> offsetBits;
				use(offset & -512, (sectors + 1) * 512);
			} else if ((entry & OFFSET) != 0) {
				use(entry & OFFSET, clusterSize);
			}
		}
	}

	/** With counts of 16 bits. */
	private int count(long cluster) {
		int perBlock = clusterSize / 2;
		long block = file.getLong((int) (file.getLong(48) + cluster / perBlock * 8));
		return block == 0 ? 0 : Short.toUnsignedInt(file.getShort((int) (block + cluster % perBlock * 2)));
	}
}
