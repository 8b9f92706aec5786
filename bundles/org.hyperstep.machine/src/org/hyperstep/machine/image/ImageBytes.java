/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** An image's contents, little-endian; each read is checked and says what it wanted. */
@SuppressWarnings("nls")
final class ImageBytes {
	private final String name;
	private final byte[] bytes;
	private final ByteBuffer buffer;

	ImageBytes(String name, byte[] bytes) {
		this.name = name;
		this.bytes = bytes;
		this.buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
	}

	String name() {
		return name;
	}

	int length() {
		return bytes.length;
	}

	byte[] array() {
		return bytes;
	}

	/** Whether {@code size} bytes from {@code offset} on are in the file. Takes any 64-bit values. */
	boolean has(long offset, long size) {
		return offset >= 0 && size >= 0 && offset <= bytes.length && size <= bytes.length - offset;
	}

	int u8(long offset, String what) throws ImageException {
		return buffer.get(at(offset, 1, what)) & 0xff;
	}

	int u16(long offset, String what) throws ImageException {
		return buffer.getShort(at(offset, 2, what)) & 0xffff;
	}

	long u32(long offset, String what) throws ImageException {
		return buffer.getInt(at(offset, 4, what)) & 0xffffffffL;
	}

	long u64(long offset, String what) throws ImageException {
		return buffer.getLong(at(offset, 8, what));
	}

	/** A word of the file's class. */
	long word(boolean wide, long offset, String what) throws ImageException {
		return wide ? u64(offset, what) : u32(offset, what);
	}

	private int at(long offset, int size, String what) throws ImageException {
		if (!has(offset, size)) {
			throw truncated(what, offset, size);
		}
		return (int) offset;
	}

	ImageException truncated(String what, long offset, long size) {
		return error(String.format("is truncated or damaged: %s needs 0x%x bytes at offset 0x%x, the file has 0x%x; "
				+ "build or copy it again", what, size, offset, bytes.length));
	}

	/** An error that begins with the file's name. */
	ImageException error(String message) {
		return new ImageException(name + ": " + message);
	}
}
