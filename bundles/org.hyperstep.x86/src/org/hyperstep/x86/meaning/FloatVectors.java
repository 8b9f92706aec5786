/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.meaning.FloatUnit.Operation;
import org.hyperstep.x86.meaning.PackedRow.Alignment;
import org.hyperstep.x86.meaning.PackedRow.Result;
import org.hyperstep.x86.meaning.PackedTable.Section;
import org.hyperstep.x86.state.CpuState;

/** SSE and SSE2 floating-point arithmetic and comparisons, scalar and packed. */
@SuppressWarnings("nls")
final class FloatVectors {
	/** Bits of a doubleword, and those above it. */
	private static final long LOWER = 0xffff_ffffL, UPPER = ~LOWER;

	/** How many elements of which width an instruction works on. */
	enum Shape {
		SS(false, 1), SD(true, 1), PS(false, 4), PD(true, 2);

		final boolean wide;
		final int count;

		Shape(boolean wide, int count) {
			this.wide = wide;
			this.count = count;
		}
	}

	/** What becomes of an element; zero-extended. */
	@FunctionalInterface
	interface Element {
		long apply(FloatUnit unit, long a, long b);
	}

	private FloatVectors() {
	}

	static void define(Section rows) {
		for (Shape shape : Shape.values()) {
			arithmetic(rows, "ADD", shape, Operation.ADD);
			arithmetic(rows, "SUB", shape, Operation.SUBTRACT);
			arithmetic(rows, "MUL", shape, Operation.MULTIPLY);
			arithmetic(rows, "DIV", shape, Operation.DIVIDE);
			arithmetic(rows, "MIN", shape, Operation.MINIMUM);
			arithmetic(rows, "MAX", shape, Operation.MAXIMUM);
			arithmetic(rows, "SQRT", shape, Operation.SQUARE_ROOT);
			rows.define(Mnemonic.valueOf("CMP" + shape), Result.FIRST_OPERAND, Alignment.ALIGNED, true,
					i -> comparing(shape, predicate(i)));
		}
		comparingFlags(rows, Mnemonic.UCOMISS, false, false);
		comparingFlags(rows, Mnemonic.UCOMISD, true, false);
		comparingFlags(rows, Mnemonic.COMISS, false, true);
		comparingFlags(rows, Mnemonic.COMISD, true, true);
	}

	private static void arithmetic(Section rows, String name, Shape shape, Operation operation) {
		rows.floating(Mnemonic.valueOf(name + shape),
				elements(shape, (unit, a, b) -> unit.compute(operation, a, b, shape.wide)));
	}

	private static int predicate(Instruction i) {
		return VectorOperand.immediate(i) & 7;
	}

	private static LaneOperation comparing(Shape shape, int predicate) {
		boolean inverted = (predicate & 4) != 0;
		// LT, LE, NLT and NLE raise the invalid exception for quiet NaNs too.
		boolean signals = (predicate & 3) == 1 || (predicate & 3) == 2;
		return elements(shape, (unit, a, b) -> {
			int order = unit.compare(a, b, shape.wide, signals);
			boolean holds = switch (predicate & 3) {
				case 0 -> order == 0;
				case 1 -> order == -1;
				case 2 -> order == -1 || order == 0;
				default -> order == 2;
			};
			return holds != inverted ? -1 : 0;
		});
	}

	/** An operation on elements; scalars leave the rest of the first source. */
	static LaneOperation elements(Shape shape, Element element) {
		return switch (shape) {
			case SD -> lane -> lane.set(element.apply(lane.unit, lane.aLow, lane.bLow), lane.aHigh);
			case PD -> lane -> lane.set(element.apply(lane.unit, lane.aLow, lane.bLow),
					element.apply(lane.unit, lane.aHigh, lane.bHigh));
			case SS -> lane -> lane.set(
					lane.aLow & UPPER | element.apply(lane.unit, lane.aLow & LOWER, lane.bLow & LOWER) & LOWER,
					lane.aHigh);
			case PS -> lane -> lane.set(pair(lane.unit, element, lane.aLow, lane.bLow),
					pair(lane.unit, element, lane.aHigh, lane.bHigh));
		};
	}

	private static long pair(FloatUnit unit, Element element, long a, long b) {
		long low = element.apply(unit, a & LOWER, b & LOWER) & LOWER;
		return low | element.apply(unit, a >>> 32, b >>> 32) << 32;
	}

	/** ZF, PF and CF by the order; OF, SF and AF are cleared. */
	private static void comparingFlags(Section rows, Mnemonic mnemonic, boolean wide, boolean quietNansAreInvalid) {
		long mask = wide ? -1 : LOWER;
		rows.define(mnemonic, Result.FLAGS, Alignment.ANY, true, i -> lane -> {
			int order = lane.unit.compare(lane.aLow & mask, lane.bLow & mask, wide, quietNansAreInvalid);
			lane.low = order == 2 ? CpuState.ZF | CpuState.PF | CpuState.CF
					: order == 0 ? CpuState.ZF : order < 0 ? CpuState.CF : 0;
		});
	}
}
