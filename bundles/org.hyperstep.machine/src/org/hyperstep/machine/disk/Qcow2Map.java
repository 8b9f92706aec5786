/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where in a qcow2 image the clusters of the disk are (QEMU's "Qcow2 Image File Format", "Cluster mapping"). */
final class Qcow2Map {
	/** Flags and fields of entries; of a compressed cluster the others mean something else. */
	static final long COPIED = 1L << 63, COMPRESSED = 1L << 62, ALL_ZEROS = 1, OFFSET = 0x00ff_ffff_ffff_fe00L;
	private static final long NONE = -1;

	private final DiskFile file;
	private final Qcow2Header header;
	private final ClusterTables tables;
	private final int slotBits;
	private long latestIndex = NONE;
	/** The first-level entry of {@code latestIndex}. */
	private long latest;

	Qcow2Map(DiskFile file, Qcow2Header header) {
		this.file = file;
		this.header = header;
		tables = new ClusterTables(file, 1 << header.clusterBits());
		slotBits = header.clusterBits() - 3;
	}

	/** The second-level tables. */
	ClusterTables tables() {
		return tables;
	}

	/** The second-level entry of an address of the disk, or 0 if there is no table for it. */
	long entry(long at) throws IOException {
		long table = level1(index(at)) & OFFSET;
		return table == 0 ? 0 : tables.at(table).getLong(slot(at) * Long.BYTES);
	}

	/** Which first-level entry an address of the disk has. */
	long index(long at) {
		return at >>> header.clusterBits() + slotBits;
	}

	/** Which entry of its second-level table an address of the disk has. */
	int slot(long at) {
		return (int) (at >>> header.clusterBits() & (1 << slotBits) - 1);
	}

	long level1(long index) throws IOException {
		if (index != latestIndex) {
			latestIndex = NONE;
			ByteBuffer entry = ByteBuffer.allocate(Long.BYTES);
			file.readFully(header.level1Offset() + index * Long.BYTES, entry);
			latest = entry.getLong(0);
			latestIndex = index;
		}
		return latest;
	}

	void setLevel1(long index, long entry) throws IOException {
		latestIndex = NONE;
		file.writeFully(header.level1Offset() + index * Long.BYTES, ByteBuffer.allocate(Long.BYTES).putLong(0, entry));
	}
}
