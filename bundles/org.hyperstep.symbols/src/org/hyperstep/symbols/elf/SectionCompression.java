/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

import org.hyperstep.symbols.SymbolFileException;

/** Decompresses sections: SHF_COMPRESSED (System V ABI, "Section Compression") and the older {@code .zdebug_} form of the GNU tools. */
@SuppressWarnings("nls")
final class SectionCompression {
	private static final long ELFCOMPRESS_ZLIB = 1;
	private static final long ELFCOMPRESS_ZSTD = 2;
	private static final long ZLIB_MAGIC = 0x42494c5aL;
	/** Debug information shrinks to a fifth at best; a file that claims more than this is not one. */
	private static final long GREATEST_RATIO = 64;
	private static final long SMALL = 16L << 20;
	private static final long GREATEST_SIZE = 1L << 30;

	private SectionCompression() {
	}

	static Contents inflateSection(Contents compressed, boolean is64) throws SymbolFileException {
		Cursor in = compressed.cursor(0);
		long type = in.u32();
		if (is64) {
			in.skip(4);
		}
		long size = in.unsigned(is64 ? 8 : 4);
		in.skip(is64 ? 8 : 4);
		if (type == ELFCOMPRESS_ZSTD) {
			throw in.failure(
					"compressed with zstd, which is not supported; decompress it with: objcopy --decompress-debug-sections");
		}
		if (type != ELFCOMPRESS_ZLIB) {
			throw in.failure("unknown compression type " + type);
		}
		return inflate(compressed, in, size);
	}

	static Contents inflateGnu(Contents compressed) throws SymbolFileException {
		Cursor in = compressed.cursor(0);
		if (in.u32() != ZLIB_MAGIC) {
			throw in.failure("a .zdebug section without its ZLIB magic number");
		}
		return inflate(compressed, in, Long.reverseBytes(in.u64()));
	}

	private static Contents inflate(Contents compressed, Cursor in, long size) throws SymbolFileException {
		long limit = Math.min(GREATEST_SIZE, Math.max(SMALL, in.remaining() * GREATEST_RATIO));
		if (size < 0 || size > limit) {
			throw in.failure("claims to be 0x%x bytes when decompressed, which 0x%x compressed bytes cannot be"
					.formatted(size, in.remaining()));
		}
		Inflater inflater = new Inflater();
		try {
			inflater.setInput(in.take(in.remaining()));
			byte[] bytes = fill(inflater, in, (int) size);
			return new Contents(compressed.file(), compressed.name(), ByteBuffer.wrap(bytes));
		} catch (DataFormatException e) {
			SymbolFileException failure = in.failure("damaged compressed data: " + e.getMessage());
			failure.initCause(e);
			throw failure;
		} finally {
			inflater.end();
		}
	}

	/** Grows with the data that is really there, so that a claimed size costs nothing. */
	private static byte[] fill(Inflater inflater, Cursor in, int size) throws DataFormatException, SymbolFileException {
		byte[] bytes = new byte[Math.min(size, 1 << 16)];
		int filled = 0;
		while (filled < size) {
			if (filled == bytes.length) {
				bytes = Arrays.copyOf(bytes, (int) Math.min(size, 2L * bytes.length));
			}
			int count = inflater.inflate(bytes, filled, bytes.length - filled);
			if (count == 0) {
				throw in.failure("compressed data ends after 0x%x of 0x%x bytes".formatted(filled, size));
			}
			filled += count;
		}
		return bytes;
	}
}
