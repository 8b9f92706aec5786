/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols.elf;

/**
 * An entry of a note section or segment (System V ABI, "Note Section").
 *
 * @param owner the name field, such as {@code GNU} or {@code Xen}
 * @param type what the owner says it is
 * @param descriptor the note's bytes
 */
public record ElfNote(String owner, long type, byte[] descriptor) {
	public ElfNote {
		descriptor = descriptor.clone();
	}

	@Override
	public byte[] descriptor() {
		return descriptor.clone();
	}
}
