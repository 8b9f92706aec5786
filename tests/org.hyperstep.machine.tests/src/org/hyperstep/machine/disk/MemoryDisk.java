/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;

/** A disk of bytes. */
public final class MemoryDisk implements Disk {
	public final byte[] bytes;
	private final boolean readOnly;
	/** How often it was flushed. */
	public int flushes;
	/** Accesses to this byte fail, as on a damaged disk. */
	public long damagedAt = -1;

	public MemoryDisk(byte[] bytes, boolean readOnly) {
		this.bytes = bytes;
		this.readOnly = readOnly;
	}

	/** A drive with this disk in it. */
	public Drive drive(boolean cdrom, DriveRequest.Bus bus) {
		DriveRequest plain = DriveRequest.disk(Path.of("memory")); //$NON-NLS-1$
		return new Drive(new DriveRequest(plain.file(), cdrom, false, plain.format(), bus, plain.backing(), 0), this);
	}

	private void check(long at, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size());
		if (damagedAt >= at && damagedAt < at + length) {
			throw new IOException("damaged"); //$NON-NLS-1$
		}
	}

	@Override
	public long size() {
		return bytes.length;
	}

	@Override
	public boolean isReadOnly() {
		return readOnly;
	}

	@Override
	public void read(long at, byte[] to, int offset, int length) throws IOException {
		check(at, length);
		System.arraycopy(bytes, (int) at, to, offset, length);
	}

	@Override
	public void write(long at, byte[] from, int offset, int length) throws IOException {
		check(at, length);
		if (readOnly) {
			throw new IOException("read-only"); //$NON-NLS-1$
		}
		System.arraycopy(from, offset, bytes, (int) at, length);
	}

	@Override
	public void flush() {
		flushes++;
	}

	@Override
	public void close() {
		// Nothing to give back.
	}
}
