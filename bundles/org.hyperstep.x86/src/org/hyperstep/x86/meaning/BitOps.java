/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.BSF;
import static org.hyperstep.x86.decode.Mnemonic.BSR;
import static org.hyperstep.x86.decode.Mnemonic.BSWAP;
import static org.hyperstep.x86.decode.Mnemonic.BT;
import static org.hyperstep.x86.decode.Mnemonic.BTC;
import static org.hyperstep.x86.decode.Mnemonic.BTR;
import static org.hyperstep.x86.decode.Mnemonic.BTS;
import static org.hyperstep.x86.decode.Mnemonic.CRC32;
import static org.hyperstep.x86.decode.Mnemonic.LZCNT;
import static org.hyperstep.x86.decode.Mnemonic.POPCNT;
import static org.hyperstep.x86.decode.Mnemonic.TZCNT;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.system.Feature;

/** Single bits, bit scans, byte order, CRC32. */
final class BitOps {
	private BitOps() {
	}

	static void define(Meanings table) {
		table.define(BT, testing(MicroOp.BT));
		table.define(BTS, testing(MicroOp.BTS));
		table.define(BTR, testing(MicroOp.BTR));
		table.define(BTC, testing(MicroOp.BTC));
		table.define(BSF, scanning(MicroOp.BSF));
		table.define(BSR, scanning(MicroOp.BSR));
		table.define(POPCNT, Feature.POPCNT, scanning(MicroOp.POPCNT));
		// Without the feature the F3 prefix means nothing and these are BSR and BSF.
		table.define(LZCNT,
				(block, i) -> scanning(block.has(Feature.ABM) ? MicroOp.LZCNT : MicroOp.BSR).emit(block, i));
		table.define(TZCNT,
				(block, i) -> scanning(block.has(Feature.BMI1) ? MicroOp.TZCNT : MicroOp.BSF).emit(block, i));
		table.define(BSWAP, BitOps::swapBytes);
		table.define(CRC32, Feature.SSE4_2, BitOps::crc32);
	}

	private static Meaning testing(int operation) {
		return (block, i) -> {
			int bits = i.operandSize();
			if (i.operand(0) instanceof Operand.Mem mem && i.operand(1) instanceof Operand.Reg reg) {
				int index = block.read(reg.register());
				Address at = block.bitStringAddress(mem, index, bits, operation != MicroOp.BT);
				test(block, operation, bits, at, index);
			} else if (i.operand(0) instanceof Operand.Mem mem) {
				test(block, operation, bits, block.address(mem, bits / 8, operation != MicroOp.BT),
						block.read(i.operand(1), 8));
			} else {
				int slot = block.read(i.operand(0), bits);
				block.generic(operation, bits, operation == MicroOp.BT ? Slots.DISCARD : slot, slot,
						block.read(i.operand(1), bits), 0);
			}
		};
	}

	private static void test(BlockBuilder block, int operation, int bits, Address at, int index) {
		if (operation == MicroOp.BT) {
			block.generic(operation, bits, Slots.DISCARD, block.load(bits, at), index, 0);
		} else {
			int value = block.modify(bits, at);
			block.generic(operation, bits, value, value, index, 0);
			block.store(bits, value, at);
		}
	}

	private static Meaning scanning(int operation) {
		return (block, i) -> block.generic(operation, i.operandSize(), block.read(i.operand(0), i.operandSize()), 0,
				block.read(i.operand(1), i.operandSize()), 0);
	}

	/** The result for 16-bit registers is undefined; processors write zero. */
	private static void swapBytes(BlockBuilder block, Instruction i) {
		int slot = block.read(i.operand(0), i.operandSize());
		if (i.operandSize() == 16) {
			block.moveImmediate(16, slot, 0);
		} else {
			block.generic(MicroOp.BSWAP, i.operandSize(), slot, 0, slot, 0);
		}
	}

	private static void crc32(BlockBuilder block, Instruction i) {
		int slot = block.read(i.operand(0), 32);
		// The destination keeps the row from having the operand size of a byte form.
		int bits = (i.opcode() & 1) == 0 ? 8 : i.operandSize();
		block.generic(MicroOp.CRC32, bits, slot, slot, block.read(i.operand(1), bits), 0);
	}
}
