/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

/** Formats that users take for images, recognised so that the message can say what to do instead. */
@SuppressWarnings("nls")
enum ForeignFormat {
	GZIP(0, "1f8b", "is compressed with gzip; unpack it first (gunzip)"), //
	XZ(0, "fd377a585a00", "is compressed with xz; unpack it first (unxz)"), //
	ZSTANDARD(0, "28b52ffd", "is compressed with zstd; unpack it first (unzstd)"), //
	BZIP2(0, "425a68", "is compressed with bzip2; unpack it first (bunzip2)"), //
	QCOW(0, "514649fb", "is a disk image (qcow), not a guest image; attach it with --disk"), //
	ISO_9660(0x8001, "4344303031", "is a CD image (ISO 9660), not a guest image; attach it with --cdrom"), //
	BOOT_SECTOR(0x1fe, "55aa", "is a disk image with a boot sector, not a guest image; attach it with --disk, "
			+ "or load it as a flat binary"), //
	WINDOWS(0, "4d5a", "is a Windows or EFI program, not a guest image"), //
	SCRIPT(0, "2321", "is a script, not a guest image");

	private final int offset;
	private final String magic;
	private final String message;

	ForeignFormat(int offset, String magic, String message) {
		this.offset = offset;
		this.magic = magic;
		this.message = message;
	}

	private boolean matches(ImageBytes file) {
		int length = magic.length() / 2;
		if (!file.has(offset, length)) {
			return false;
		}
		for (int i = 0; i < length; i++) {
			if ((file.array()[offset + i] & 0xff) != Integer.parseInt(magic, 2 * i, 2 * i + 2, 16)) {
				return false;
			}
		}
		return true;
	}

	/** What to say of a file that offers no protocol. */
	static ImageException refusal(ImageBytes file) {
		for (ForeignFormat format : values()) {
			if (format.matches(file)) {
				return file.error(format.message);
			}
		}
		return file.error(
				"is not a guest image: neither an ELF file, a Linux kernel (bzImage), nor one with a multiboot header; "
						+ "a flat binary needs the address where it goes");
	}
}
