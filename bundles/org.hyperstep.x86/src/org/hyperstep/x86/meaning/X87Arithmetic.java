/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;
import org.hyperstep.x86.system.Feature;
import org.hyperstep.x86.x87.Operations.Binary;
import org.hyperstep.x86.x87.Operations.ByNext;
import org.hyperstep.x86.x87.Moves.Constant;
import org.hyperstep.x86.x87.Operations.Unary;
import org.hyperstep.x86.x87.Stores;
import org.hyperstep.x86.x87.Transcendentals.OfTwo;
import org.hyperstep.x86.x87.X87Unit;

/** x87 loads, stores, arithmetic and comparisons: operands for {@link X87Unit}, and its last-instruction pointers. */
@SuppressWarnings("nls")
final class X87Arithmetic {
	private X87Arithmetic() {
	}

	/** An operation on the register stack. */
	@FunctionalInterface
	private interface OnStack {
		void run(X87Unit unit, Instruction instruction);
	}

	/** An operation that takes a value from memory, zero-extended, or sign-extended for integers. */
	@FunctionalInterface
	private interface OnValue {
		void run(X87Unit unit, long value, int size);
	}

	/** Computes what is to be stored; false where it is not. */
	@FunctionalInterface
	private interface Storing {
		boolean run(Stores stores, int size);
	}

	static void define(Meanings table) {
		defineArithmetic(table);
		defineComparisons(table);
		defineMoves(table);
		defineStores(table);
		defineConstants(table);
	}

	private static void defineArithmetic(Meanings table) {
		arithmetic(table, "ADD", "", Binary.ADD);
		arithmetic(table, "SUB", "", Binary.SUBTRACT);
		arithmetic(table, "SUB", "R", Binary.SUBTRACT_REVERSED);
		arithmetic(table, "MUL", "", Binary.MULTIPLY);
		arithmetic(table, "DIV", "", Binary.DIVIDE);
		arithmetic(table, "DIV", "R", Binary.DIVIDE_REVERSED);
		table.define(Mnemonic.FSQRT, onStack((unit, i) -> unit.operations().unary(Unary.SQUARE_ROOT)));
		table.define(Mnemonic.FRNDINT, onStack((unit, i) -> unit.operations().unary(Unary.ROUND_TO_INTEGER)));
		table.define(Mnemonic.FSCALE, onStack((unit, i) -> unit.operations().byNext(ByNext.SCALE)));
		table.define(Mnemonic.FPREM, onStack((unit, i) -> unit.operations().byNext(ByNext.REMAINDER)));
		table.define(Mnemonic.FPREM1, onStack((unit, i) -> unit.operations().byNext(ByNext.NEAREST_REMAINDER)));
		table.define(Mnemonic.FXTRACT, onStack((unit, i) -> unit.operations().extract()));
		table.define(Mnemonic.F2XM1, onStack((unit, i) -> unit.transcendentals().exponential()));
		table.define(Mnemonic.FSIN, onStack((unit, i) -> unit.transcendentals().sine()));
		table.define(Mnemonic.FCOS, onStack((unit, i) -> unit.transcendentals().cosine()));
		table.define(Mnemonic.FSINCOS, onStack((unit, i) -> unit.transcendentals().sineAndCosine()));
		table.define(Mnemonic.FPTAN, onStack((unit, i) -> unit.transcendentals().tangent()));
		table.define(Mnemonic.FPATAN, onStack((unit, i) -> unit.transcendentals().binary(OfTwo.ARC_TANGENT)));
		table.define(Mnemonic.FYL2X, onStack((unit, i) -> unit.transcendentals().binary(OfTwo.LOGARITHM)));
		table.define(Mnemonic.FYL2XP1,
				onStack((unit, i) -> unit.transcendentals().binary(OfTwo.LOGARITHM_OF_ONE_MORE)));
		table.define(Mnemonic.FCHS, onStack((unit, i) -> unit.operations().sign(true)));
		table.define(Mnemonic.FABS, onStack((unit, i) -> unit.operations().sign(false)));
	}

	private static void arithmetic(Meanings table, String name, String reversed, Binary operation) {
		table.define(Mnemonic.valueOf("F" + name + reversed),
				either(onStack((unit, i) -> unit.operations().binary(operation, st(i, 0), st(i, 1), false)),
						onValue(false, (unit, value, size) -> unit.operations().binary(operation, value, size == 8))));
		table.define(Mnemonic.valueOf("F" + name + reversed + "P"),
				onStack((unit, i) -> unit.operations().binary(operation, st(i, 0), st(i, 1), true)));
		table.define(Mnemonic.valueOf("FI" + name + reversed),
				onValue(true, (unit, value, size) -> unit.operations().binary(operation, value)));
	}

