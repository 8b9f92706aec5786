/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.List;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** Where XACQUIRE and XRELEASE apply, as in the manual's "Hardware Lock Elision". */
final class HardwareLockElision {

	private HardwareLockElision() {
	}

	static boolean allowsAcquire(Instruction instruction) {
		return (instruction.lock() || instruction.mnemonic() == Mnemonic.XCHG) && writesMemory(instruction);
	}

	static boolean allowsRelease(Instruction instruction) {
		InstructionForm form = instruction.form();
		boolean store = instruction.mnemonic() == Mnemonic.MOV
				&& List.of(0x88, 0x89, 0xc6, 0xc7).contains(form.opcode());
		List<Byte> prefixes = instruction.prefixes();
		store &= prefixes.lastIndexOf((byte) 0xf3) > prefixes.lastIndexOf((byte) 0xf2);
		return (store || allowsAcquire(instruction)) && writesMemory(instruction);
	}

	private static boolean writesMemory(Instruction instruction) {
		return !instruction.operands().isEmpty() && instruction.operand(0) instanceof Operand.Mem;
	}
}
