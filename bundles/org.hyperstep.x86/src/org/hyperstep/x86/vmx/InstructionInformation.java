/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Decoder;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;
import org.hyperstep.x86.memory.RamBank;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/**
 * The VM-exit instruction-information field of instructions with operands, and the displacement that is their exit
 * qualification (Intel SDM, "Information for VM Exits Due to Instruction Execution"). It is found by decoding the
 * instruction at RIP again.
 */
final class InstructionInformation {
	private static final int NO_INDEX = 1 << 22, NO_BASE = 1 << 27, REGISTER_FORM = 1 << 10;

	private final Processor processor;
	private final CpuState state;
	private final byte[] bytes = new byte[Decoder.MAXIMUM_LENGTH];
	/** Exit qualification of the instruction looked at last. */
	long qualification;

	InstructionInformation(Processor processor) {
		this.processor = processor;
		state = processor.state();
	}

	/** The field's value for the instruction at RIP; 0 for one that has no such information. */
	long of(InterceptedInstruction kind) {
		qualification = 0;
		Instruction instruction = has(kind) ? decode() : null;
		if (instruction == null || instruction.operands().isEmpty()) {
			return 0;
		}
		return switch (kind) {
			case SGDT, SIDT, LGDT, LIDT -> memory(instruction) | operandSize(instruction) | (long) table(kind) << 28;
			case SLDT, STR, LLDT, LTR -> place(instruction, 0) | (long) table(kind) << 28;
			case VMREAD -> place(instruction, 0) | register(instruction, 1) << 28;
			case VMWRITE -> place(instruction, 1) | register(instruction, 0) << 28;
			case INVEPT, INVVPID, INVPCID -> memory(instruction) | register(instruction, 0) << 28;
			case RDRAND, RDSEED -> register(instruction, 0) << 3 | (long) (instruction.operandSize() >> 5) << 11;
			default -> memory(instruction);
		};
	}

	private static boolean has(InterceptedInstruction kind) {
		return switch (kind) {
			case SGDT, SIDT, LGDT, LIDT, SLDT, STR, LLDT, LTR, VMREAD, VMWRITE, INVEPT, INVVPID, INVPCID, RDRAND,
					RDSEED,
					VMCLEAR, VMPTRLD, VMPTRST, VMXON, XSAVES, XRSTORS ->
				true;
			default -> false;
		};
	}

	/** Bits 29:28: which of the four instructions. */
	private static int table(InterceptedInstruction kind) {
		return switch (kind) {
			case SIDT, STR -> 1;
			case LGDT, LLDT -> 2;
			case LIDT, LTR -> 3;
			default -> 0;
		};
	}

	private static long operandSize(Instruction instruction) {
		return instruction.operandSize() == 16 ? 0 : 1 << 11;
	}

	private static long register(Instruction instruction, int operand) {
		return instruction.operand(operand) instanceof Operand.Reg reg ? reg.register().number() & 15 : 0;
	}

	/** An operand in a register or in memory. */
	private long place(Instruction instruction, int operand) {
		return instruction.operand(operand) instanceof Operand.Reg reg
				? REGISTER_FORM | (long) reg.register().number() << 3
				: memory(instruction);
	}

	private long memory(Instruction instruction) {
		for (Operand operand : instruction.operands()) {
			if (operand instanceof Operand.Mem mem) {
				return memory(mem, instruction);
			}
		}
		return 0;
	}

	private long memory(Operand.Mem mem, Instruction instruction) {
		Register base = mem.base();
		Register index = mem.index();
		boolean relative = base != null && base.kind() == Register.Kind.POINTER;
		qualification = mem.displacement() + (relative ? state.rip + instruction.length() : 0);
		long value = (mem.addressSize() >> 5) << 7 | (long) mem.segment().number() << 15;
		value |= index == null ? NO_INDEX
				: (long) Integer.numberOfTrailingZeros(mem.scale()) | (long) index.number() << 18;
		return value | (base == null || relative ? NO_BASE : (long) base.number() << 23);
	}

	private @Nullable Instruction decode() {
		CodeSize size = state.in64BitMode() ? CodeSize.CODE64
				: state.segments[CpuState.CS].defaultBig() ? CodeSize.CODE32 : CodeSize.CODE16;
		long linear = state.rip + (state.in64BitMode() ? 0 : state.segments[CpuState.CS].base);
		int length = 0;
		while (length < bytes.length && fetch(linear + length, length)) {
			length++;
		}
		Instruction instruction = Decoder.decode(size, bytes, 0, length);
		return instruction.legality() == Legality.LEGAL ? instruction : null;
	}

	private boolean fetch(long linear, int at) {
		long host = processor.mmu().translateForDebugger(linear);
		RamBank bank = host < 0 ? null : processor.mmu().physical().bankAt(host);
		if (bank == null) {
			return false;
		}
		bytes[at] = (byte) processor.mmu().physical().read(host, 1);
		return true;
	}
}
