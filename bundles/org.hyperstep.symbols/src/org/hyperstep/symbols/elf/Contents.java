/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

import org.hyperstep.symbols.SymbolFileException;

/**
 * The bytes of one part of a file, with the name that error messages give it. Immutable and safe for all threads.
 */
@SuppressWarnings("nls")
public final class Contents {
	private final Path file;
	private final String name;
	private final ByteBuffer bytes;

	public Contents(Path file, String name, ByteBuffer bytes) {
		this.file = file;
		this.name = name;
		// slice() forgets the byte order, so it is set on the slice
		this.bytes = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
	}

	/** Stands for a part that the file does not have. */
	public static Contents absent(Path file, String name) {
		return new Contents(file, name, ByteBuffer.allocate(0));
	}

	public Path file() {
		return file;
	}

	public String name() {
		return name;
	}

	public int size() {
		return bytes.limit();
	}

	public boolean isEmpty() {
		return size() == 0;
	}

	/** A reader from {@code offset} to the end. */
	public Cursor cursor(long offset) throws SymbolFileException {
		return cursor(offset, size());
	}

	/** A reader of {@code [offset, end)}. */
	public Cursor cursor(long offset, long end) throws SymbolFileException {
		if (offset < 0 || end < offset || end > size()) {
			throw failure(offset, "offset 0x%x to 0x%x is outside of its 0x%x bytes".formatted(offset, end, size()));
		}
		return new Cursor(this, (int) offset, (int) end);
	}

	/** The string of UTF-8 that begins at {@code offset} and ends before a zero byte. */
	public String string(long offset) throws SymbolFileException {
		return cursor(offset).string();
	}

	/** As {@link #string(long)} for a string of at most {@code longest} bytes. */
	public String string(long offset, int longest) throws SymbolFileException {
		Cursor text = cursor(offset);
		for (int length = 0; text.u8() != 0; length++) {
			if (length == longest) {
				throw failure(offset, "a string of more than " + longest + " bytes where none is that long");
			}
		}
		return string(offset);
	}

	/** The same bytes in memory of this process, so that what happens to the file cannot touch them. */
	public Contents resident() {
		return bytes.isDirect() ? new Contents(file, name, ByteBuffer.allocate(size()).put(bytes.duplicate()).flip())
				: this;
	}

	/** The failure that the byte at {@code offset} is the reason for. */
	public SymbolFileException failure(long offset, String reason) {
		return new SymbolFileException(file, name, offset, reason);
	}

	ByteBuffer bytes() {
		return bytes;
	}
}
