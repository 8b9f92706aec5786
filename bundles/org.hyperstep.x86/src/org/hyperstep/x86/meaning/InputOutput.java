/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RDX;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;

/** IN and OUT: permission, then the intercept, then the breakpoints, then the access. */
final class InputOutput {
	private InputOutput() {
	}

	static void define(Meanings table) {
		// What a read brings about, a block can go on behind: it changes no mode and no translation.
		table.define(Mnemonic.IN, (block, i) -> block.callInline(InputOutput::in));
		table.define(Mnemonic.OUT, (block, i) -> block.call(InputOutput::out));
	}

	private static int prepare(Processor processor, Instruction i, Operand portOperand, boolean in) {
		boolean immediate = portOperand instanceof Operand.Imm;
		int port = portOperand instanceof Operand.Imm imm ? (int) imm.value() & 0xff
				: (int) processor.state().general[RDX] & 0xffff;
		int size = i.operandSize() / 8;
		processor.system().privilegedInstructions.requirePort(port, size);
		processor.interception().port(port, size, in, false, false, immediate, i.addressSize(), 0, 0);
		processor.mmu().breakpoints.notePort(port, size);
		return port;
	}

	private static void in(Processor processor, Instruction i) {
		processor.makeRipExact();
		int port = prepare(processor, i, i.operand(1), true);
		processor.setGeneral(RAX, i.operandSize(), processor.ports().read(port, i.operandSize() / 8));
	}

	private static void out(Processor processor, Instruction i) {
		int port = prepare(processor, i, i.operand(0), false);
		processor.ports().write(port, i.operandSize() / 8, (int) processor.state().general[RAX]);
	}
}
