/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.meaning.VectorOperand.HIGH;
import static org.hyperstep.x86.meaning.VectorOperand.LOW;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.meaning.FloatUnit.Operation;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** SSE and SSE2 floating-point instructions, scalar and packed. */
@SuppressWarnings("nls")
final class FloatVectors {
	/** How many elements of which width an instruction works on. */
	private enum Shape {
		SS(false, 1), SD(true, 1), PS(false, 4), PD(true, 2);

		final boolean wide;
		final int count;

		Shape(boolean wide, int count) {
			this.wide = wide;
			this.count = count;
		}
	}

	/** What becomes of an element. */
	@FunctionalInterface
	private interface Element {
		long apply(FloatUnit unit, long d, long s);
	}

	/** Everything that becomes of a destination: halves in scratch 2 and 3, the source's in 0 and 1. */
	@FunctionalInterface
	private interface Conversion {
		void apply(FloatUnit unit, long[] v);
	}

	private static final int D_LOW = 2, D_HIGH = 3;

	private FloatVectors() {
	}

	static void define(Meanings table) {
		for (Shape shape : Shape.values()) {
			arithmetic(table, "ADD", shape, Operation.ADD);
			arithmetic(table, "SUB", shape, Operation.SUBTRACT);
			arithmetic(table, "MUL", shape, Operation.MULTIPLY);
			arithmetic(table, "DIV", shape, Operation.DIVIDE);
			arithmetic(table, "MIN", shape, Operation.MINIMUM);
			arithmetic(table, "MAX", shape, Operation.MAXIMUM);
			arithmetic(table, "SQRT", shape, Operation.SQUARE_ROOT);
			table.define(Mnemonic.valueOf("CMP" + shape), comparing(shape));
		}
		table.define(Mnemonic.UCOMISS, comparingFlags(false, false));
		table.define(Mnemonic.UCOMISD, comparingFlags(true, false));
		table.define(Mnemonic.COMISS, comparingFlags(false, true));
		table.define(Mnemonic.COMISD, comparingFlags(true, true));
		defineIntegerConversions(table);
		defineWidthConversions(table);
	}

	private static void arithmetic(Meanings table, String name, Shape shape, Operation operation) {
		table.define(Mnemonic.valueOf(name + shape),
				elements(shape, i -> (unit, d, s) -> unit.compute(operation, d, s, shape.wide)));
	}

	@FunctionalInterface
	private interface ElementOf {
		Element of(Instruction i);
	}

	private static Meaning comparing(Shape shape) {
		return elements(shape, i -> {
			int predicate = (int) ((Operand.Imm) i.operand(2)).value() & 7;
			return (unit, d, s) -> {
				// LT, LE, NLT and NLE raise the invalid exception for quiet NaNs too.
				int order = unit.compare(d, s, shape.wide, (predicate & 3) == 1 || (predicate & 3) == 2);
				boolean holds = switch (predicate & 3) {
					case 0 -> order == 0;
					case 1 -> order == -1;
					case 2 -> order == -1 || order == 0;
					default -> order == 2;
				};
				return holds != (predicate & 4) > 0 ? -1 : 0;
			};
		});
	}

	/** Runs an instruction's arithmetic: unmasked exceptions raise #XM before anything is written. */
	static FloatUnit begin(Processor processor) {
		FloatUnit unit = processor.floatUnit();
		unit.begin(processor.state().extended.mxcsr);
		return unit;
	}

	static void finish(Processor processor, FloatUnit unit) {
		ExtendedState state = processor.state().extended;
		int unmasked = unit.raised() & ~(state.mxcsr >> 7);
		if (unmasked != 0) {
			// Exceptions found before the operation keep those of its result from being looked for.
			int before = FloatUnit.INVALID | FloatUnit.DENORMAL | FloatUnit.DIVIDE_BY_ZERO;
			state.mxcsr |= (unmasked & before) != 0 ? unit.raised() & before : unit.raised();
			boolean supported = (processor.state().cr4 & CpuState.CR4_OSXMMEXCPT) != 0;
			throw processor.fault().raise(supported ? Vector.XM : Vector.UD);
		}
		state.mxcsr |= unit.raised();
	}

