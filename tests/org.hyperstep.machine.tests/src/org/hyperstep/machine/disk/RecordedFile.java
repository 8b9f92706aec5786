/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.eclipse.jdt.annotation.NonNullByDefault;

/** A file in memory that knows in which order it was written, and what a failure of the host may leave of it. */
@NonNullByDefault({})
@SuppressWarnings("nls")
final class RecordedFile extends FileChannel {

	/** A write, or where there are no bytes the point at which all before it survives. */
	private record Step(long at, byte[] bytes) {
	}

	private static final int LARGEST = 1 << 26;

	private final byte[] before;
	private byte[] now;
	private final List<Step> steps = new ArrayList<>();

	RecordedFile(byte[] contents) {
		before = contents.clone();
		now = contents.clone();
	}

	byte[] contents() {
		return now.clone();
	}

	/** Writes and forced points until now. */
	int steps() {
		return steps.size();
	}

	/** What the file may hold when the host fails after so many steps: what was forced, and any of what came after. */
	byte[] afterFailure(int count, Random random) {
		int forced = count;
		while (forced > 0 && steps.get(forced - 1).bytes().length > 0) {
			forced--;
		}
		byte[] left = before.clone();
		for (int i = 0; i < count; i++) {
			if (i < forced || random.nextBoolean()) {
				left = written(left, steps.get(i));
			}
		}
		return left;
	}

	private static byte[] written(byte[] to, Step step) {
		byte[] result = step.at() + step.bytes().length > to.length
				? Arrays.copyOf(to, (int) step.at() + step.bytes().length)
				: to;
		System.arraycopy(step.bytes(), 0, result, (int) step.at(), step.bytes().length);
		return result;
	}

	@Override
	public int read(ByteBuffer to, long at) {
		int count = (int) Math.min(to.remaining(), now.length - at);
		if (count > 0) {
			to.put(now, (int) at, count);
		}
		return count > 0 || !to.hasRemaining() ? count : -1;
	}

	@Override
	public int write(ByteBuffer from, long at) throws IOException {
		if (at > LARGEST) {
			throw new IOException("hostile: no room");
		}
		byte[] bytes = new byte[from.remaining()];
		from.get(bytes);
		Step step = new Step(at, bytes);
		steps.add(step);
		now = written(now, step);
		return bytes.length;
	}

	@Override
	public void force(boolean metaData) {
		steps.add(new Step(0, new byte[0]));
	}

	@Override
	public long size() {
		return now.length;
	}

	@Override
	protected void implCloseChannel() {
		// Nothing is open.
	}

	@Override
	public int read(ByteBuffer to) throws IOException {
		throw new IOException();
	}

	@Override
	public long read(ByteBuffer[] to, int offset, int length) throws IOException {
		throw new IOException();
	}

	@Override
	public int write(ByteBuffer from) throws IOException {
		throw new IOException();
	}

	@Override
	public long write(ByteBuffer[] from, int offset, int length) throws IOException {
		throw new IOException();
	}

	@Override
	public long position() throws IOException {
		throw new IOException();
	}

	@Override
	public FileChannel position(long position) throws IOException {
		throw new IOException();
	}

	@Override
	public FileChannel truncate(long size) throws IOException {
		throw new IOException();
	}

	@Override
	public long transferTo(long position, long count, WritableByteChannel target) throws IOException {
		throw new IOException();
	}

	@Override
	public long transferFrom(ReadableByteChannel from, long position, long count) throws IOException {
		throw new IOException();
	}

	@Override
	public MappedByteBuffer map(MapMode mode, long position, long size) throws IOException {
		throw new IOException();
	}

	@Override
	public FileLock lock(long position, long size, boolean shared) throws IOException {
		throw new IOException();
	}

	@Override
	public FileLock tryLock(long position, long size, boolean shared) throws IOException {
		throw new IOException();
	}
}
