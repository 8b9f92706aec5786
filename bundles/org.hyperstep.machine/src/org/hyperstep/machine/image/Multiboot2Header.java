/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.eclipse.jdt.annotation.Nullable;

/**
 * A multiboot 2 header (Multiboot2 Specification, "The layout of Multiboot2 header").
 *
 * @param offset      where it is in the file
 * @param addresses   where to load by, or null if the image is to be loaded by its ELF program headers
 * @param entry       the entry point that the header gives, or -1
 */
@SuppressWarnings("nls")
record Multiboot2Header(long offset, MultibootHeader.@Nullable Addresses addresses, long entry) {
	private static final long MAGIC = 0xe85250d6L;
	/** It is in the first 32768 bytes, at a multiple of 8. */
	private static final int SEARCHED = 32768;
	private static final int ARCHITECTURE_I386 = 0, HEADER_SIZE = 16, TAG_SIZE = 8;
	private static final int TAG_END = 0, TAG_INFORMATION = 1, TAG_ADDRESS = 2, TAG_ENTRY = 3, TAG_FLAGS = 4,
			TAG_FRAMEBUFFER = 5, TAG_MODULE_ALIGNMENT = 6, TAG_EFI_SERVICES = 7, TAG_EFI_ENTRY_32 = 8,
			TAG_EFI_ENTRY_64 = 9, TAG_RELOCATABLE = 10;
	private static final int OPTIONAL = 1;
	/** Types of information that the loader knows of, given or not: those of the specification. */
	private static final int KNOWN_INFORMATION = 21;

	/** The header, or null if the file has none. */
	static @Nullable Multiboot2Header find(ImageBytes file) throws ImageException {
		for (int offset = 0; offset + HEADER_SIZE <= Math.min(SEARCHED, file.length()); offset += 8) {
			if (file.u32(offset, "magic") == MAGIC) {
				long architecture = file.u32(offset + 4, "multiboot 2 architecture");
				long length = file.u32(offset + 8, "multiboot 2 header length");
				long sum = MAGIC + architecture + length + file.u32(offset + 12, "multiboot 2 checksum");
				if ((int) sum == 0 && architecture == ARCHITECTURE_I386) {
					return parse(file, offset, length);
				}
			}
		}
		return null;
	}

	private static Multiboot2Header parse(ImageBytes file, long offset, long length) throws ImageException {
		if (length < HEADER_SIZE || length > SEARCHED || !file.has(offset, length)) {
			throw file.truncated("the multiboot 2 header", offset, length);
		}
		MultibootHeader.@Nullable Addresses addresses = null;
		long entry = -1;
		long at = offset + HEADER_SIZE;
		long end = offset + length;
		while (at + TAG_SIZE <= end) {
			int type = file.u16(at, "a multiboot 2 tag");
			long size = file.u32(at + 4, "a multiboot 2 tag");
			if (size < TAG_SIZE || size > end - at) {
				throw bad(file, at, String.format("it has 0x%x bytes", size));
			}
			switch (type) {
				case TAG_END -> end = at;
				case TAG_INFORMATION -> checkInformation(file, at, size);
				case TAG_ADDRESS -> addresses = addresses(file, offset, at, size);
				case TAG_ENTRY -> entry = field(file, at, size, 0);
				case TAG_FLAGS, TAG_FRAMEBUFFER, TAG_MODULE_ALIGNMENT, TAG_EFI_SERVICES, TAG_EFI_ENTRY_32,
						TAG_EFI_ENTRY_64, TAG_RELOCATABLE -> {
					// Preferences, or about firmware that is not here; modules are on pages always.
				}
				default -> {
					if ((file.u16(at + 2, "a multiboot 2 tag") & OPTIONAL) == 0) {
						throw bad(file, at, "its type " + type + " is unknown and not optional");
					}
				}
			}
			at += size + 7 & ~7L;
		}
		return new Multiboot2Header(offset, addresses, entry);
	}

	private static void checkInformation(ImageBytes file, long tag, long size) throws ImageException {
		boolean optional = (file.u16(tag + 2, "a multiboot 2 tag") & OPTIONAL) != 0;
		for (long at = TAG_SIZE; !optional && at + 4 <= size; at += 4) {
			long type = file.u32(tag + at, "a multiboot 2 information request");
			if (type > KNOWN_INFORMATION) {
				throw bad(file, tag, "it asks for information of the unknown type " + type);
			}
		}
	}

	private static long field(ImageBytes file, long tag, long size, int index) throws ImageException {
		if (size < TAG_SIZE + 4 * (index + 1)) {
			throw bad(file, tag, String.format("it has 0x%x bytes", size));
		}
		return file.u32(tag + TAG_SIZE + 4 * index, "a multiboot 2 tag");
	}

	private static MultibootHeader.Addresses addresses(ImageBytes file, long offset, long tag, long size)
			throws ImageException {
		return MultibootHeader.addresses(file, offset, field(file, tag, size, 0), field(file, tag, size, 1),
				field(file, tag, size, 2), field(file, tag, size, 3));
	}

	private static ImageException bad(ImageBytes file, long tag, String message) {
		return file.error(String.format("has a bad multiboot 2 tag at offset 0x%x: %s", tag, message));
	}
}
