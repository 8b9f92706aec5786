/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.ExtendedState;

/**
 * VMASKMOV and VPMASKMOV: elements whose mask has its sign set are moved; those that it has not are neither accessed nor
 * checked. The routine's first argument is the effective address.
 */
final class VexMaskedMoves {
	private VexMaskedMoves() {
	}

	static void define(Meanings table) {
		VexTable.define(table, Mnemonic.VMASKMOVPS, moving(4));
		VexTable.define(table, Mnemonic.VMASKMOVPD, moving(8));
		VexTable.define(table, Mnemonic.VPMASKMOVD, moving(4));
		VexTable.define(table, Mnemonic.VPMASKMOVQ, moving(8));
	}

	private static Meaning moving(int bytes) {
		return (block, i) -> {
			boolean load = i.operand(2) instanceof Operand.Mem;
			emit(block, (Operand.Mem) i.operand(load ? 2 : 0), load ? loading(i, bytes) : storing(i, bytes));
		};
	}

	private static void emit(BlockBuilder block, Operand.Mem mem, Routine routine) {
		if (VexOperands.requireAvx(block)) {
			block.effectiveAddress(block.temporary(), mem);
			block.callInline(routine);
		}
	}

	/** Quarter 0 to 3 of a YMM register. */
	static long quarter(ExtendedState state, int register, int which) {
		return (which < 2 ? state.xmm : state.ymmUpper)[2 * register + (which & 1)];
	}

	private static long element(ExtendedState state, int register, int number, int bytes) {
		int at = number * bytes;
		return quarter(state, register, at >> 3) >>> 8 * (at & 7);
	}

	private static boolean selected(ExtendedState state, int mask, int number, int bytes) {
		return (element(state, mask, number, bytes) >>> 8 * bytes - 1 & 1) != 0;
	}

	/** Linear address of an element at a distance from the effective address, after the segment's checks. */
	private static long linear(Processor p, Operand.Mem mem, int distance, int bytes, boolean write) {
		long offset = RegisterWidth.unsigned(mem.addressSize(), p.argument(0) + distance);
		return p.segments().linear(mem.segment().number(), offset, bytes, write);
	}

	private static Routine loading(Instruction i, int bytes) {
		Operand.Mem mem = (Operand.Mem) i.operand(2);
		int mask = VexOperands.number(i.operand(1));
		VexOperands operands = new VexOperands(i, false);
		int count = mem.size() / bytes;
		return (p, instruction) -> {
			ExtendedState state = p.state().extended;
			long[] v = p.scratch();
			v[0] = v[1] = v[2] = v[3] = 0;
			for (int k = 0; k < count; k++) {
				if (selected(state, mask, k, bytes)) {
					int at = k * bytes;
					v[at >> 3] |= p.mmu().read(linear(p, mem, at, bytes, false), bytes) << 8 * (at & 7);
				}
			}
			operands.write(p, v, 0);
		};
	}

	private static Routine storing(Instruction i, int bytes) {
		Operand.Mem mem = (Operand.Mem) i.operand(0);
		int mask = VexOperands.number(i.operand(1));
		int data = VexOperands.number(i.operand(2));
		int count = mem.size() / bytes;
		return (p, instruction) -> {
			ExtendedState state = p.state().extended;
			// All faults come before the first store.
			for (int k = 0; k < count; k++) {
				if (selected(state, mask, k, bytes)) {
					p.mmu().prepareWrite(linear(p, mem, k * bytes, bytes, true), bytes);
				}
			}
			for (int k = 0; k < count; k++) {
				if (selected(state, mask, k, bytes)) {
					p.mmu().write(linear(p, mem, k * bytes, bytes, true), bytes, element(state, data, k, bytes));
				}
			}
		};
	}
}
