/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

/**
 * An entry of the ELF symbol table.
 *
 * @param name as in the string table, not demangled
 * @param linear its address (unsigned), or its value when {@code kind} is {@link Kind#CONSTANT}
 * @param size in bytes, 0 if the file does not say
 * @param kind what the name stands for
 */
public record Symbol(String name, long linear, long size, Kind kind) {

	/** What a symbol stands for, from its type and section. */
	public enum Kind {
		/** STT_FUNC or STT_GNU_IFUNC. */
		FUNCTION,
		/** STT_OBJECT, STT_COMMON: data. */
		OBJECT,
		/** STT_NOTYPE in a section: typically written in assembler or by the linker script. */
		LABEL,
		/** STT_TLS: the value is an offset into thread-local storage. */
		THREAD_LOCAL,
		/** SHN_ABS without a function or object type: a number, not an address. */
		CONSTANT
	}

	/** Whether {@code address} lies in {@code [linear, linear + size)}. */
	public boolean contains(long address) {
		return Long.compareUnsigned(address - linear, size) < 0;
	}
}
