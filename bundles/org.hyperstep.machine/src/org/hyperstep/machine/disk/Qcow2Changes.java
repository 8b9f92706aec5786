/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Changes where the clusters of a qcow2 image are. The order in which things reach the file keeps the image whole at every
 * moment: a cluster is counted and filled before a table refers to it, and a cluster that no table refers to any more is
 * free only after that table has reached the file. What a snapshot shares is never changed, but copied.
 */
@SuppressWarnings("nls")
final class Qcow2Changes {
	/** More clusters than this do not wait for being free. */
	private static final int MOST_RELEASED = 4096;

	private final DiskFile file;
	private final int clusterBits;
	private final Qcow2Map map;
	private final Qcow2Refcounts refcounts;
	private final List<Long> released = new ArrayList<>();

	private Qcow2Changes(DiskFile file, Qcow2Header header, Qcow2Map map, Qcow2Refcounts refcounts) {
		this.file = file;
		clusterBits = header.clusterBits();
		this.map = map;
		this.refcounts = refcounts;
	}

	/**
	 * Begins to change an image, after a look at its tables: in one whose tables lie over each other, or are counted as
	 * free, a change would destroy what is there.
	 */
	static Qcow2Changes begin(DiskFile file, Qcow2Header header, Qcow2Map map) throws DiskException {
		header.checkWritable(file);
		try {
			Qcow2Refcounts refcounts = new Qcow2Refcounts(file, header);
			refcounts.own("its first-level table", header.level1Offset(), (long) header.level1Size() * Long.BYTES);
			for (int i = 0; i < header.level1Size(); i++) {
				long entry = map.level1(i);
				long table = entry & Qcow2Map.OFFSET;
				if ((entry & Qcow2Map.COPIED) != 0) {
					refcounts.own("a second-level table", table, 1);
				} else if (table != 0) {
					refcounts.share("a second-level table", table);
				}
			}
			if (header.autoclear() != 0) {
				file.writeFully(Qcow2Header.AUTOCLEAR_FIELD, ByteBuffer.allocate(Long.BYTES));
			}
			return new Qcow2Changes(file, header, map, refcounts);
		} catch (IOException e) {
			throw new DiskException(String.valueOf(e.getMessage()));
		}
	}

	/** Whether the cluster of a second-level entry may be written in its place; one that reads as zeros is to be filled. */
	boolean isOwn(long entry) throws IOException {
		long cluster = entry & Qcow2Map.OFFSET;
		boolean own = (entry & Qcow2Map.COPIED) != 0 && (entry & Qcow2Map.COMPRESSED) == 0 && cluster != 0;
		if (own) {
			refcounts.checkSoleUse(cluster);
		}
		return own;
	}

	/** Takes a cluster into use that holds anything, instead of those of a second-level entry, and gives its file offset. */
	long allocate(long instead) throws IOException {
		for (long cluster : clusters(instead)) {
			if (refcounts.count(cluster) == 0) {
				throw file.damaged("a cluster, which is in use and counted as free,", cluster);
			}
		}
		return refcounts.allocate();
	}

	/** The file offsets of the clusters that a second-level entry refers to. */
	private long[] clusters(long entry) {
		if ((entry & Qcow2Map.COMPRESSED) != 0) {
			PackedCluster packed = PackedCluster.of(entry, clusterBits);
			return LongStream.rangeClosed(packed.firstCluster(), packed.lastCluster())
					.map(cluster -> cluster << clusterBits).toArray();
		}
		long cluster = entry & Qcow2Map.OFFSET;
		return cluster == 0 ? new long[0] : new long[] { cluster };
	}

	/** Says that a cluster that is filled is the one of an address of the disk from now on, instead of another. */
	void map(long at, long cluster, long instead) throws IOException {
		map.tables().set(ownTable(map.index(at)), map.slot(at), cluster | Qcow2Map.COPIED);
		for (long old : clusters(instead)) {
			if (old != cluster) {
				released.add(old);
			}
		}
		if (released.size() > MOST_RELEASED) {
			settle();
		}
	}

	/** The file offset of a second-level table that may be changed. */
	private long ownTable(long index) throws IOException {
		long entry = map.level1(index);
		long shared = entry & Qcow2Map.OFFSET;
		if (shared != 0 && (entry & Qcow2Map.COPIED) != 0) {
			return shared;
		}
		long cluster = refcounts.allocate();
		ByteBuffer table = ByteBuffer.allocate(1 << clusterBits);
		if (shared != 0) {
			table.put(0, map.tables().at(shared), 0, table.capacity());
		}
		file.writeFully(cluster, table.duplicate());
		file.force();
		map.setLevel1(index, cluster | Qcow2Map.COPIED);
		refcounts.own("a second-level table", cluster, 1);
		map.tables().keep(cluster, table);
		if (shared != 0) {
			map.tables().drop(shared);
			released.add(shared);
		}
		return cluster;
	}

	/** Brings all that was changed to where it survives a failure of the host. */
	void settle() throws IOException {
		if (map.tables().isChanged()) {
			map.tables().writeChanged();
		}
		if (!released.isEmpty()) {
			file.force();
			List<Long> free = List.copyOf(released);
			released.clear();
			for (Long cluster : free) {
				refcounts.release(cluster.longValue());
			}
		}
		file.force();
	}
}
