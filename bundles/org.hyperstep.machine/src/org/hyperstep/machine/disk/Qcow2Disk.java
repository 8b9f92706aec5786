/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.eclipse.jdt.annotation.Nullable;

/**
 * A qcow2 image, for reading (QEMU's "Qcow2 Image File Format", "Cluster mapping"). Keeps one second-level table and one
 * unpacked cluster, so that its memory is bounded whatever the file says.
 */
@SuppressWarnings("nls")
final class Qcow2Disk implements Disk {
	private static final long COMPRESSED = 1L << 62, ALL_ZEROS = 1, OFFSET = 0x00ff_ffff_ffff_fe00L;
	private static final long NONE = -1;
	private static final int ENTRY = 8;

	private final DiskFile file;
	private final Qcow2Header header;
	private final @Nullable Disk backing;
	private final int clusterSize;
	private final ByteBuffer level2;
	/** File offset of the table in {@code level2}. */
	private long level2Offset = NONE;
	private final byte[] unpacked;
	/** The entry whose cluster is in {@code unpacked}. */
	private long unpackedEntry = NONE;

	/** Makes the disk; it closes both others when it is closed. */
	Qcow2Disk(DiskFile file, Qcow2Header header, @Nullable Disk backing) {
		this.file = file;
		this.header = header;
		this.backing = backing;
		clusterSize = 1 << header.clusterBits();
		level2 = ByteBuffer.allocate(clusterSize);
		unpacked = new byte[clusterSize];
	}

	@Override
	public long size() {
		return header.size();
	}

	@Override
	public boolean isReadOnly() {
		return true;
	}

	@Override
	public void read(long at, byte[] to, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size());
		for (int done = 0; done < length;) {
			long from = at + done;
			int within = (int) (from & clusterSize - 1);
			int part = Math.min(length - done, clusterSize - within);
			readCluster(from, within, to, offset + done, part);
			done += part;
		}
	}

	private void readCluster(long at, int within, byte[] to, int offset, int length) throws IOException {
		long entry = entry(at);
		if ((entry & COMPRESSED) != 0) {
			unpack(entry);
			System.arraycopy(unpacked, within, to, offset, length);
		} else if ((entry & ALL_ZEROS) != 0) {
			Arrays.fill(to, offset, offset + length, (byte) 0);
		} else if ((entry & OFFSET) != 0) {
			readFile(entry & OFFSET, within, to, offset, length);
		} else {
			readBacking(at, to, offset, length);
		}
	}

	/** A file may end within its last cluster. */
	private void readFile(long cluster, int within, byte[] to, int offset, int length) throws IOException {
		if (cluster % clusterSize != 0 || cluster >= file.size()) {
			throw damaged("a cluster", cluster);
		}
		int there = (int) Math.max(0, Math.min(length, file.size() - cluster - within));
		file.readFully(cluster + within, ByteBuffer.wrap(to, offset, there));
		Arrays.fill(to, offset + there, offset + length, (byte) 0);
	}

	private void readBacking(long at, byte[] to, int offset, int length) throws IOException {
		Disk below = backing;
		int there = below == null ? 0 : (int) Math.max(0, Math.min(length, below.size() - at));
		if (below != null && there > 0) {
			below.read(at, to, offset, there);
		}
		Arrays.fill(to, offset + there, offset + length, (byte) 0);
	}

	/** The second-level entry of an address, or 0 if there is no table for it. */
	private long entry(long at) throws IOException {
		int entryBits = header.clusterBits() - 3;
		long index = at >>> header.clusterBits() + entryBits;
		ByteBuffer word = ByteBuffer.allocate(ENTRY);
		file.readFully(header.level1Offset() + index * ENTRY, word);
		long table = word.getLong(0) & OFFSET;
		if (table == 0) {
			return 0;
		}
		if (table != level2Offset) {
			if (table % clusterSize != 0 || table > file.size() - clusterSize) {
				throw damaged("a second-level table", table);
			}
			level2Offset = NONE;
			file.readFully(table, level2.clear());
			level2Offset = table;
		}
		return level2.getLong((int) (at >>> header.clusterBits() & (1 << entryBits) - 1) * ENTRY);
	}

	/** "Compressed Clusters Descriptor": offset, then the number of further sectors of 512 bytes. */
	private void unpack(long entry) throws IOException {
		if (entry == unpackedEntry) {
			return;
		}
		unpackedEntry = NONE;
		int offsetBits = 62 - (header.clusterBits() - 8);
		long offset = entry & (1L << offsetBits) - 1;
		long sectors = (entry & COMPRESSED - 1) >>> offsetBits;
		long length = Math.min((sectors + 1) * SECTOR - (offset & SECTOR - 1), file.size() - offset);
		if (length <= 0) {
			throw damaged("a compressed cluster", offset);
		}
		byte[] packed = new byte[(int) length];
		file.readFully(offset, ByteBuffer.wrap(packed));
		Inflater inflater = new Inflater(true);
		try {
			inflater.setInput(packed);
			for (int done = 0; done < clusterSize;) {
				int count = inflater.inflate(unpacked, done, clusterSize - done);
				if (count == 0) {
					throw damaged("a compressed cluster", offset);
				}
				done += count;
			}
		} catch (DataFormatException e) {
			throw damaged("a compressed cluster", offset);
		} finally {
			inflater.end();
		}
		unpackedEntry = entry;
	}

	private IOException damaged(String what, long offset) {
		return new IOException(String.valueOf(
				file.error(String.format("is a damaged qcow2 image: %s at offset 0x%x", what, offset)).getMessage()));
	}

	@Override
	public void write(long at, byte[] from, int offset, int length) throws IOException {
		throw new IOException("a qcow2 image is not written to");
	}

	@Override
	public void flush() {
		// Nothing is written.
	}

	@Override
	public void close() throws IOException {
		Disk below = backing;
		try (file) {
			if (below != null) {
				below.close();
			}
		}
	}
}
