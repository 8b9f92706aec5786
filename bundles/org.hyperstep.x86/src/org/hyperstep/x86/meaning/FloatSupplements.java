/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.meaning.FloatUnit.Operation;
import org.hyperstep.x86.meaning.FloatVectors.Shape;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;

/** Floating-point instructions of SSE3 and SSE4.1. */
final class FloatSupplements {
	private static final long LOWER = 0xffff_ffffL;

	private FloatSupplements() {
	}

	/** The rows of SSE3. */
	static void define(Section rows) {
		rows.unaligned(Mnemonic.LDDQU, lane -> lane.set(lane.bLow, lane.bHigh));
		rows.define(Mnemonic.MOVDDUP, lane -> lane.set(lane.bLow, lane.bLow));
		rows.define(Mnemonic.MOVSLDUP, lane -> lane.set((lane.bLow & LOWER) * 0x1_0000_0001L,
				(lane.bHigh & LOWER) * 0x1_0000_0001L));
		rows.define(Mnemonic.MOVSHDUP, lane -> lane.set((lane.bLow >>> 32) * 0x1_0000_0001L,
				(lane.bHigh >>> 32) * 0x1_0000_0001L));
		rows.floating(Mnemonic.ADDSUBPD, lane -> lane.set(subtract(lane.unit, lane.aLow, lane.bLow, true),
				add(lane.unit, lane.aHigh, lane.bHigh, true)));
		rows.floating(Mnemonic.ADDSUBPS, lane -> lane.set(differenceAndSum(lane.unit, lane.aLow, lane.bLow),
				differenceAndSum(lane.unit, lane.aHigh, lane.bHigh)));
		rows.floating(Mnemonic.HADDPD, lane -> lane.set(add(lane.unit, lane.aLow, lane.aHigh, true),
				add(lane.unit, lane.bLow, lane.bHigh, true)));
		rows.floating(Mnemonic.HSUBPD, lane -> lane.set(subtract(lane.unit, lane.aLow, lane.aHigh, true),
				subtract(lane.unit, lane.bLow, lane.bHigh, true)));
		rows.floating(Mnemonic.HADDPS, horizontal(Operation.ADD));
		rows.floating(Mnemonic.HSUBPS, horizontal(Operation.SUBTRACT));
	}

	/** The rows of SSE4.1. */
	static void defineExtensions(Section rows) {
		for (Shape shape : Shape.values()) {
			rounding(rows, shape);
		}
		rows.define(Mnemonic.BLENDPS, lane -> lane.set(
				PackedExtensions.blend(lane.aLow, lane.bLow, doublewords(lane.immediate)),
				PackedExtensions.blend(lane.aHigh, lane.bHigh, doublewords(lane.immediate >> 2))));
		rows.define(Mnemonic.BLENDPD, lane -> lane.set((lane.immediate & 1) == 0 ? lane.aLow : lane.bLow,
				(lane.immediate & 2) == 0 ? lane.aHigh : lane.bHigh));
		blending(rows, Mnemonic.BLENDVPS, 32);
		blending(rows, Mnemonic.BLENDVPD, 64);
		rows.byInstruction(Mnemonic.INSERTPS, FloatSupplements::insert);
		rows.define(Mnemonic.EXTRACTPS, PackedShuffles.extracting(32));
		rows.floating(Mnemonic.DPPD, FloatSupplements::dotProductOfDoubles);
		rows.floating(Mnemonic.DPPS, FloatSupplements::dotProductOfSingles);
	}

	private static long add(FloatUnit unit, long a, long b, boolean wide) {
		return unit.compute(Operation.ADD, a, b, wide);
	}

	private static long subtract(FloatUnit unit, long a, long b, boolean wide) {
		return unit.compute(Operation.SUBTRACT, a, b, wide);
	}

	private static long differenceAndSum(FloatUnit unit, long a, long b) {
		return subtract(unit, a & LOWER, b & LOWER, false) | add(unit, a >>> 32, b >>> 32, false) << 32;
	}

