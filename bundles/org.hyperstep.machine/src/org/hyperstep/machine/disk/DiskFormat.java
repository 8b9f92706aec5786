/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Formats of disk images, those that can be read and those that are recognised to be refused. */
@SuppressWarnings("nls")
public enum DiskFormat {
	/** The disk's bytes one after the other. */
	RAW(0, ""),
	/** QEMU's copy-on-write format, versions 2 and 3. */
	QCOW2(0, "QFI\u00fb"), VMDK(0, "KDMV"), VMDK_DESCRIPTION(0, "# Disk DescriptorFile"), VHDX(0, "vhdxfile"),
	VHD(0, "conectix"), VDI(0, "<<< "), GZIP(0, "\u001f\u008b"), XZ(0, "\u00fd7zXZ"), ZSTANDARD(0, "(\u00b5/\u00fd"),
	DMG(0, "koly"), PARALLELS(0, "WithoutFreeSpace");

	private final int offset;
	private final byte[] magic;

	DiskFormat(int offset, String magic) {
		this.offset = offset;
		this.magic = magic.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Bytes of a file's head that decide. */
	static final int HEAD = 64;

	/** The format of a file that begins so; raw if it looks like none of the others. */
	static DiskFormat of(byte[] head) {
		for (DiskFormat format : values()) {
			if (format != RAW && format.matches(head)) {
				return format;
			}
		}
		return RAW;
	}

	private boolean matches(byte[] head) {
		int end = offset + magic.length;
		return head.length >= end
				&& java.util.Arrays.equals(head, offset, end, magic, 0, magic.length);
	}

	/** Whether images of the format can be read. */
	public boolean isReadable() {
		return this == RAW || this == QCOW2;
	}

	/** Its name for users. */
	public String label() {
		return toString().toLowerCase(Locale.ROOT);
	}
}
