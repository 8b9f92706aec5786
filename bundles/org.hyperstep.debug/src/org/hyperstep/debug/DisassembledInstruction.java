/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/**
 * One line of disassembly. Immutable.
 *
 * @param linear   its linear address
 * @param bytes    its bytes
 * @param mnemonic name with prefixes; {@code (bad)} where the bytes are no instruction
 * @param operands operands in the syntax asked for, with symbols
 * @param function the function it stands in, or empty
 * @param offset   bytes from the function's start
 */
public record DisassembledInstruction(long linear, byte[] bytes, String mnemonic, String operands, String function,
		long offset) {
}
