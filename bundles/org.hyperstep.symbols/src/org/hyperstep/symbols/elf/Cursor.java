/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.hyperstep.symbols.SymbolFileException;

/**
 * Reads little-endian values one after the other. Whatever the bytes are, a read past the end is a {@link SymbolFileException}
 * and nothing else. For one thread.
 */
@SuppressWarnings("nls")
public final class Cursor {
	private final Contents contents;
	private final ByteBuffer bytes;
	private final int end;
	private int offset;

	Cursor(Contents contents, int offset, int end) {
		this.contents = contents;
		this.bytes = contents.bytes();
		this.offset = offset;
		this.end = end;
	}

	/** Where the next read begins, from the start of the contents. */
	public int offset() {
		return offset;
	}

	/** Offset after the last readable byte. */
	public int end() {
		return end;
	}

	public int remaining() {
		return end - offset;
	}

	public void seek(long target) throws SymbolFileException {
		if (target < 0 || target > end) {
			throw failure("offset 0x%x lies outside".formatted(target));
		}
		offset = (int) target;
	}

	/** Passes over {@code count} bytes (unsigned). */
	public void skip(long count) throws SymbolFileException {
		advance(count);
	}

	private int advance(long count) throws SymbolFileException {
		if (count < 0 || count > end - offset) {
			throw failure("0x%x bytes wanted but only 0x%x are left".formatted(count, end - offset));
		}
		int start = offset;
		offset += (int) count;
		return start;
	}

	public int u8() throws SymbolFileException {
		return bytes.get(advance(1)) & 0xff;
	}

	public int s8() throws SymbolFileException {
		return bytes.get(advance(1));
	}

	public int u16() throws SymbolFileException {
		return bytes.getShort(advance(2)) & 0xffff;
	}

	public int u24() throws SymbolFileException {
		int low = u16();
		return low | u8() << 16;
	}

	public long u32() throws SymbolFileException {
		return bytes.getInt(advance(4)) & 0xffff_ffffL;
	}

	public long u64() throws SymbolFileException {
		return bytes.getLong(advance(8));
	}

	/** An unsigned value of 1, 2, 4 or 8 bytes. */
	public long unsigned(int size) throws SymbolFileException {
		return switch (size) {
			case 1 -> u8();
			case 2 -> u16();
			case 4 -> u32();
			case 8 -> u64();
			default -> throw failure("a value of " + size + " bytes is not supported");
		};
	}

	/** An unsigned LEB128 (DWARF, "Variable Length Data"). */
	public long uleb() throws SymbolFileException {
		long value = 0;
		for (int shift = 0;; shift += 7) {
			int b = u8();
			if (shift < 64) {
				value |= (long) (b & 0x7f) << shift;
			}
			// bits beyond the 64th may be padding, but must not carry value
			if (shift > 63 && (b & 0x7f) != 0 || shift == 63 && (b & 0x7e) != 0) {
				throw failure("LEB128 value does not fit into 64 bits");
			}
			if ((b & 0x80) == 0) {
				return value;
			}
		}
	}

	/** A signed LEB128 (DWARF, "Variable Length Data"); bits beyond the 64th are dropped. */
	public long sleb() throws SymbolFileException {
		long value = 0;
		int shift = 0;
		int b;
		do {
			b = u8();
			if (shift < 64) {
				value |= (long) (b & 0x7f) << shift;
			}
			shift = Math.min(shift + 7, 70);
		} while ((b & 0x80) != 0);
		return shift < 64 && (b & 0x40) != 0 ? value | -1L << shift : value;
	}

	/** Passes over a string and its final zero byte; the answer is the length without it. */
	public int skipString() throws SymbolFileException {
		int start = offset;
		int at = start;
		while (at < end && bytes.get(at) != 0) {
			at++;
		}
		if (at == end) {
			throw failure("string without a final zero byte");
		}
		offset = at + 1;
		return at - start;
	}

	/** A string of UTF-8 that ends with a zero byte. */
	public String string() throws SymbolFileException {
		int start = offset;
		byte[] text = new byte[skipString()];
		bytes.get(start, text);
		return new String(text, StandardCharsets.UTF_8);
	}

	public byte[] take(int count) throws SymbolFileException {
		byte[] taken = new byte[Math.min(count, remaining())];
		bytes.get(advance(count), taken);
		return taken;
	}

	/** The failure that the bytes just before {@link #offset()} are the reason for. */
	public SymbolFileException failure(String reason) {
		return contents.failure(offset, reason);
	}
}
