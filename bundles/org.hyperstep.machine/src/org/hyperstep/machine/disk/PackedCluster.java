/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

/**
 * Where a compressed cluster of a qcow2 image is (QEMU's "Qcow2 Image File Format", "Compressed Clusters Descriptor"): not
 * aligned, in whole sectors, of which several such clusters may share one.
 *
 * @param offset      in the file, in bytes
 * @param length      in bytes; what was packed may end before
 * @param clusterBits a cluster has 2 to this power bytes
 */
record PackedCluster(long offset, long length, int clusterBits) {

	/** Reads a second-level entry. */
	static PackedCluster of(long entry, int clusterBits) {
		int offsetBits = 62 - (clusterBits - 8);
		long offset = entry & (1L << offsetBits) - 1;
		long sectors = (entry & Qcow2Map.COMPRESSED - 1) >>> offsetBits;
		return new PackedCluster(offset, (sectors + 1) * Disk.SECTOR - (offset & Disk.SECTOR - 1), clusterBits);
	}

	/** The first cluster of the file that it lies in. */
	long firstCluster() {
		return offset >>> clusterBits;
	}

	/** The last cluster of the file that it lies in. */
	long lastCluster() {
		return offset + length - 1 >>> clusterBits;
	}
}