	private static LaneOperation horizontal(Operation operation) {
		return lane -> lane.set(neighbours(lane.unit, operation, lane.aLow, lane.aHigh),
				neighbours(lane.unit, operation, lane.bLow, lane.bHigh));
	}

	private static long neighbours(FloatUnit unit, Operation operation, long low, long high) {
		return unit.compute(operation, low & LOWER, low >>> 32, false)
				| unit.compute(operation, high & LOWER, high >>> 32, false) << 32;
	}

	@SuppressWarnings("nls")
	private static void rounding(Section rows, Shape shape) {
		rows.define(Mnemonic.valueOf("ROUND" + shape), Result.FIRST_OPERAND, Alignment.ALIGNED, true, i -> {
			int control = VectorOperand.immediate(i);
			return FloatVectors.elements(shape, (unit, a, b) -> unit.roundToIntegral(b, shape.wide, control));
		});
	}

	private static long doublewords(int selected) {
		return ((selected & 1) != 0 ? LOWER : 0) | ((selected & 2) != 0 ? ~LOWER : 0);
	}

	private static void blending(Section rows, Mnemonic mnemonic, int bits) {
		rows.define(mnemonic, lane -> lane.set(
				PackedExtensions.blend(lane.aLow, lane.bLow, PackedExtensions.signs(lane.cLow, bits)),
				PackedExtensions.blend(lane.aHigh, lane.bHigh, PackedExtensions.signs(lane.cHigh, bits))));
	}

	/** A doubleword, of memory the only one, to a position; those that the low four bits name become zero. */
	private static LaneOperation insert(Instruction i) {
		boolean memory = i.operand(i.operands().size() - 2) instanceof Operand.Mem;
		return lane -> {
			long inserted = lane.bDoubleword(memory ? 0 : lane.immediate >> 6);
			int position = lane.immediate >> 4 & 3;
			long low = position < 2 ? with(lane.aLow, position, inserted) : lane.aLow;
			long high = position < 2 ? lane.aHigh : with(lane.aHigh, position - 2, inserted);
			lane.set(low & ~doublewords(lane.immediate), high & ~doublewords(lane.immediate >> 2));
		};
	}

	private static long with(long half, int position, long doubleword) {
		return position == 0 ? half & ~LOWER | doubleword : half & LOWER | doubleword << 32;
	}

	/** Unmasked exceptions of one step keep the next from being taken. */
	private static void dotProductOfDoubles(VectorLane lane) {
		FloatUnit unit = lane.unit;
		int control = lane.immediate;
		unit.beginSteps();
		long first = (control & 0x10) == 0 ? 0 : unit.compute(Operation.MULTIPLY, lane.aLow, lane.bLow, true);
		long second = (control & 0x20) == 0 ? 0 : unit.compute(Operation.MULTIPLY, lane.aHigh, lane.bHigh, true);
		unit.endStep();
		long sum = add(unit, first, second, true);
		unit.endStep();
		lane.set((control & 1) == 0 ? 0 : sum, (control & 2) == 0 ? 0 : sum);
	}

	private static void dotProductOfSingles(VectorLane lane) {
		FloatUnit unit = lane.unit;
		int control = lane.immediate;
		unit.beginSteps();
		long first = product(lane, 0);
		long second = product(lane, 1);
		long third = product(lane, 2);
		long fourth = product(lane, 3);
		unit.endStep();
		long lower = add(unit, first, second, false);
		long upper = add(unit, third, fourth, false);
		unit.endStep();
		long sum = add(unit, lower, upper, false) * 0x1_0000_0001L;
		unit.endStep();
		lane.set(sum & doublewords(control), sum & doublewords(control >> 2));
	}

	private static long product(VectorLane lane, int which) {
		return (lane.immediate >> 4 + which & 1) == 0 ? 0
				: lane.unit.compute(Operation.MULTIPLY, lane.aDoubleword(which), lane.bDoubleword(which), false);
	}
}
