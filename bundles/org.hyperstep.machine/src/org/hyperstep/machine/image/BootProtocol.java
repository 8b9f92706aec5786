/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

/** Ways to enter an image, the best first. */
public enum BootProtocol {
	/** Xen's direct boot for HVM guests: 32-bit protected mode, EBX = start info. */
	PVH("PVH"), //$NON-NLS-1$
	/** Multiboot 1: 32-bit protected mode, EAX = 0x2badb002, EBX = information. */
	MULTIBOOT("multiboot"), //$NON-NLS-1$
	/** A plain ELF64 file, entered in 64-bit mode with the first 4 GB mapped one to one. */
	ELF64("ELF64"); //$NON-NLS-1$

	private final String label;

	BootProtocol(String label) {
		this.label = label;
	}

	/** Its name for users. */
	public String label() {
		return label;
	}
}