	private static void defineComparisons(Meanings table) {
		table.define(Mnemonic.FCOM, comparing(0));
		table.define(Mnemonic.FCOMP, comparing(1));
		table.define(Mnemonic.FCOMPP, onStack((unit, i) -> unit.comparisons().compareStack(1, true, 2)));
		table.define(Mnemonic.FUCOM, onStack((unit, i) -> unit.comparisons().compareStack(st(i, 0), false, 0)));
		table.define(Mnemonic.FUCOMP, onStack((unit, i) -> unit.comparisons().compareStack(st(i, 0), false, 1)));
		table.define(Mnemonic.FUCOMPP, onStack((unit, i) -> unit.comparisons().compareStack(1, false, 2)));
		table.define(Mnemonic.FICOM, onValue(true, (unit, value, size) -> unit.comparisons().compareInteger(value, 0)));
		table.define(Mnemonic.FICOMP,
				onValue(true, (unit, value, size) -> unit.comparisons().compareInteger(value, 1)));
		table.define(Mnemonic.FTST, onStack((unit, i) -> unit.comparisons().compareInteger(0, 0)));
		table.define(Mnemonic.FXAM, onStack((unit, i) -> unit.comparisons().examine()));
		table.define(Mnemonic.FCOMI, comparingFlags(true, false));
		table.define(Mnemonic.FCOMIP, comparingFlags(true, true));
		table.define(Mnemonic.FUCOMI, comparingFlags(false, false));
		table.define(Mnemonic.FUCOMIP, comparingFlags(false, true));
	}

	private static Meaning comparing(int pops) {
		return either(onStack((unit, i) -> unit.comparisons().compareStack(st(i, 0), true, pops)),
				onValue(false, (unit, value, size) -> unit.comparisons().compareMemory(value, size == 8, pops)));
	}

	private static Meaning comparingFlags(boolean quietNansAreInvalid, boolean pop) {
		return x87((p, i) -> {
			int order = p.x87().comparisons().compareFlags(st(i, 1), quietNansAreInvalid, pop);
			long[] g = p.state().general;
			if (order == 3) {
				Flags.set(g, Flags.get(g) & (CpuState.ZF | CpuState.PF | CpuState.CF));
			} else {
				Flags.set(g, order == 2 ? CpuState.ZF | CpuState.PF | CpuState.CF
						: order == 0 ? CpuState.ZF : order < 0 ? CpuState.CF : 0);
			}
		});
	}

	private static void defineMoves(Meanings table) {
		table.define(Mnemonic.FLD,
				either(onStack((unit, i) -> unit.moves().load(st(i, 0))), (block, i) -> (size(i) == 10
						? x87((p, instruction) -> loadExtended(p))
						: onValue(false, (unit, value, size) -> unit.moves().loadNarrow(value, size == 8)))
						.emit(block, i)));
		table.define(Mnemonic.FILD, onValue(true, (unit, value, size) -> unit.moves().loadInteger(value)));
		table.define(Mnemonic.FBLD, x87((p, i) -> {
			long low = p.mmu().read64(p.argument(0));
			p.x87().moves().loadDecimal(low, p.mmu().read16(p.argument(0) + 8));
		}));
		table.define(Mnemonic.FXCH, onStack((unit, i) -> unit.moves().exchange(st(i, 0))));
		table.define(Mnemonic.FFREE, onStack((unit, i) -> unit.moves().free(st(i, 0), false)));
		table.define(Mnemonic.FFREEP, onStack((unit, i) -> unit.moves().free(st(i, 0), true)));
		table.define(Mnemonic.FINCSTP, onStack((unit, i) -> unit.moves().rotate(1)));
		table.define(Mnemonic.FDECSTP, onStack((unit, i) -> unit.moves().rotate(-1)));
		String[] conditions = { "B", "E", "BE", "U" };
		int[] codes = { 2, 4, 6, 10 };
		for (int k = 0; k < codes.length; k++) {
			table.define(Mnemonic.valueOf("FCMOV" + conditions[k]), movingIf(codes[k]));
			table.define(Mnemonic.valueOf("FCMOVN" + conditions[k]), movingIf(codes[k] | 1));
		}
	}

	private static void loadExtended(Processor p) {
		long significand = p.mmu().read64(p.argument(0));
		p.x87().moves().loadExtended((int) p.mmu().read16(p.argument(0) + 8), significand);
	}

	private static Meaning movingIf(int condition) {
		return x87(true,
				(p, i) -> p.x87().moves().moveIf(Flags.condition(p.state().general, condition), st(i, 1)));
	}

	private static void defineStores(Meanings table) {
		table.define(Mnemonic.FST, either(onStack((unit, i) -> unit.moves().store(st(i, 0), false)),
				storing(false, (stores, size) -> stores.narrow(size == 8))));
		table.define(Mnemonic.FSTP, either(onStack(X87Arithmetic::storeAndPop), storing(true,
				(stores, size) -> size == 10 ? stores.extended() : stores.narrow(size == 8))));
		table.define(Mnemonic.FIST, storing(false, (stores, size) -> stores.integer(8 * size, false)));
		table.define(Mnemonic.FISTP, storing(true, (stores, size) -> stores.integer(8 * size, false)));
		table.define(Mnemonic.FISTTP, Feature.SSE3, storing(true, (stores, size) -> stores.integer(8 * size, true)));
		table.define(Mnemonic.FBSTP, storing(true, (stores, size) -> stores.decimal()));
	}

