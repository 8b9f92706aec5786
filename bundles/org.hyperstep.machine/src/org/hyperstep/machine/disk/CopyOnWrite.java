/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** A disk whose changes are kept in memory, by blocks of 4 KB and up to a limit, and are gone when it is closed. */
final class CopyOnWrite implements Disk {
	private static final int BLOCK = 4096;

	private final Disk base;
	private final String name;
	private final long mostBlocks;
	private final Map<Long, byte[]> changed = new HashMap<>();

	/**
	 * @param name  names the disk in messages
	 * @param limit bytes of changes that are kept at most
	 */
	CopyOnWrite(Disk base, String name, long limit) {
		this.base = base;
		this.name = name;
		mostBlocks = limit / BLOCK;
	}

	@Override
	public long size() {
		return base.size();
	}

	@Override
	public boolean isReadOnly() {
		return false;
	}

	@Override
	public void read(long at, byte[] to, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size());
		for (int done = 0; done < length;) {
			long from = at + done;
			int within = (int) (from % BLOCK);
			int part = Math.min(length - done, BLOCK - within);
			byte[] block = block(from);
			if (block.length == 0) {
				part = unchanged(from, part, length - done);
				base.read(from, to, offset + done, part);
			} else {
				System.arraycopy(block, within, to, offset + done, part);
			}
			done += part;
		}
	}

	private byte[] block(long at) {
		return changed.getOrDefault(at / BLOCK, NONE);
	}

	private static final byte[] NONE = {};

	/** Extends a part that was not changed over the blocks behind it that were not either. */
	private int unchanged(long from, int part, int most) {
		int length = part;
		while (length < most && !changed.containsKey((from + length) / BLOCK)) {
			length = Math.min(most, length + BLOCK);
		}
		return length;
	}

	@Override
	public void write(long at, byte[] from, int offset, int length) throws IOException {
		Objects.checkFromIndexSize(at, length, size());
		for (int done = 0; done < length;) {
			long to = at + done;
			int within = (int) (to % BLOCK);
			int part = Math.min(length - done, BLOCK - within);
			System.arraycopy(from, offset + done, writable(to / BLOCK), within, part);
			done += part;
		}
	}

	@SuppressWarnings("nls")
	private byte[] writable(long index) throws IOException {
		byte[] present = changed.getOrDefault(index, NONE);
		if (present.length != 0) {
			return present;
		}
		if (changed.size() >= mostBlocks) {
			throw new IOException(name + ": more than " + (mostBlocks * BLOCK >> 20)
					+ " MB were changed, which is all that is kept in memory; attach the disk writable");
		}
		byte[] block = new byte[BLOCK];
		base.read(index * BLOCK, block, 0, (int) Math.min(BLOCK, size() - index * BLOCK));
		changed.put(index, block);
		return block;
	}

	@Override
	public void flush() {
		// Nothing survives the end of the process anyway.
	}

	@Override
	public void close() throws IOException {
		base.close();
	}
}
