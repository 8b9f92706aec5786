/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import static org.hyperstep.x86.decode.Mnemonic.ENTER;
import static org.hyperstep.x86.decode.Mnemonic.LEAVE;
import static org.hyperstep.x86.decode.Mnemonic.POP;
import static org.hyperstep.x86.decode.Mnemonic.POPA;
import static org.hyperstep.x86.decode.Mnemonic.PUSH;
import static org.hyperstep.x86.decode.Mnemonic.PUSHA;
import static org.hyperstep.x86.state.CpuState.RBP;
import static org.hyperstep.x86.state.CpuState.RSP;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;

/** Pushes, pops and stack frames. */
final class StackOps {
	private StackOps() {
	}

	static void define(Meanings table) {
		table.define(PUSH, (block, i) -> block.push(i.operandSize(), block.read(i.operand(0), i.operandSize())));
		table.define(POP, StackOps::pop);
		table.define(PUSHA, (block, i) -> block.callInline(StackOps::pushAll));
		table.define(POPA, (block, i) -> block.callInline(StackOps::popAll));
		table.define(ENTER, (block, i) -> block.callInline(StackOps::enter));
		table.define(LEAVE, StackOps::leave);
	}

	private static void pop(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		if (i.operand(0) instanceof Operand.Mem mem) {
			int value = block.top(bits);
			// The address is computed with the stack pointer after the pop; it moves when the store has succeeded.
			boolean fromStackPointer = mem.base() == Register.RSP || mem.base() == Register.ESP;
			Operand.Mem after = fromStackPointer ? displaced(mem, bits / 8) : mem;
			block.store(bits, value, block.address(after, bits / 8, true));
			block.release(bits / 8);
		} else if (bits == 64 && i.operand(0) instanceof Operand.Reg reg) {
			block.pop64(BlockBuilder.slot(reg.register()));
		} else {
			int value = block.top(bits);
			block.release(bits / 8);
			block.write(i.operand(0), bits, value);
		}
	}

	private static Operand.Mem displaced(Operand.Mem mem, int bytes) {
		return new Operand.Mem(mem.segment(), mem.overridden(), mem.base(), mem.index(), mem.scale(),
				mem.displacement() + bytes, mem.displacementSize(), mem.addressSize(), mem.size());
	}

	private static void pushAll(Processor processor, Instruction i) {
		long[] g = processor.state().general;
		int size = i.operandSize() / 8;
		Stack stack = processor.stack();
		stack.open();
		for (int register = 0; register < 8; register++) {
			stack.push(size, g[register]);
		}
		g[RSP] = stack.pointer();
	}

	private static void popAll(Processor processor, Instruction i) {
		long[] g = processor.state().general;
		int size = i.operandSize() / 8;
		Stack stack = processor.stack();
		stack.open();
		long[] values = processor.scratch();
		for (int register = 7; register >= 0; register--) {
			values[register] = stack.pop(size);
		}
		for (int register = 0; register < 8; register++) {
			if (register != RSP) {
				g[register] = size == 2 ? g[register] & ~0xffffL | values[register] : values[register];
			}
		}
		g[RSP] = stack.pointer();
	}

	private static long immediate(Instruction i, int operand) {
		return ((Operand.Imm) i.operand(operand)).value();
	}

	/** The frame pointer of nested frames is copied from the enclosing ones ("ENTER"). */
	private static void enter(Processor processor, Instruction i) {
		CpuState state = processor.state();
		long[] g = state.general;
		int size = i.operandSize() / 8;
		long locals = immediate(i, 0) & 0xffff;
		int level = (int) immediate(i, 1) & 31;
		Stack stack = processor.stack();
		stack.open();
		stack.push(size, g[RBP]);
		long frame = stack.pointer();
		long mask = stackMask(state);
		for (int k = 1; k < level; k++) {
			long at = g[RBP] - (long) k * size & mask;
			stack.push(size, processor.mmu().read(processor.segments().linear(CpuState.SS, at, size, false), size));
		}
		if (level > 0) {
			stack.push(size, frame);
		}
		long pointer = stack.pointer();
		long top = pointer & ~mask | pointer - locals & mask;
		// The top of the new frame must be writable: the manual's last check before the registers change.
		processor.mmu().prepareWrite(processor.segments().linear(CpuState.SS, top & mask, size, true), size);
		g[RBP] = size == 8 ? frame : size == 4 ? frame & 0xffff_ffffL : g[RBP] & ~0xffffL | frame & 0xffff;
		g[RSP] = top;
	}

	private static long stackMask(CpuState state) {
		return state.in64BitMode() ? -1 : state.segments[CpuState.SS].defaultBig() ? 0xffff_ffffL : 0xffff;
	}

	private static void leave(BlockBuilder block, Instruction i) {
		int bits = i.operandSize();
		int width = block.stackWidth();
		int frame = block.temporary();
		if (width == 64) {
			block.move(64, frame, RBP);
		} else {
			block.extend(width, false, frame, RBP);
		}
		int value = block.load(bits, block.address(CpuState.SS, frame, bits / 8, false));
		block.move(width, RSP, frame);
		block.release(bits / 8);
		block.move(bits, RBP, value);
	}
}