	private static void storeAndPop(X87Unit unit, Instruction i) {
		if (i.opcode() == 0xd9) {
			unit.moves().storeIfValid(st(i, 0));
		} else {
			unit.moves().store(st(i, 0), true);
		}
	}

	private static void defineConstants(Meanings table) {
		constant(table, Mnemonic.FLDZ, Constant.ZERO);
		constant(table, Mnemonic.FLD1, Constant.ONE);
		constant(table, Mnemonic.FLDL2T, Constant.LOG2_10);
		constant(table, Mnemonic.FLDL2E, Constant.LOG2_E);
		constant(table, Mnemonic.FLDPI, Constant.PI);
		constant(table, Mnemonic.FLDLG2, Constant.LOG10_2);
		constant(table, Mnemonic.FLDLN2, Constant.LN_2);
	}

	private static void constant(Meanings table, Mnemonic mnemonic, Constant constant) {
		table.define(mnemonic, onStack((unit, i) -> unit.moves().loadConstant(constant)));
	}

	// ---- how instructions reach the unit ----

	private static int st(Instruction i, int operand) {
		return ((Operand.Reg) i.operand(operand)).register().number();
	}

	private static int size(Instruction i) {
		return ((Operand.Mem) i.operand(0)).size();
	}

	private static Meaning either(Meaning registers, Meaning memory) {
		return (block, i) -> (i.operand(0) instanceof Operand.Mem ? memory : registers).emit(block, i);
	}

	private static Meaning onStack(OnStack operation) {
		return x87((p, i) -> operation.run(p.x87(), i));
	}

	private static Meaning onValue(boolean signed, OnValue operation) {
		return x87((p, i) -> {
			int size = size(i);
			long value = p.mmu().read(p.argument(0), size);
			long extended = signed ? value << 64 - 8 * size >> 64 - 8 * size : value;
			operation.run(p.x87(), extended, size);
		});
	}

	private static Meaning storing(boolean pop, Storing operation) {
		return x87((p, i) -> {
			int size = size(i);
			Mmu mmu = p.mmu();
			long linear = p.argument(0);
			mmu.prepareWrite(linear, size);
			Stores stores = p.x87().stores();
			if (operation.run(stores, size)) {
				mmu.write(linear, Math.min(size, 8), stores.low());
				if (size == 10) {
					mmu.write16(linear + 8, stores.high());
				}
				if (pop) {
					stores.pop();
				}
			}
		});
	}

	private static Meaning x87(Routine routine) {
		return x87(false, routine);
	}

	/** A waiting instruction that leaves its opcode, its address and its operand's for FNSTENV. */
	private static Meaning x87(boolean keepsC1, Routine routine) {
		return (block, i) -> {
			if (!X87Control.available(block)) {
				return;
			}
			boolean selectors = !block.has(Feature.FCS_FDS_DEPRECATED);
			if (i.operands().size() == 1 && i.operand(0) instanceof Operand.Mem mem) {
				boolean write = i.mnemonic().name().startsWith("FST") || i.mnemonic().name().startsWith("FIST")
						|| i.mnemonic() == Mnemonic.FBSTP;
				int linear = block.temporary();
				if (!block.longMode()) {
					// Before the checks of the segment.
					block.callInline((p, instruction) -> X87Control.raisePending(p));
				}
				block.linearAddress(linear, block.address(mem, mem.size(), write));
			}
			block.callInline((p, instruction) -> {
				X87Control.raisePending(p);
				int statusWord = p.state().extended.statusWord;
				if (keepsC1) {
					p.x87().beginKeepingC1();
				} else {
					p.x87().begin();
				}
				try {
					routine.run(p, instruction);
				} catch (RuntimeException fault) {
					p.state().extended.statusWord = statusWord;
					throw fault;
				}
				remember(p, instruction, selectors);
			});
		};
	}

	private static void remember(Processor p, Instruction i, boolean selectors) {
		CpuState state = p.state();
		ExtendedState extended = state.extended;
		boolean linear = !state.protectedMode() || state.virtual8086();
		long ip = p.nextRip() - i.length();
		extended.opcode = (i.opcode() & 7) << 8 | i.modRm();
		extended.instructionPointer = linear ? ip + state.segments[CpuState.CS].base : ip;
		extended.instructionSelector = selectors && !linear ? state.segments[CpuState.CS].selector : 0;
		if (i.operands().size() == 1 && i.operand(0) instanceof Operand.Mem mem) {
			int segment = mem.segment().number();
			boolean based = !state.in64BitMode() || segment == CpuState.FS || segment == CpuState.GS;
			extended.dataSelector = selectors && !linear ? state.segments[segment].selector : 0;
			extended.dataPointer = p.argument(0) - (based && !linear ? state.segments[segment].base : 0);
		}
	}
}
