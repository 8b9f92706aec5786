/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * How many times each cluster of a qcow2 image is in use (QEMU's "Qcow2 Image File Format", "Host cluster management").
 * Counts reach the file as they change. A count goes up before anything refers to its cluster, and down when nothing does
 * any more, so that a count may be too high after a failure of the host, which wastes the cluster, but never too low.
 */
@SuppressWarnings("nls")
final class Qcow2Refcounts {
	private static final int ENTRY = 8;

	private final DiskFile file;
	private final int clusterBits;
	private final int clusterSize;
	private final int order;
	/** Counts in a block are this power of two. */
	private final int blockBits;
	private final ClusterTables blocks;
	/** File offsets of the blocks; 0: all counts of that block are 0. */
	private long[] table;
	private long tableOffset;
	/** Where the clusters are that no guest data may be written to. */
	private final Set<Long> metadata = new HashSet<>();
	/** No cluster before this one is free. */
	private long firstFree;

	Qcow2Refcounts(DiskFile file, Qcow2Header header) throws IOException {
		this.file = file;
		clusterBits = header.clusterBits();
		clusterSize = 1 << clusterBits;
		order = header.refcountOrder();
		blockBits = clusterBits + 3 - order;
		blocks = new ClusterTables(file, clusterSize);
		tableOffset = header.refcountOffset();
		ByteBuffer bytes = ByteBuffer.allocate(header.refcountSize() << clusterBits);
		file.readFully(tableOffset, bytes);
		table = new long[bytes.capacity() / ENTRY];
		bytes.flip().asLongBuffer().get(table);
		own("its header", 0, clusterSize);
		own("its reference counts", tableOffset, bytes.capacity());
		for (long block : table) {
			if (block != 0) {
				own("a block of reference counts", block, clusterSize);
			}
		}
	}

	/** Says that a table of the image's own lies somewhere; it must be counted once, and be nothing else. */
	void own(String what, long offset, long bytes) throws IOException {
		for (long cluster = offset; cluster < offset + bytes; cluster += clusterSize) {
			if (count(cluster) != 1 || !metadata.add(Long.valueOf(cluster))) {
				throw file.damaged(what + ", whose reference count or place is wrong,", cluster);
			}
		}
	}

	/** The same of a table that a snapshot may share. */
	void share(String what, long cluster) throws IOException {
		if (count(cluster) == 0 || !metadata.add(Long.valueOf(cluster))) {
			throw file.damaged(what + ", whose reference count or place is wrong,", cluster);
		}
	}

	/** Checks that a cluster may be written in its place: it holds guest data, for one user. */
	void checkSoleUse(long cluster) throws IOException {
		if (count(cluster) != 1 || metadata.contains(Long.valueOf(cluster))) {
			throw file.damaged("a cluster, whose reference count or place is wrong,", cluster);
		}
	}

	/** How many times a cluster is in use. */
	long count(long cluster) throws IOException {
		long index = cluster >>> clusterBits;
		long block = index >>> blockBits;
		if (cluster % clusterSize != 0 || cluster < 0 || block >= table.length) {
			throw file.damaged("a cluster", cluster);
		}
		return table[(int) block] == 0 ? 0 : get(blocks.at(table[(int) block]), within(index));
	}

	private int within(long index) {
		return (int) (index & (1 << blockBits) - 1);
	}

	private long get(ByteBuffer block, int i) {
		return switch (order) {
			case 6 -> block.getLong(i << 3);
			case 5 -> Integer.toUnsignedLong(block.getInt(i << 2));
			case 4 -> Short.toUnsignedLong(block.getShort(i << 1));
			default -> block.get(i << order >> 3) >>> shift(i) & mask();
		};
	}

	private void put(ByteBuffer block, int i, long count) {
		switch (order) {
			case 6 -> block.putLong(i << 3, count);
			case 5 -> block.putInt(i << 2, (int) count);
			case 4 -> block.putShort(i << 1, (short) count);
			default -> block.put(i << order >> 3,
					(byte) (block.get(i << order >> 3) & ~(mask() << shift(i)) | count << shift(i)));
		}
	}

	/** Counts smaller than a byte begin with its least significant bits. */
	private int shift(int i) {
		return (i << order) & 7;
	}

	private int mask() {
		return (1 << (1 << order)) - 1;
	}

	private void set(long index, long count) throws IOException {
		long offset = table[(int) (index >>> blockBits)];
		ByteBuffer block = blocks.at(offset);
		int i = within(index);
		put(block, i, count);
		int word = (i << order >> 3) & -ENTRY;
		file.writeFully(offset + word, block.slice(word, ENTRY));
	}

	/** Takes a cluster into use that was free, and gives its file offset. What it holds is anything. */
	long allocate() throws IOException {
		for (;; firstFree++) {
			int block = (int) (firstFree >>> blockBits);
			if (block >= table.length) {
				grow();
			} else if (table[block] == 0) {
				addBlock(block, firstFree << clusterBits);
			} else if (get(blocks.at(table[block]), within(firstFree)) == 0) {
				long cluster = firstFree << clusterBits;
				if (metadata.contains(Long.valueOf(cluster))) {
					throw file.damaged("a table, which is counted as free,", cluster);
				}
				set(firstFree++, 1);
				return cluster;
			}
		}
	}

	/** Uses a cluster once less. Nothing in the file may refer to it for this use any more. */
	void release(long cluster) throws IOException {
		long count = count(cluster);
		if (count == 0) {
			throw file.damaged("a cluster, which is in use and counted as free,", cluster);
		}
		long index = cluster >>> clusterBits;
		set(index, count - 1);
		if (count == 1) {
			metadata.remove(Long.valueOf(cluster));
			firstFree = Math.min(firstFree, index);
		}
	}

	/** Adds a block of counts; it lies in one of the clusters that it counts, which are all free. */
	private void addBlock(int number, long cluster) throws IOException {
		ByteBuffer block = ByteBuffer.allocate(clusterSize);
		put(block, within(cluster >>> clusterBits), 1);
		file.writeFully(cluster, block.duplicate());
		file.force();
		file.writeFully(tableOffset + (long) number * ENTRY, ByteBuffer.allocate(ENTRY).putLong(0, cluster));
		table[number] = cluster;
		blocks.keep(cluster, block);
		metadata.add(Long.valueOf(cluster));
	}

	/**
	 * Moves the table of blocks to where it has half as much room again: behind all that the present one counts, with the
	 * blocks that count it behind itself.
	 */
	private void grow() throws IOException {
		int perBlock = 1 << blockBits;
		int perCluster = clusterSize / ENTRY;
		int clusters = table.length / perCluster;
		int newClusters = clusters + Math.max(1, clusters / 2);
		int newBlocks = 1;
		while (newBlocks * (long) perBlock < newClusters + newBlocks
				|| newClusters * (long) perCluster < table.length + newBlocks) {
			if (newBlocks * (long) perBlock < newClusters + newBlocks) {
				newBlocks++;
			} else {
				newClusters++;
			}
		}
		if ((long) newClusters << clusterBits > Qcow2Header.MOST_REFCOUNT_BYTES) {
			throw file.damaged("no room in a table of reference counts of 8 MB,", tableOffset);
		}
		move((long) table.length << blockBits, newClusters, newBlocks);
	}

	private void move(long firstCluster, int newClusters, int newBlocks) throws IOException {
		long newOffset = firstCluster << clusterBits;
		long[] moved = Arrays.copyOf(table, newClusters * (clusterSize / ENTRY));
		long blockOffset = newOffset + ((long) newClusters << clusterBits);
		for (int i = 0; i < newBlocks; i++) {
			ByteBuffer block = ByteBuffer.allocate(clusterSize);
			int counted = (int) Math.min(1 << blockBits, newClusters + newBlocks - ((long) i << blockBits));
			for (int used = 0; used < counted; used++) {
				put(block, used, 1);
			}
			moved[table.length + i] = blockOffset + ((long) i << clusterBits);
			file.writeFully(moved[table.length + i], block);
		}
		ByteBuffer bytes = ByteBuffer.allocate(newClusters << clusterBits);
		bytes.asLongBuffer().put(moved);
		file.writeFully(newOffset, bytes);
		file.force();
		ByteBuffer fields = ByteBuffer.allocate(ENTRY + Integer.BYTES).putLong(newOffset).putInt(newClusters).flip();
		file.writeFully(Qcow2Header.REFCOUNT_OFFSET_FIELD, fields);
		file.force();
		replace(moved, newOffset, newClusters + newBlocks);
	}

	private void replace(long[] moved, long newOffset, int newTables) throws IOException {
		long oldOffset = tableOffset;
		int oldClusters = table.length * ENTRY >> clusterBits;
		table = moved;
		tableOffset = newOffset;
		for (int i = 0; i < newTables; i++) {
			metadata.add(Long.valueOf(newOffset + ((long) i << clusterBits)));
		}
		for (int i = 0; i < oldClusters; i++) {
			release(oldOffset + ((long) i << clusterBits));
		}
	}
}
