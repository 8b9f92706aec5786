/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A file that holds a disk's bytes one after the other. */
final class RawDisk implements Disk {
	private final DiskFile file;
	private final long size;
	private final boolean writable;

	/**
	 * @param unit bytes of which a whole number is wanted: a sector's
	 */
	@SuppressWarnings("nls")
	RawDisk(DiskFile file, boolean writable, int unit) throws DiskException {
		this.file = file;
		this.writable = writable;
		size = file.size();
		if (size == 0) {
			throw file.error("is empty");
		}
		if (size % unit != 0) {
			throw file.error("has " + size + " bytes, which is not a whole number of sectors of " + unit
					+ " bytes; is it a disk image, and copied completely?");
		}
	}

	@Override
	public long size() {
		return size;
	}

	@Override
	public boolean isReadOnly() {
		return !writable;
	}

	@Override
	public void read(long at, byte[] to, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size);
		file.readFully(at, ByteBuffer.wrap(to, offset, length));
	}

	@Override
	public void write(long at, byte[] from, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size);
		file.writeFully(at, ByteBuffer.wrap(from, offset, length));
	}

	@Override
	public void flush() throws IOException {
		file.force();
	}

	@Override
	public void close() throws IOException {
		file.close();
	}
}
