/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import java.util.Arrays;
import java.util.Optional;

/** Ways to enter an image, the best first. */
@SuppressWarnings("nls")
public enum BootProtocol {
	/** Xen's direct boot for HVM guests: 32-bit protected mode, EBX = start info. */
	PVH("PVH", "pvh"),
	/** Multiboot 1: 32-bit protected mode, EAX = 0x2badb002, EBX = information. */
	MULTIBOOT("multiboot", "multiboot"),
	/** Multiboot 2: 32-bit protected mode, EAX = 0x36d76289, EBX = information. */
	MULTIBOOT_2("multiboot 2", "multiboot2"),
	/** Linux's 64-bit boot protocol: 64-bit mode, RSI = boot_params. */
	LINUX_64("Linux's 64-bit boot protocol", "linux64"),
	/** Linux's 32-bit boot protocol: 32-bit protected mode, ESI = boot_params. */
	LINUX_32("Linux's 32-bit boot protocol", "linux32"),
	/** Linux's real-mode boot protocol: the kernel's own setup code, which asks the firmware for the memory map. */
	LINUX_16("Linux's 16-bit boot protocol", "linux16"),
	/** A plain ELF64 file, entered in 64-bit mode with the first 4 GB mapped one to one. */
	ELF64("ELF64", "elf64"),
	/** A plain ELF32 file, entered in 32-bit protected mode. */
	ELF32("ELF32", "elf32"),
	/** Bytes at an address. */
	FLAT("flat binary", "flat"),
	/** Firmware in ROM, entered at the reset vector. */
	FIRMWARE("firmware", "bios");

	private final String label;
	private final String key;

	BootProtocol(String label, String key) {
		this.label = label;
		this.key = key;
	}

	/** Its name for users. */
	public String label() {
		return label;
	}

	/** Its name on a command line. */
	public String key() {
		return key;
	}

	/** The protocol that a command line names. */
	public static Optional<BootProtocol> byKey(String key) {
		return Arrays.stream(values()).filter(row -> row.key.equalsIgnoreCase(key)).findFirst();
	}
}
