/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import java.util.Objects;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.state.ExtendedState;

/**
 * Gathers of AVX2. Elements are loaded in order; each that is there clears its mask, so that after a fault the instruction
 * goes on where it was ("VPGATHERDD/VPGATHERQD"). The routine's first argument is the address without index.
 */
final class VexGathers implements Routine {
	private final Operand.Mem mem;
	private final int destination;
	private final int mask;
	private final int index;
	private final int scale;
	/** Bytes of an element, of an index, and how many elements there are. */
	private final int bytes, indexBytes, count;

	private VexGathers(Instruction i, int bytes, int indexBytes) {
		mem = (Operand.Mem) i.operand(1);
		destination = VexOperands.number(i.operand(0));
		mask = VexOperands.number(i.operand(2));
		Register by = Objects.requireNonNull(mem.index());
		index = by.number();
		scale = Integer.numberOfTrailingZeros(mem.scale());
		this.bytes = bytes;
		this.indexBytes = indexBytes;
		boolean wide = by.kind() == Register.Kind.YMM || VexFeatures.has256Bits(i);
		count = (wide ? 32 : 16) / Math.max(bytes, indexBytes);
	}

	static void define(Meanings table) {
		VexTable.define(table, Mnemonic.VPGATHERDD, gathering(4, 4));
		VexTable.define(table, Mnemonic.VGATHERDPS, gathering(4, 4));
		VexTable.define(table, Mnemonic.VPGATHERDQ, gathering(8, 4));
		VexTable.define(table, Mnemonic.VGATHERDPD, gathering(8, 4));
		VexTable.define(table, Mnemonic.VPGATHERQD, gathering(4, 8));
		VexTable.define(table, Mnemonic.VGATHERQPS, gathering(4, 8));
		VexTable.define(table, Mnemonic.VPGATHERQQ, gathering(8, 8));
		VexTable.define(table, Mnemonic.VGATHERQPD, gathering(8, 8));
	}

	private static Meaning gathering(int bytes, int indexBytes) {
		return (block, i) -> emit(block, new VexGathers(i, bytes, indexBytes));
	}

	private static void emit(BlockBuilder block, VexGathers routine) {
		if (!VexOperands.requireAvx(block)) {
			return;
		}
		Operand.Mem mem = routine.mem;
		block.effectiveAddress(block.temporary(), new Operand.Mem(mem.segment(), mem.overridden(), mem.base(), null, 1,
				mem.displacement(), mem.displacementSize(), mem.addressSize(), mem.size()));
		block.callInline(routine);
	}

	@Override
	public void run(Processor processor, Instruction instruction) {
		ExtendedState state = processor.state().extended;
		for (int k = 0; k < count; k++) {
			if (element(state, mask, k, bytes) < 0) {
				long offset = processor.argument(0) + (element(state, index, k, indexBytes) << scale);
				long linear = processor.segments().linear(mem.segment().number(),
						RegisterWidth.unsigned(mem.addressSize(), offset), bytes, false);
				set(state, destination, k, processor.mmu().read(linear, bytes));
				set(state, mask, k, 0);
			}
		}
		clearAbove(state, destination, count * bytes);
		clearAbove(state, mask, 0);
	}

	/** An element of a YMM register, sign-extended. */
	private static long element(ExtendedState state, int register, int number, int bytes) {
		int at = number * bytes;
		long quarter = VexMaskedMoves.quarter(state, register, at >> 3);
		return bytes == 8 ? quarter : (int) (quarter >>> 8 * (at & 7));
	}

	private void set(ExtendedState state, int register, int number, long value) {
		int at = number * bytes;
		long[] half = at < 16 ? state.xmm : state.ymmUpper;
		int slot = 2 * register + (at >> 3 & 1);
		if (bytes == 8) {
			half[slot] = value;
		} else {
			int shift = 8 * (at & 7);
			half[slot] = half[slot] & ~(0xffff_ffffL << shift) | (value & 0xffff_ffffL) << shift;
		}
	}

	/** Bytes of a register from {@code size} on, 0, 8, 16 or 32, become zero. */
	private static void clearAbove(ExtendedState state, int register, int size) {
		for (int at = size; at < 32; at += 8) {
			(at < 16 ? state.xmm : state.ymmUpper)[2 * register + (at >> 3 & 1)] = 0;
		}
	}
}
