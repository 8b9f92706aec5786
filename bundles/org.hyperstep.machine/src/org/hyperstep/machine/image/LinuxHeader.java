/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The setup header of a Linux kernel ("The Linux/x86 Boot Protocol", "The Real-Mode Kernel Header"), checked when it is
 * read.
 *
 * @param end          first byte behind the header
 * @param kernel       file offset of the protected-mode kernel
 * @param version      protocol version, such as 0x20f
 * @param commandLine  longest command line in bytes, without the zero
 * @param ramDiskEnd   first address that an initial RAM disk may not reach
 * @param relocatable  whether the kernel may be loaded anywhere
 * @param preferred    where it would like to be
 * @param memory       bytes of memory from there on that it needs before it knows the memory map
 * @param enters64     whether it has a 64-bit entry
 */
@SuppressWarnings("nls")
record LinuxHeader(int end, int kernel, int version, long commandLine, long ramDiskEnd, boolean relocatable,
		long preferred, long memory, boolean enters64) {
	/** The header's first byte, the same in the file and in boot_params. */
	static final int START = 0x1f1;
	/** Where a kernel that is not told otherwise is loaded. */
	static final long DEFAULT_ADDRESS = 0x100000;
	private static final int SECTOR = 512, SIGNATURE = 0x202, JUMP = 0x201;
	private static final long MAGIC = 0x53726448;
	private static final int LOADED_HIGH = 1, XLF_KERNEL_64 = 1;
	private static final int DEFAULT_COMMAND_LINE = 255, DEFAULT_SETUP_SECTORS = 4;
	private static final long DEFAULT_RAM_DISK_LAST = 0x37ffffff;

	/** Finds the header, or null if the file is no Linux kernel. */
	static @Nullable LinuxHeader find(ImageBytes file) throws ImageException {
		if (!file.has(SIGNATURE, 4) || file.u32(SIGNATURE, "the setup header") != MAGIC) {
			return null;
		}
		int version = file.u16(0x206, "the boot protocol's version");
		if (version < 0x200 || (file.u8(0x211, "loadflags") & LOADED_HIGH) == 0) {
			throw file.error(String.format("is a Linux kernel of an old kind (zImage, or boot protocol %d.%02d before "
					+ "2.00); a bzImage is wanted", version >> 8, version & 0xff));
		}
		int sectors = file.u8(START, "setup_sects");
		int kernel = ((sectors == 0 ? DEFAULT_SETUP_SECTORS : sectors) + 1) * SECTOR;
		int end = SIGNATURE + file.u8(JUMP, "the setup header's length");
		if (end < 0x228 || end > kernel) {
			throw file.error(String.format("is a damaged Linux kernel: its setup header ends at 0x%x (offset 0x201)",
					end));
		}
		if (!file.has(kernel, 1)) {
			throw file.truncated("the protected-mode kernel", kernel, 1);
		}
		return read(file, version, end, kernel);
	}

	private static LinuxHeader read(ImageBytes file, int version, int end, int kernel) throws ImageException {
		boolean relocates = version >= 0x205 && end >= 0x235 && file.u8(0x234, "relocatable_kernel") != 0;
		long commandLine = version >= 0x206 && end >= 0x23c ? file.u32(0x238, "cmdline_size") : 0;
		long ramDisk = version >= 0x203 && end >= 0x230 ? file.u32(0x22c, "initrd_addr_max") : DEFAULT_RAM_DISK_LAST;
		boolean sized = version >= 0x20a && end >= 0x264;
		boolean wide = version >= 0x20c && end >= 0x238 && (file.u16(0x236, "xloadflags") & XLF_KERNEL_64) != 0;
		return new LinuxHeader(end, kernel, version, commandLine == 0 ? DEFAULT_COMMAND_LINE : commandLine,
				ramDisk + 1, relocates, sized ? file.u64(0x258, "pref_address") : DEFAULT_ADDRESS,
				sized ? file.u32(0x260, "init_size") : 0, wide);
	}
}
