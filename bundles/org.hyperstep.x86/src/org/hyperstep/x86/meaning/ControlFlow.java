/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.BOUND;
import static org.hyperstep.x86.decode.Mnemonic.CALL;
import static org.hyperstep.x86.decode.Mnemonic.JCC;
import static org.hyperstep.x86.decode.Mnemonic.JCXZ;
import static org.hyperstep.x86.decode.Mnemonic.JMP;
import static org.hyperstep.x86.decode.Mnemonic.LOOP;
import static org.hyperstep.x86.decode.Mnemonic.LOOPE;
import static org.hyperstep.x86.decode.Mnemonic.LOOPNE;
import static org.hyperstep.x86.decode.Mnemonic.RET;
import static org.hyperstep.x86.decode.Mnemonic.UD0;
import static org.hyperstep.x86.decode.Mnemonic.UD1;
import static org.hyperstep.x86.decode.Mnemonic.UD2;
import static org.hyperstep.x86.state.CpuState.RCX;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.Flags;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.MicroOp;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.memory.Mmu;

/** Near branches, calls and returns, and the instructions that are exceptions by definition. */
final class ControlFlow {
	private static final int ANY = 16, WHILE_Z = 4, WHILE_NZ = 5;

	private ControlFlow() {
	}

	static void define(Meanings table) {
		table.define(JMP, ControlFlow::jump);
		table.define(JCC, (block, i) -> {
			check(block, i, g -> Flags.condition(g, i.condition()));
			block.branch(MicroOp.JUMP_O + i.condition(), displacement(i), i.operandSize());
		});
		table.define(JCXZ, ControlFlow::jumpIfCounterZero);
		table.define(LOOP, looping(ANY));
		table.define(LOOPE, looping(WHILE_Z));
		table.define(LOOPNE, looping(WHILE_NZ));
		table.define(CALL, ControlFlow::call);
		table.define(RET, ControlFlow::ret);
		table.define(BOUND, ControlFlow::bound);
		for (Mnemonic undefined : new Mnemonic[] { UD0, UD1, UD2 }) {
			table.define(undefined, (block, i) -> {
				block.raise(Vector.UD);
				block.end();
			});
		}
	}

	private static long displacement(Instruction i) {
		return ((Operand.Rel) i.operand(0)).displacement();
	}

	/** Whether a conditional branch is going to be taken, from the slots. */
	@FunctionalInterface
	private interface Taken {
		boolean test(long[] g);
	}

	/** Has a relative branch that is taken check its target, before it does anything else. */
	private static void check(BlockBuilder block, Instruction i, Taken taken) {
		if (!block.limited()) {
			return;
		}
		long mask = i.operandSize() == 64 ? -1 : i.operandSize() == 32 ? 0xffff_ffffL : 0xffff;
		block.callInline((p, decoded) -> {
			if (taken.test(p.state().general)) {
				p.requireCodeOffset(p.nextRip() + displacement(decoded) & mask);
			}
		});
	}

	/** Has an indirect branch outside 64-bit mode check its target; in 64-bit mode its operation does. */
	private static void checkTarget(BlockBuilder block, int target, int bits) {
		if (block.limited() && bits != 64) {
			block.callInline(
					(p, decoded) -> p.requireCodeOffset(RegisterWidth.unsigned(bits, p.state().general[target])));
		}
	}

	/** The target of an indirect branch, zero-extended from the operand size. */
	private static int target(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int target = block.read(i.operand(0), bits);
		if (i.operand(0) instanceof Operand.Mem || bits == 64) {
			return target;
		}
		int extended = block.temporary();
		block.extend(bits, false, extended, target);
		return extended;
	}

	private static void jump(BlockBuilder block, Instruction i) {
		if (i.operand(0) instanceof Operand.Rel rel) {
			check(block, i, g -> true);
			block.branch(MicroOp.JUMP, rel.displacement(), i.operandSize());
		} else {
			int target = target(block, i);
			checkTarget(block, target, i.operandSize());
			block.branchTo(target, i.operandSize());
		}
	}

	private static void jumpIfCounterZero(BlockBuilder block, Instruction i) {
		long mask = RegisterWidth.unsigned(i.addressSize(), -1);
		check(block, i, g -> (g[RCX] & mask) == 0);
		int counter = block.temporary();
		block.extend(i.addressSize(), false, counter, RCX);
		block.branchIf(MicroOp.JUMP_IF_ZERO, counter, displacement(i), i.operandSize());
	}

	private static Meaning looping(int condition) {
		return (block, i) -> {
			long mask = RegisterWidth.unsigned(i.addressSize(), -1);
			check(block, i, g -> (g[RCX] & mask) != 1
					&& (condition == ANY || Flags.condition(g, condition)));
			int again = block.temporary();
			block.generic(MicroOp.LOOP, i.addressSize(), again, 0, Slots.ZERO, condition);
			block.branchIf(MicroOp.JUMP_IF_NOT_ZERO, again, displacement(i), i.operandSize());
		};
	}

	private static void call(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		if (i.operand(0) instanceof Operand.Rel rel) {
			check(block, i, g -> true);
			if (bits == 64) {
				block.call(rel.displacement());
			} else {
				block.push(bits, block.returnAddress());
				block.branch(MicroOp.JUMP, rel.displacement(), bits);
			}
		} else {
			int target = target(block, i);
			if (bits == 64) {
				block.callTo(target);
			} else {
				checkTarget(block, target, bits);
				block.push(bits, block.returnAddress());
				block.branchTo(target, bits);
			}
		}
	}

	private static void ret(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		long released = i.operands().isEmpty() ? 0 : ((Operand.Imm) i.operand(0)).value() & 0xffff;
		if (bits == 64) {
			block.ret(released);
		} else {
			int target = block.top(bits);
			checkTarget(block, target, bits);
			block.release(bits / 8 + (int) released);
			block.branchTo(target, bits);
		}
	}

	private static void bound(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int linear = block.temporary();
		int index = block.temporary();
		block.linearAddress(linear, block.address((Operand.Mem) i.operand(1), bits / 4, false));
		block.extend(bits, true, index, block.read(i.operand(0), bits));
		block.callInline((processor, instruction) -> checkBounds(processor, bits / 8));
	}

	private static void checkBounds(Processor processor, int size) {
		Mmu mmu = processor.mmu();
		long linear = processor.argument(0);
		long index = processor.argument(1);
		int unused = 64 - 8 * size;
		long lower = mmu.read(linear, size) << unused >> unused;
		long upper = mmu.read(linear + size, size) << unused >> unused;
		if (index < lower || index > upper) {
			throw processor.fault().raise(Vector.BR);
		}
	}
}
