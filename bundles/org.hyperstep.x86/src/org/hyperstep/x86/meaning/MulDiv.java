/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.DIV;
import static org.hyperstep.x86.decode.Mnemonic.IDIV;
import static org.hyperstep.x86.decode.Mnemonic.IMUL;
import static org.hyperstep.x86.decode.Mnemonic.MUL;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;

/** Multiplication and division. */
final class MulDiv {
	private MulDiv() {
	}

	static void define(Meanings table) {
		table.define(MUL, ofAccumulator(MicroOp.MUL));
		table.define(DIV, ofAccumulator(MicroOp.DIV));
		table.define(IDIV, ofAccumulator(MicroOp.IDIV));
		table.define(IMUL, MulDiv::multiplySigned);
	}

	private static Meaning ofAccumulator(int operation) {
		return (block, i) -> block.generic(operation, i.operandSize(), 0, 0,
				block.read(i.operand(0), i.operandSize()), 0);
	}

	private static void multiplySigned(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		if (i.operands().size() == 1) {
			block.generic(MicroOp.IMUL, bits, 0, 0, block.read(i.operand(0), bits), 0);
			return;
		}
		int d = block.read(i.operand(0), bits);
		int operation = bits == 64 ? MicroOp.IMUL_64 : bits == 32 ? MicroOp.IMUL_32 : MicroOp.IMUL_16;
		if (i.operands().size() == 2) {
			block.put(operation, d, d, block.read(i.operand(1), bits), 0, 0, 0);
		} else if (i.operand(2) instanceof Operand.Imm imm) {
			block.put(operation, d, block.read(i.operand(1), bits), Slots.ZERO, 0, 0, imm.value());
		} else {
			throw new IllegalArgumentException(i.toString());
		}
	}
}