	private static Meaning elements(Shape shape, ElementOf elementOf) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			Element element = elementOf.of(i);
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), true);
				long[] s = p.scratch();
				long[] xmm = p.state().extended.xmm;
				FloatUnit unit = begin(p);
				long low = apply(unit, element, shape, xmm[2 * d], s[LOW], shape.count > 1);
				long high = shape.count == 1 ? xmm[2 * d + 1]
						: apply(unit, element, shape, xmm[2 * d + 1], s[HIGH], true);
				finish(p, unit);
				xmm[2 * d] = low;
				xmm[2 * d + 1] = high;
			});
		};
	}

	private static long apply(FloatUnit unit, Element element, Shape shape, long d, long s, boolean both) {
		if (shape.wide) {
			return element.apply(unit, d, s);
		}
		long low = element.apply(unit, d & 0xffff_ffffL, s & 0xffff_ffffL) & 0xffff_ffffL;
		return low | (both ? element.apply(unit, d >>> 32, s >>> 32) << 32 : d & 0xffff_ffff_0000_0000L);
	}

	/** ZF, PF and CF by the order; OF, SF and AF are cleared. */
	private static Meaning comparingFlags(boolean wide, boolean quietNansAreInvalid) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), false);
				long mask = wide ? -1 : 0xffff_ffffL;
				FloatUnit unit = begin(p);
				int order = unit.compare(p.state().extended.xmm[2 * d] & mask, p.scratch()[LOW] & mask, wide,
						quietNansAreInvalid);
				finish(p, unit);
				Flags.set(p.state().general, order == 2 ? CpuState.ZF | CpuState.PF | CpuState.CF
						: order == 0 ? CpuState.ZF : order < 0 ? CpuState.CF : 0);
			});
		};
	}

	// ---- conversions ----

	private static void defineIntegerConversions(Meanings table) {
		table.define(Mnemonic.CVTSS2SI, toGeneral(false, false));
		table.define(Mnemonic.CVTSD2SI, toGeneral(true, false));
		table.define(Mnemonic.CVTTSS2SI, toGeneral(false, true));
		table.define(Mnemonic.CVTTSD2SI, toGeneral(true, true));
		table.define(Mnemonic.CVTSI2SS, fromGeneral(false));
		table.define(Mnemonic.CVTSI2SD, fromGeneral(true));
		table.define(Mnemonic.CVTDQ2PS, converting(true, (unit, v) -> {
			v[D_LOW] = single(unit, v[LOW]) | single(unit, v[LOW] >> 32) << 32;
			v[D_HIGH] = single(unit, v[HIGH]) | single(unit, v[HIGH] >> 32) << 32;
		}));
		table.define(Mnemonic.CVTDQ2PD, converting(true, (unit, v) -> {
			v[D_LOW] = unit.fromInteger((int) v[LOW], true);
			v[D_HIGH] = unit.fromInteger(v[LOW] >> 32, true);
		}));
		table.define(Mnemonic.CVTPS2DQ, converting(true, (unit, v) -> integers(unit, v, false)));
		table.define(Mnemonic.CVTTPS2DQ, converting(true, (unit, v) -> integers(unit, v, true)));
		table.define(Mnemonic.CVTPD2DQ, converting(true, (unit, v) -> integersOfDoubles(unit, v, false)));
		table.define(Mnemonic.CVTTPD2DQ, converting(true, (unit, v) -> integersOfDoubles(unit, v, true)));
	}

	private static void defineWidthConversions(Meanings table) {
		table.define(Mnemonic.CVTSS2SD, converting(false,
				(unit, v) -> v[D_LOW] = unit.convert(v[LOW] & 0xffff_ffffL, false)));
		table.define(Mnemonic.CVTSD2SS, converting(false,
				(unit, v) -> v[D_LOW] = v[D_LOW] & 0xffff_ffff_0000_0000L | unit.convert(v[LOW], true)));
		table.define(Mnemonic.CVTPS2PD, converting(true, (unit, v) -> {
			v[D_LOW] = unit.convert(v[LOW] & 0xffff_ffffL, false);
			v[D_HIGH] = unit.convert(v[LOW] >>> 32, false);
		}));
		table.define(Mnemonic.CVTPD2PS, converting(true, (unit, v) -> {
			v[D_LOW] = unit.convert(v[LOW], true) | unit.convert(v[HIGH], true) << 32;
			v[D_HIGH] = 0;
		}));
	}

	private static long single(FloatUnit unit, long value) {
		return unit.fromInteger((int) value, false);
	}

	private static void integers(FloatUnit unit, long[] v, boolean truncate) {
		v[D_LOW] = unit.toInteger(v[LOW] & 0xffff_ffffL, false, 32, truncate)
				| unit.toInteger(v[LOW] >>> 32, false, 32, truncate) << 32;
		v[D_HIGH] = unit.toInteger(v[HIGH] & 0xffff_ffffL, false, 32, truncate)
				| unit.toInteger(v[HIGH] >>> 32, false, 32, truncate) << 32;
	}

	private static void integersOfDoubles(FloatUnit unit, long[] v, boolean truncate) {
		v[D_LOW] = unit.toInteger(v[LOW], true, 32, truncate) | unit.toInteger(v[HIGH], true, 32, truncate) << 32;
		v[D_HIGH] = 0;
	}

	private static Meaning converting(boolean aligned, Conversion conversion) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), aligned);
				long[] v = p.scratch();
				v[D_LOW] = p.state().extended.xmm[2 * d];
				v[D_HIGH] = p.state().extended.xmm[2 * d + 1];
				FloatUnit unit = begin(p);
				conversion.apply(unit, v);
				finish(p, unit);
				VectorOperand.writeXmm(p, d, v[D_LOW], v[D_HIGH]);
			});
		};
	}

	private static Meaning toGeneral(boolean wide, boolean truncate) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			int bits = i.operandSize() == 64 ? 64 : 32;
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), false);
				FloatUnit unit = begin(p);
				long value = unit.toInteger(wide ? p.scratch()[LOW] : p.scratch()[LOW] & 0xffff_ffffL, wide, bits,
						truncate);
				finish(p, unit);
				p.setGeneral(d, bits, value);
			});
		};
	}

	private static Meaning fromGeneral(boolean wide) {
		return (block, i) -> {
			int d = VectorOperand.number(i.operand(0));
			boolean source64 = i.operandSize() == 64;
			VectorOperand.emit(block, i, (p, instruction) -> {
				VectorOperand.read(p, instruction.operand(1), false);
				long value = source64 ? p.scratch()[LOW] : (int) p.scratch()[LOW];
				FloatUnit unit = begin(p);
				long result = unit.fromInteger(value, wide);
				finish(p, unit);
				long[] xmm = p.state().extended.xmm;
				xmm[2 * d] = wide ? result : xmm[2 * d] & 0xffff_ffff_0000_0000L | result;
			});
		};
	}
}
