/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.execution.BlockBuilder;
import org.hyperstep.x86.execution.BlockBuilder.Address;
import org.hyperstep.x86.execution.Meaning;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.Feature;

/** Segment registers: moves, pushes, pops and far pointers. */
final class SegmentOps {
	private SegmentOps() {
	}

	static void define(Meanings table) {
		table.define(Mnemonic.MOV_SREG, SegmentOps::move);
		table.define(Mnemonic.PUSH_SREG, SegmentOps::push);
		table.define(Mnemonic.POP_SREG, (block, i) -> block.call(SegmentOps::pop));
		table.define(Mnemonic.LDS, loadingPointer(CpuState.DS));
		table.define(Mnemonic.LES, loadingPointer(CpuState.ES));
		table.define(Mnemonic.LSS, loadingPointer(CpuState.SS));
		table.define(Mnemonic.LFS, loadingPointer(CpuState.FS));
		table.define(Mnemonic.LGS, loadingPointer(CpuState.GS));
		table.define(Mnemonic.RDFSBASE, Feature.FSGSBASE, (block, i) -> readBase(block, i, CpuState.FS));
		table.define(Mnemonic.RDGSBASE, Feature.FSGSBASE, (block, i) -> readBase(block, i, CpuState.GS));
		table.define(Mnemonic.WRFSBASE, Feature.FSGSBASE, (block, i) -> writeBase(block, i, CpuState.FS));
		table.define(Mnemonic.WRGSBASE, Feature.FSGSBASE, (block, i) -> writeBase(block, i, CpuState.GS));
	}

	private static int segment(Operand operand) {
		return ((Operand.Reg) operand).register().number();
	}

	private static boolean isSegment(Operand operand) {
		return operand instanceof Operand.Reg reg
				&& reg.register().kind() == Register.Kind.SEGMENT;
	}

	/** A temporary with the selector; it is the first of the instruction. */
	private static int selector(BlockBuilder block, int segment) {
		int selector = block.temporary();
		block.callInline((processor, i) -> processor.result(processor.state().segments[segment].selector));
		return selector;
	}

	private static void move(BlockBuilder block, Instruction i) {
		if (isSegment(i.operand(1))) {
			int selector = selector(block, segment(i.operand(1)));
			block.write(i.operand(0), i.operand(0) instanceof Operand.Mem ? 16 : i.operandSize(), selector);
			return;
		}
		int segment = segment(i.operand(0));
		if (segment == CpuState.CS) {
			block.raise(Vector.UD);
			block.end();
			return;
		}
		int selector = block.temporary();
		block.extend(16, false, selector, block.read(i.operand(1), 16));
		block.call((processor, instruction) -> load(processor, segment, processor.argument(0)));
	}

	private static void load(Processor processor, int segment, long selector) {
		processor.system().segmentLoads.load(segment, (int) selector & 0xffff);
		if (segment == CpuState.SS) {
			processor.events().blockByMovSs();
		}
	}

	private static void push(BlockBuilder block, Instruction i) {
		block.push(i.operandSize(), selector(block, segment(i.operand(0))));
	}

	private static void pop(Processor processor, Instruction i) {
		Stack stack = processor.stack();
		stack.open();
		long selector = stack.pop(i.operandSize() / 8);
		long pointer = stack.pointer();
		load(processor, segment(i.operand(0)), selector);
		processor.state().general[CpuState.RSP] = pointer;
	}

	private static Meaning loadingPointer(int segment) {
		return (block, i) -> {
			int bits = i.operandSize();
			int register = ((Operand.Reg) i.operand(0)).register().number();
			int selector = block.temporary();
			int offset = block.temporary();
			Address at = block.address((Operand.Mem) i.operand(1), bits / 8 + 2, false);
			block.load(bits, offset, at);
			block.load(16, selector, BlockBuilder.behind(at, bits / 8));
			block.call((processor, instruction) -> {
				// LSS casts no shadow: it exists to load the pointer with the segment.
				processor.system().segmentLoads.load(segment, (int) processor.argument(0));
				processor.setGeneral(register, bits, processor.argument(1));
			});
		};
	}

	private static void requireBaseAccess(Processor processor) {
		if ((processor.state().cr4 & CpuState.CR4_FSGSBASE) == 0) {
			throw processor.fault().undefinedInstruction();
		}
	}

	private static void readBase(BlockBuilder block, Instruction i, int segment) {
		int base = block.temporary();
		block.callInline((processor, instruction) -> {
			requireBaseAccess(processor);
			processor.result(processor.state().segments[segment].base);
		});
		block.write(i.operand(0), i.operandSize(), base);
	}

	private static void writeBase(BlockBuilder block, Instruction i, int segment) {
		int base = block.temporary();
		block.move(64, base, block.read(i.operand(0), i.operandSize()));
		block.callInline((processor, instruction) -> {
			requireBaseAccess(processor);
			long value = RegisterWidth.unsigned(instruction.operandSize(), processor.argument(0));
			processor.system().requireHeld(value);
			processor.state().segments[segment].base = value;
		});
	}
}
