/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.StringJoiner;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/** Intel's syntax as {@code objdump -M intel} writes it. */
@SuppressWarnings("nls")
public final class IntelFormatter extends InstructionFormatter {

	public IntelFormatter() {
		super(Syntax.INTEL);
	}

	@Override
	String register(Instruction instruction, Register register) {
		return plainName(register);
	}

	@Override
	String immediate(Instruction instruction, Operand.Imm imm) {
		return OperandOrder.shiftsByOne(instruction) ? "1" : hex(imm.value());
	}

	@Override
	String far(Operand.Far far) {
		return hex(far.selector()) + ":" + hex(far.offset());
	}

	@Override
	String memory(Instruction instruction, Operand.Mem mem) {
		String size = sizeName(instruction, mem);
		String segment = plainName(mem.segment()) + ":";
		String absentIndex = absentIndex(instruction, mem);
		if (mem.base() == null && mem.index() == null && absentIndex.isEmpty()) {
			return size + segment + absolute(instruction, mem);
		}
		String shown = showsSegment(instruction, mem) ? segment : "";
		return size + shown + "[" + address(instruction, mem, absentIndex) + "]";
	}

	private static String address(Instruction instruction, Operand.Mem mem, String absentIndex) {
		StringJoiner sum = new StringJoiner("+");
		Register base = mem.base();
		if (base != null) {
			sum.add(plainName(base));
		}
		Register index = mem.index();
		String indexName = index == null ? absentIndex : plainName(index);
		if (!indexName.isEmpty()) {
			sum.add(mem.addressSize() == 16 ? indexName : indexName + "*" + mem.scale());
		}
		if (mem.displacementSize() == 0) {
			return sum.toString();
		}
		if (isInstructionPointer(base)) {
			return sum + "+" + hex(mem.displacement());
		}
		String displacement = displacement(instruction, mem);
		return sum + (displacement.startsWith("-") ? "" : "+") + displacement;
	}

	/** The size of what is accessed, or of what an instruction that accesses nothing is said to point to. */
	private static String sizeName(Instruction instruction, Operand.Mem mem) {
		return switch (instruction.mnemonic()) {
			case INVLPG, PREFETCH, PREFETCHW, PREFETCHWT1, PREFETCHNTA, PREFETCHT0, PREFETCHT1, PREFETCHT2, CLDEMOTE ->
				"BYTE PTR ";
			case SGDT, SIDT, LGDT, LIDT -> "";
			case CALL_FAR, JMP_FAR, LDS, LES, LFS, LGS, LSS -> mem.size() == 4 ? "DWORD PTR " : "FWORD PTR ";
			case INVEPT, INVVPID -> "OWORD PTR ";
			case INVPCID, LDDQU, VLDDQU -> "";
			case CMPXCHG8B -> mem.size() == 16 ? "OWORD PTR " : "QWORD PTR ";
			default -> isOffsetForm(instruction) ? "" : sizeName(mem.size());
		};
	}

	private static boolean isOffsetForm(Instruction instruction) {
		return instruction.opcode() >= 0xa0 && instruction.opcode() <= 0xa3;
	}

	private static String sizeName(int bytes) {
		return switch (bytes) {
			case 0 -> "";
			case 1 -> "BYTE PTR ";
			case 2 -> "WORD PTR ";
			case 4 -> "DWORD PTR ";
			case 6 -> "FWORD PTR ";
			case 8 -> "QWORD PTR ";
			case 10 -> "TBYTE PTR ";
			case 16 -> "XMMWORD PTR ";
			case 32 -> "YMMWORD PTR ";
			default -> throw new IllegalArgumentException("access of " + bytes + " bytes");
		};
	}
}
