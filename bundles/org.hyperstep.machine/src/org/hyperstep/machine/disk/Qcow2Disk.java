/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.eclipse.jdt.annotation.Nullable;

/**
 * A qcow2 image (QEMU's "Qcow2 Image File Format"). Keeps a few tables and one unpacked cluster, so that its memory is
 * bounded whatever the file says.
 */
@SuppressWarnings("nls")
final class Qcow2Disk implements Disk {
	private static final long NONE = -1;

	private final DiskFile file;
	private final Qcow2Header header;
	private final @Nullable Disk backing;
	private final Optional<Qcow2Changes> changes;
	private final int clusterSize;
	private final Qcow2Map map;
	private final byte[] unpacked;
	/** The entry whose cluster is in {@code unpacked}. */
	private long unpackedEntry = NONE;

	/** Makes the disk; it closes both others when it is closed. */
	Qcow2Disk(DiskFile file, Qcow2Header header, @Nullable Disk backing, boolean writable) throws DiskException {
		this.file = file;
		this.header = header;
		this.backing = backing;
		clusterSize = 1 << header.clusterBits();
		map = new Qcow2Map(file, header);
		changes = writable ? Optional.of(Qcow2Changes.begin(file, header, map)) : Optional.empty();
		unpacked = new byte[clusterSize];
	}

	@Override
	public long size() {
		return header.size();
	}

	@Override
	public boolean isReadOnly() {
		return changes.isEmpty();
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
		readEntry(map.entry(at), at, within, to, offset, length);
	}

	private void readEntry(long entry, long at, int within, byte[] to, int offset, int length) throws IOException {
		if ((entry & Qcow2Map.COMPRESSED) != 0) {
			unpack(entry);
			System.arraycopy(unpacked, within, to, offset, length);
		} else if ((entry & Qcow2Map.ALL_ZEROS) != 0) {
			Arrays.fill(to, offset, offset + length, (byte) 0);
		} else if ((entry & Qcow2Map.OFFSET) != 0) {
			readFile(entry & Qcow2Map.OFFSET, within, to, offset, length);
		} else {
			readBacking(at, to, offset, length);
		}
	}

	/** A file may end within its last cluster. */
	private void readFile(long cluster, int within, byte[] to, int offset, int length) throws IOException {
		if (cluster % clusterSize != 0 || cluster >= file.size()) {
			throw file.damaged("a cluster", cluster);
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

	private void unpack(long entry) throws IOException {
		if (entry == unpackedEntry) {
			return;
		}
		unpackedEntry = NONE;
		PackedCluster place = PackedCluster.of(entry, header.clusterBits());
		long offset = place.offset();
		long length = Math.min(place.length(), file.size() - offset);
		if (length <= 0) {
			throw file.damaged("a compressed cluster", offset);
		}
		byte[] packed = new byte[(int) length];
		file.readFully(offset, ByteBuffer.wrap(packed));
		Inflater inflater = new Inflater(true);
		try {
			inflater.setInput(packed);
			for (int done = 0; done < clusterSize;) {
				int count = inflater.inflate(unpacked, done, clusterSize - done);
				if (count == 0) {
					throw file.damaged("a compressed cluster", offset);
				}
				done += count;
			}
		} catch (DataFormatException e) {
			throw file.damaged("a compressed cluster", offset);
		} finally {
			inflater.end();
		}
		unpackedEntry = entry;
	}

	@Override
	public void write(long at, byte[] from, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size());
		Qcow2Changes to = changes.orElseThrow(() -> new IOException("a disk that was opened for reading")); //$NON-NLS-1$
		for (int done = 0; done < length;) {
			long start = at + done;
			int within = (int) (start & clusterSize - 1);
			int part = Math.min(length - done, clusterSize - within);
			writeCluster(to, start, within, from, offset + done, part);
			done += part;
		}
	}

	private void writeCluster(Qcow2Changes to, long at, int within, byte[] from, int offset, int length)
			throws IOException {
		long entry = map.entry(at);
		boolean own = to.isOwn(entry);
		long present = entry & Qcow2Map.OFFSET;
		if (own && (entry & Qcow2Map.ALL_ZEROS) == 0) {
			file.writeFully(present + within, ByteBuffer.wrap(from, offset, length));
			return;
		}
		byte[] whole = new byte[clusterSize];
		if (length < clusterSize) {
			readEntry(entry, at - within, 0, whole, 0, clusterSize);
		}
		System.arraycopy(from, offset, whole, within, length);
		long cluster = own ? present : to.allocate(entry);
		file.writeFully(cluster, ByteBuffer.wrap(whole));
		to.map(at, cluster, entry);
	}

	@Override
	public void flush() throws IOException {
		if (changes.isPresent()) {
			changes.get().settle();
		}
	}

	@Override
	public void close() throws IOException {
		Disk below = backing;
		try (file) {
			flush();
		} finally {
			if (below != null) {
				below.close();
			}
		}
	}
}
