/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The header of a qcow2 image (QEMU's "Qcow2 Image File Format", "Header"), checked when it is read. All numbers are
 * big-endian.
 *
 * @param clusterBits    a cluster has 2 to this power bytes, 9 to 21
 * @param size           of the disk in bytes
 * @param level1Offset   file offset of the first-level table
 * @param level1Size     its entries
 * @param backingFile    the name of the image that it builds on, or empty
 * @param refcountOffset file offset of the table of reference counts
 * @param refcountSize   its clusters
 * @param refcountOrder  a reference count has 2 to this power bits
 * @param dirty          whether the reference counts may be wrong
 * @param autoclear      features that whoever writes and doesn't know them takes away
 */
@SuppressWarnings("nls")
record Qcow2Header(int clusterBits, long size, long level1Offset, int level1Size, String backingFile,
		long refcountOffset, int refcountSize, int refcountOrder, boolean dirty, long autoclear) {
	/** File offsets of the fields that change when an image is written. */
	static final int REFCOUNT_OFFSET_FIELD = 48, AUTOCLEAR_FIELD = 88;
	/** The limit of the table of reference counts in QEMU: 8 MB. */
	static final int MOST_REFCOUNT_BYTES = 8 << 20;
	private static final int DEFAULT_REFCOUNT_ORDER = 4, MOST_REFCOUNT_ORDER = 6;
	/** More than 64 TB of disk is not believed. */
	private static final long LARGEST = 64L << 40;
	/** The first-level table's limit in QEMU: 32 MB. */
	private static final int MOST_LEVEL_1 = 32 << 20 >> 3;
	private static final int HEAD = 104, LONGEST_NAME = 1023, ENTRY = 8;
	private static final long DIRTY = 1, CORRUPT = 2, EXTERNAL_DATA = 4, COMPRESSION_TYPE = 8, EXTENDED_LEVEL_2 = 16;
	private static final int ZLIB = 0;

	static Qcow2Header read(DiskFile file) throws DiskException {
		ByteBuffer head = ByteBuffer.wrap(file.head(HEAD + ENTRY));
		try {
			return parse(file, head);
		} catch (BufferUnderflowException | IndexOutOfBoundsException e) {
			throw file.error("is truncated: its qcow2 header needs " + HEAD + " bytes");
		}
	}

	private static Qcow2Header parse(DiskFile file, ByteBuffer head) throws DiskException {
		int version = head.getInt(4);
		if (version != 2 && version != 3) {
			throw bad(file, 4, "version " + Integer.toUnsignedString(version) + "; 2 and 3 can be read");
		}
		int bits = head.getInt(20);
		if (bits < 9 || bits > 21) {
			throw bad(file, 20, "clusters of 2^" + Integer.toUnsignedString(bits) + " bytes; 2^9 to 2^21 are possible");
		}
		long size = head.getLong(24);
		if (size <= 0 || size > LARGEST || size % Disk.SECTOR != 0) {
			throw bad(file, 24, "a disk of " + Long.toUnsignedString(size) + " bytes");
		}
		if (head.getInt(32) != 0) {
			throw bad(file, 32, "encryption, which cannot be read; convert it with qemu-img");
		}
		if (version == 3) {
			checkFeatures(file, head);
		}
		int entries = head.getInt(36);
		long offset = head.getLong(40);
		long covered = 1L << 2 * bits - 3;
		if (entries < 0 || entries > MOST_LEVEL_1 || entries < (size + covered - 1) / covered) {
			throw bad(file, 36, Integer.toUnsignedString(entries) + " first-level entries for a disk of " + size
					+ " bytes");
		}
		if (offset <= 0 || offset % (1L << bits) != 0 || offset > file.size() - (long) entries * ENTRY) {
			throw bad(file, 40, String.format("its first-level table at 0x%x, outside of the file", offset));
		}
		boolean features = version == 3;
		return new Qcow2Header(bits, size, offset, entries, backingFile(file, head),
				head.getLong(REFCOUNT_OFFSET_FIELD), head.getInt(56),
				features ? head.getInt(96) : DEFAULT_REFCOUNT_ORDER, features && (head.getLong(72) & DIRTY) != 0,
				features ? head.getLong(AUTOCLEAR_FIELD) : 0);
	}

	/** Checks what only matters when the image is written. */
	void checkWritable(DiskFile file) throws DiskException {
		if (dirty) {
			throw bad(file, 72, "the mark that it was not closed properly; repair it with qemu-img check -r all, "
					+ "or leave writable out to keep the changes in memory");
		}
		if (refcountOrder < 0 || refcountOrder > MOST_REFCOUNT_ORDER) {
			throw bad(file, 96, "reference counts of 2^" + Integer.toUnsignedString(refcountOrder) + " bits");
		}
		if (refcountSize <= 0 || refcountSize > MOST_REFCOUNT_BYTES >> clusterBits) {
			throw bad(file, 56, Integer.toUnsignedString(refcountSize) + " clusters of reference counts");
		}
		if (refcountOffset <= 0 || refcountOffset % (1L << clusterBits) != 0
				|| refcountOffset > file.size() - ((long) refcountSize << clusterBits)) {
			throw bad(file, REFCOUNT_OFFSET_FIELD,
					String.format("its reference counts at 0x%x, outside of the file", refcountOffset));
		}
	}

	private static void checkFeatures(DiskFile file, ByteBuffer head) throws DiskException {
		long features = head.getLong(72);
		if ((features & CORRUPT) != 0) {
			throw bad(file, 72, "the mark of a corrupt image; repair it with qemu-img check -r");
		}
		if ((features & (EXTERNAL_DATA | EXTENDED_LEVEL_2)) != 0
				|| (features & ~(DIRTY | COMPRESSION_TYPE)) != 0) {
			throw bad(file, 72,
					String.format("features (0x%x) that cannot be read; convert it with qemu-img", features));
		}
		if ((features & COMPRESSION_TYPE) != 0 && head.get(104) != ZLIB) {
			throw bad(file, 104, "a compression other than zlib; convert it with qemu-img");
		}
	}

	private static String backingFile(DiskFile file, ByteBuffer head) throws DiskException {
		long offset = head.getLong(8);
		int length = head.getInt(16);
		if (offset == 0) {
			return "";
		}
		if (length <= 0 || length > LONGEST_NAME || offset < 0 || offset > file.size() - length
				|| offset > 1 << 21) {
			throw bad(file, 8, "the name of a backing file outside of its first cluster");
		}
		byte[] start = file.head((int) offset + length);
		// Control characters would reach the user's terminal by the message.
		return new String(start, (int) offset, length, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
	}

	private static DiskException bad(DiskFile file, int offset, String what) {
		return file.error(String.format("is a qcow2 image that has at offset 0x%x %s", offset, what));
	}
}
