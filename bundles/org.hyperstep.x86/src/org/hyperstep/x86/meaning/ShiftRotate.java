/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.RCL;
import static org.hyperstep.x86.decode.Mnemonic.RCR;
import static org.hyperstep.x86.decode.Mnemonic.ROL;
import static org.hyperstep.x86.decode.Mnemonic.ROR;
import static org.hyperstep.x86.decode.Mnemonic.SAL;
import static org.hyperstep.x86.decode.Mnemonic.SAR;
import static org.hyperstep.x86.decode.Mnemonic.SHL;
import static org.hyperstep.x86.decode.Mnemonic.SHLD;
import static org.hyperstep.x86.decode.Mnemonic.SHR;
import static org.hyperstep.x86.decode.Mnemonic.SHRD;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;

/** Shifts and rotates. */
final class ShiftRotate {
	private static final int NO_SHORT_FORM = -1;

	private ShiftRotate() {
	}

	static void define(Meanings table) {
		table.define(SHL, shifting(MicroOp.SHL, MicroOp.SHL_32));
		table.define(SAL, shifting(MicroOp.SHL, MicroOp.SHL_32));
		table.define(SHR, shifting(MicroOp.SHR, MicroOp.SHR_32));
		table.define(SAR, shifting(MicroOp.SAR, MicroOp.SAR_32));
		table.define(ROL, shifting(MicroOp.ROL, NO_SHORT_FORM));
		table.define(ROR, shifting(MicroOp.ROR, NO_SHORT_FORM));
		table.define(RCL, shifting(MicroOp.RCL, NO_SHORT_FORM));
		table.define(RCR, shifting(MicroOp.RCR, NO_SHORT_FORM));
		table.define(SHLD, (block, i) -> doubleShift(block, i, MicroOp.SHLD));
		table.define(SHRD, (block, i) -> doubleShift(block, i, MicroOp.SHRD));
	}

	private static Meaning shifting(int operation, int shortForm32) {
		return (block, i) -> {
			int bits = i.operandSize();
			if (i.operand(1) instanceof Operand.Imm imm) {
				int count = (int) imm.value() & (bits == 64 ? 63 : 31);
				boolean shortForm = shortForm32 != NO_SHORT_FORM && bits >= 32 && count != 0;
				Arithmetic.update(block, i.operand(0), bits, slot -> {
					if (shortForm) {
						block.put(bits == 64 ? shortForm32 + 1 : shortForm32, slot, slot, Slots.ZERO, 0, 0, count);
					} else {
						block.put(operation, slot, slot, Slots.ZERO, 0, BlockBuilder.widthIndex(bits), count);
					}
				});
			} else {
				int count = block.read(i.operand(1), 8);
				Arithmetic.update(block, i.operand(0), bits,
						slot -> block.generic(operation, bits, slot, slot, count, 0));
			}
		};
	}

	private static void doubleShift(BlockBuilder block, Instruction i, int operation) {
		int bits = i.operandSize();
		// The first temporary is where the micro-operation takes the incoming bits from.
		int incoming = block.temporary();
		block.move(64, incoming, block.read(i.operand(1), bits));
		int count = block.read(i.operand(2), 8);
		Arithmetic.update(block, i.operand(0), bits, slot -> block.generic(operation, bits, slot, slot, count, 0));
	}
}
