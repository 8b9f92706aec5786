/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** An image file that is open, with messages that a user can act on. A file that is written is locked against others. */
@SuppressWarnings("nls")
final class DiskFile implements Closeable {
	private final Path path;
	private final FileChannel channel;
	private final boolean writable;
	private long size;

	DiskFile(Path path, FileChannel channel, boolean writable, long size) {
		this.path = path;
		this.channel = channel;
		this.writable = writable;
		this.size = size;
	}

	static DiskFile open(Path path, boolean writable) throws DiskException {
		if (!Files.exists(path)) {
			throw new DiskException(path + ": no such file");
		}
		if (!Files.isRegularFile(path)) {
			throw new DiskException(path + ": is not a regular file");
		}
		try {
			FileChannel channel = writable
					? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
					: FileChannel.open(path, StandardOpenOption.READ);
			boolean kept = false;
			try {
				if (writable && !locked(channel)) {
					throw new DiskException(path + ": is being written by another process or another disk");
				}
				DiskFile file = new DiskFile(path, channel, writable, channel.size());
				kept = true;
				return file;
			} finally {
				if (!kept) {
					channel.close();
				}
			}
		} catch (AccessDeniedException e) {
			throw new DiskException(
					path + ": may not be " + (writable ? "written" : "read") + "; check its permissions");
		} catch (IOException e) {
			throw new DiskException(path + ": cannot be opened: " + e.getMessage());
		}
	}

	/** The lock lasts until the channel is closed. */
	private static boolean locked(FileChannel channel) throws IOException {
		try {
			return channel.tryLock() != null;
		} catch (OverlappingFileLockException e) {
			return false;
		}
	}

	/** Bytes, those that were written here included. */
	long size() {
		return size;
	}

	/** Reads the first bytes, fewer at the end of the file. */
	byte[] head(int length) throws DiskException {
		byte[] bytes = new byte[(int) Math.min(length, size)];
		try {
			readFully(0, ByteBuffer.wrap(bytes));
		} catch (IOException e) {
			throw error("cannot be read: " + e.getMessage());
		}
		return bytes;
	}

	void readFully(long at, ByteBuffer to) throws IOException {
		long from = at;
		while (to.hasRemaining()) {
			int count = channel.read(to, from);
			if (count < 0) {
				throw new EOFException(path + " ends at " + from);
			}
			from += count;
		}
	}

	void writeFully(long at, ByteBuffer from) throws IOException {
		if (!writable) {
			throw new IOException(path + " was opened for reading");
		}
		long to = at;
		while (from.hasRemaining()) {
			to += channel.write(from, to);
		}
		size = Math.max(size, to);
	}

	/** What was written before survives a failure of the host, and comes before what is written from now on. */
	void force() throws IOException {
		if (writable) {
			channel.force(false);
		}
	}

	/** An image whose own tables are wrong. */
	IOException damaged(String what, long offset) {
		return new IOException(path + String.format(": is a damaged qcow2 image: %s at offset 0x%x", what, offset));
	}

	DiskException error(String message) {
		return new DiskException(path + ": " + message);
	}

	@Override
	public void close() throws IOException {
		channel.close();
	}
}
