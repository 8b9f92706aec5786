/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

/** Instruction names as in Intel's manual; AMD's where only AMD has the instruction. */
public enum Mnemonic {
	/** Not an instruction. */
	INVALID
}
