/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Routine;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;

/** Interrupts by instruction, far transfers, system calls, and the flags that interrupts depend on. */
final class Interrupts {
	/** Where an instruction transfers control to. */
	@FunctionalInterface
	private interface Transfer {
		long target(Processor processor, Instruction instruction);
	}

	private Interrupts() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.INT, (block, i) -> block.call((p, instruction) -> {
			p.events().delivery.softwareInterrupt((int) immediate(instruction) & 0xff, p.nextRip());
			p.delivered();
		}));
		table.define(Mnemonic.INT3, (block, i) -> block.call((p, instruction) -> exception(p, Vector.BP)));
		table.define(Mnemonic.INTO, (block, i) -> block.call((p, instruction) -> {
			if ((p.state().rflags & CpuState.OF) != 0) {
				exception(p, Vector.OF);
			}
		}));
		table.define(Mnemonic.INT1, (block, i) -> block.call((p, instruction) -> {
			p.events().delivery.icebp(p.nextRip());
			p.delivered();
		}));
		table.define(Mnemonic.IRET, (block, i) -> block
				.call(jump((p, instruction) -> p.system().interruptReturn.iret(instruction.operandSize(),
						instruction.length()))));
		table.define(Mnemonic.JMP_FAR, (block, i) -> far(block, i,
				(p, instruction) -> p.system().farTransfers.jump(selector(p), p.argument(1),
						instruction.operandSize(), p.nextRip())));
		table.define(Mnemonic.CALL_FAR, (block, i) -> far(block, i, (p, instruction) -> p.system().farTransfers
				.call(selector(p), p.argument(1), instruction.operandSize(), p.nextRip())));
		table.define(Mnemonic.RET_FAR, (block, i) -> block.call(jump((p, instruction) -> p.system().farTransfers
				.ret(instruction.operandSize(),
						instruction.operands().isEmpty() ? 0 : (int) immediate(instruction) & 0xffff))));
		table.define(Mnemonic.SYSCALL,
				(block, i) -> block.call(jump((p, instruction) -> p.system().fastSystemCalls.syscall(p.nextRip()))));
		table.define(Mnemonic.SYSRET, (block, i) -> block
				.call(jump((p, instruction) -> p.system().fastSystemCalls.sysret(instruction.operandSize() == 64))));
		table.define(Mnemonic.SYSENTER,
				(block, i) -> block.call(jump((p, instruction) -> p.system().fastSystemCalls.sysenter())));
		table.define(Mnemonic.SYSEXIT, (block, i) -> block
				.call(jump((p, instruction) -> p.system().fastSystemCalls.sysexit(instruction.operandSize() == 64))));
		table.define(Mnemonic.PUSHF, (block, i) -> block.call(Interrupts::pushFlags));
		table.define(Mnemonic.POPF, (block, i) -> block.call(Interrupts::popFlags));
		table.define(Mnemonic.CLI, (block, i) -> block.call((p, instruction) -> p.system().flagInstructions.cli()));
		table.define(Mnemonic.STI, (block, i) -> block.call((p, instruction) -> p.system().flagInstructions.sti()));
		table.define(Mnemonic.CLAC,
				(block, i) -> block.call((p, instruction) -> p.system().flagInstructions.setAlignmentCheck(false)));
		table.define(Mnemonic.STAC,
				(block, i) -> block.call((p, instruction) -> p.system().flagInstructions.setAlignmentCheck(true)));
	}

	private static long immediate(Instruction instruction) {
		return ((Operand.Imm) instruction.operand(0)).value();
	}

	private static void exception(Processor processor, int vector) {
		processor.events().delivery.softwareException(vector, processor.nextRip());
		processor.delivered();
	}

	private static Routine jump(Transfer transfer) {
		return (processor, instruction) -> processor.jump(transfer.target(processor, instruction));
	}

	private static int selector(Processor processor) {
		return (int) processor.argument(0) & 0xffff;
	}

	/** The far pointer, from the instruction or from memory, to the routine's first two arguments. */
	private static void far(BlockBuilder block, Instruction i, Transfer transfer) {
		int selector = block.temporary();
		int offset = block.temporary();
		int bits = i.operandSize();
		if (i.operand(0) instanceof Operand.Far pointer) {
			block.moveImmediate(64, selector, pointer.selector());
			block.moveImmediate(64, offset, pointer.offset());
		} else {
			Address at = block.address((Operand.Mem) i.operand(0), bits / 8 + 2, false);
			block.load(bits, offset, at);
			block.load(16, selector, BlockBuilder.behind(at, bits / 8));
		}
		block.call(jump(transfer));
	}

	private static void pushFlags(Processor processor, Instruction i) {
		long image = processor.system().flagInstructions.pushedFlags(i.operandSize(), i.length());
		Stack stack = processor.stack();
		stack.open();
		stack.push(i.operandSize() / 8, image);
		processor.state().general[CpuState.RSP] = stack.pointer();
	}

	private static void popFlags(Processor processor, Instruction i) {
		processor.system().flagInstructions.preparePopFlags(i.operandSize(), i.length());
		Stack stack = processor.stack();
		stack.open();
		long image = stack.pop(i.operandSize() / 8);
		long pointer = stack.pointer();
		processor.system().flagInstructions.popFlags(image, i.operandSize());
		processor.state().general[CpuState.RSP] = pointer;
	}
}
