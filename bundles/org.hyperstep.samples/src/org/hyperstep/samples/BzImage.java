/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.samples;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * A Linux kernel in its bootable form. Its setup header says where the compressed ELF file is; see "The Linux/x86 Boot
 * Protocol", fields payload_offset and payload_length.
 */
@SuppressWarnings("nls")
final class BzImage {

	private static final int SECTOR = 512;
	private static final int SETUP_SECTORS = 0x1f1;
	private static final int HEADER_MAGIC = 0x202;
	private static final int PROTOCOL_VERSION = 0x206;
	private static final int PAYLOAD_OFFSET = 0x248;
	private static final int PAYLOAD_LENGTH = 0x24c;
	private static final int HDRS = 0x53726448;
	private static final int FIRST_VERSION_WITH_PAYLOAD = 0x208;

	/** How a payload may be compressed: the bytes it starts with, and the program that reads it. */
	private enum Compression {
		GZIP(new int[] { 0x1f, 0x8b }, List.of()), XZ(new int[] { 0xfd, '7', 'z', 'X', 'Z', 0 }, List.of("xz", "-dc")),
		ZSTD(new int[] { 0x28, 0xb5, 0x2f, 0xfd }, List.of("zstd", "-dc", "-q")),
		LZ4(new int[] { 0x02, 0x21, 0x4c, 0x18 }, List.of("lz4", "-dc"));

		private final int[] magic;
		private final List<String> program;

		Compression(int[] magic, List<String> program) {
			this.magic = magic;
			this.program = program;
		}

		static Compression of(byte[] payload) throws IOException {
			for (Compression candidate : values()) {
				if (candidate.startsWithMagic(payload)) {
					return candidate;
				}
			}
			throw new IOException("the kernel is compressed in a way that is not known here");
		}

		private boolean startsWithMagic(byte[] payload) {
			for (int i = 0; i < magic.length; i++) {
				if (i >= payload.length || Byte.toUnsignedInt(payload[i]) != magic[i]) {
					return false;
				}
			}
			return true;
		}
	}

	private final byte[] payload;
	private final int unpackedLength;

	/** Reads the setup header. */
	BzImage(byte[] image) throws IOException {
		ByteBuffer header = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
		if (image.length < PAYLOAD_LENGTH + 4 || header.getInt(HEADER_MAGIC) != HDRS
				|| header.getShort(PROTOCOL_VERSION) < FIRST_VERSION_WITH_PAYLOAD) {
			throw new IOException("not a bzImage of boot protocol 2.08 or newer");
		}
		long start = (header.get(SETUP_SECTORS) + 1L) * SECTOR + header.getInt(PAYLOAD_OFFSET);
		long end = start + header.getInt(PAYLOAD_LENGTH);
		if (start < 0 || end < start + 4 || end > image.length) {
			throw new IOException("the bzImage is truncated: its payload ends at " + end + " of " + image.length);
		}
		// The kernel's build appends the unpacked length to the compressed stream; only gzip's own trailer is the same.
		unpackedLength = header.getInt((int) end - 4);
		payload = Arrays.copyOfRange(image, (int) start, (int) end);
	}

	/** Writes the unpacked ELF file; temporary files go into the given directory. */
	void writeKernel(Path workDirectory, OutputStream to) throws IOException {
		byte[] kernel = unpack(workDirectory);
		if (kernel.length != unpackedLength) {
			throw new IOException("the kernel unpacked to " + kernel.length + " bytes instead of " + unpackedLength);
		}
		to.write(kernel);
	}

	private byte[] unpack(Path workDirectory) throws IOException {
		Compression compression = Compression.of(payload);
		if (compression == Compression.GZIP) {
			try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(payload))) {
				return stream.readAllBytes();
			}
		}
		Path compressed = Files.createTempFile(workDirectory, "payload", "");
		Path unpacked = Files.createTempFile(workDirectory, "unpacked", "");
		Files.write(compressed, Arrays.copyOf(payload, payload.length - 4));
		HostCommand.pipe(workDirectory, unpacked, List.of(List.of("cat", compressed.toString()), compression.program));
		return Files.readAllBytes(unpacked);
	}
}
