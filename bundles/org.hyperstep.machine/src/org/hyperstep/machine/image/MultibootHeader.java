/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.eclipse.jdt.annotation.Nullable;

/**
 * A multiboot 1 header (Multiboot Specification 0.6.96, "The layout of Multiboot header").
 *
 * @param offset    where it is in the file
 * @param flags     what the image asks for
 * @param addresses where to load by, or null if the image is to be loaded by its ELF program headers
 */
@SuppressWarnings("nls")
record MultibootHeader(long offset, long flags, @Nullable Addresses addresses) {
	private static final long MAGIC = 0x1badb002L;
	/** It is in the first 8192 bytes, at a multiple of 4. */
	private static final int SEARCHED = 8192;
	private static final long HAS_ADDRESSES = 1 << 16;
	/** Bits 15:0 are demands; page-aligned modules and the memory map are always given, a video mode is only a preference. */
	private static final long KNOWN_DEMANDS = 7;

	/** The address fields, all guestPhysical; {@code dataEnd} and {@code end} resolved if the file gives 0. */
	record Addresses(long start, long dataEnd, long end, long entry, long fileOffset) {
	}

	/** The header, or null if the file has none. */
	static @Nullable MultibootHeader find(ImageBytes file) throws ImageException {
		for (int offset = 0; offset + 12 <= Math.min(SEARCHED, file.length()); offset += 4) {
			if (file.u32(offset, "magic") == MAGIC) {
				long flags = file.u32(offset + 4, "multiboot flags");
				long sum = MAGIC + flags + file.u32(offset + 8, "multiboot checksum");
				if ((int) sum == 0) {
					return parse(file, offset, flags);
				}
			}
		}
		return null;
	}

	private static MultibootHeader parse(ImageBytes file, long offset, long flags) throws ImageException {
		if ((flags & 0xffff & ~KNOWN_DEMANDS) != 0) {
			throw file.error(String.format(
					"asks by its multiboot header at offset 0x%x for unknown features (flags 0x%x)", offset,
					flags));
		}
		return new MultibootHeader(offset, flags, (flags & HAS_ADDRESSES) == 0 ? null : addresses(file, offset));
	}

	private static Addresses addresses(ImageBytes file, long offset) throws ImageException {
		String what = "the multiboot address fields";
		Addresses addresses = addresses(file, offset, file.u32(offset + 12, what), file.u32(offset + 16, what),
				file.u32(offset + 20, what), file.u32(offset + 24, what));
		long entry = file.u32(offset + 28, what);
		if (entry < addresses.start || entry >= addresses.end) {
			throw bad(file, offset, String.format("entry_addr 0x%x is outside of what is loaded", entry));
		}
		return new Addresses(addresses.start, addresses.dataEnd, addresses.end, entry, addresses.fileOffset);
	}

	/** Checks the address fields, which both versions of multiboot share; the entry is 0 here. */
	static Addresses addresses(ImageBytes file, long offset, long header, long start, long loadEnd, long zeroEnd)
			throws ImageException {
		long dataEnd = loadEnd;
		long end = zeroEnd;
		long fileOffset = offset - (header - start);
		if (header < start || fileOffset < 0) {
			throw bad(file, offset,
					String.format("header_addr 0x%x does not agree with load_addr 0x%x", header, start));
		}
		if (dataEnd == 0) {
			dataEnd = start + file.length() - fileOffset;
		}
		if (dataEnd < start) {
			throw bad(file, offset, String.format("load_end_addr 0x%x lies before load_addr 0x%x", dataEnd, start));
		}
		if (!file.has(fileOffset, dataEnd - start)) {
			throw file.truncated("the part that its multiboot header loads", fileOffset, dataEnd - start);
		}
		if (end == 0) {
			end = dataEnd;
		}
		if (end < dataEnd) {
			throw bad(file, offset, String.format("bss_end_addr 0x%x lies before load_end_addr 0x%x", end, dataEnd));
		}
		return new Addresses(start, dataEnd, end, 0, fileOffset);
	}

	private static ImageException bad(ImageBytes file, long offset, String message) {
		return file.error(String.format("has a bad multiboot header at offset 0x%x: %s", offset, message));
	}
}
