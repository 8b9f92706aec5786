/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Mnemonic;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.Register;

/** AT&amp;T's syntax as {@code objdump} writes it. */
@SuppressWarnings("nls")
public final class AttFormatter extends InstructionFormatter {

	public AttFormatter() {
		super(Syntax.ATT);
	}

	@Override
	String register(Instruction instruction, Register register) {
		if (register == Register.DX && isPort(instruction.mnemonic())) {
			return "(%dx)";
		}
		String name = register.kind() == Register.Kind.DEBUG ? "db" + register.number() : plainName(register);
		return (isIndirect(instruction) ? "*%" : "%") + name;
	}

	private static boolean isPort(Mnemonic mnemonic) {
		return mnemonic == Mnemonic.IN || mnemonic == Mnemonic.OUT || mnemonic == Mnemonic.INS
				|| mnemonic == Mnemonic.OUTS;
	}

	private static boolean isIndirect(Instruction instruction) {
		return switch (instruction.mnemonic()) {
			case CALL, JMP, CALL_FAR, JMP_FAR -> true;
			default -> false;
		};
	}

	@Override
	String immediate(Instruction instruction, Operand.Imm imm) {
		return "$" + hex(imm.value());
	}

	@Override
	String far(Operand.Far far) {
		return "$" + hex(far.selector()) + ",$" + hex(far.offset());
	}

	@Override
	String memory(Instruction instruction, Operand.Mem mem) {
		StringBuilder text = new StringBuilder(isIndirect(instruction) ? "*" : "");
		if (showsSegment(instruction, mem)) {
			text.append('%').append(plainName(mem.segment())).append(':');
		}
		String absentIndex = absentIndex(instruction, mem);
		if (mem.base() == null && mem.index() == null && absentIndex.isEmpty()) {
			return text.append(displacementAlone(instruction, mem)).toString();
		}
		if (mem.displacementSize() != 0) {
			text.append(displacement(instruction, mem));
		}
		return text.append(registers(mem, absentIndex)).toString();
	}

	private static String displacementAlone(Instruction instruction, Operand.Mem mem) {
		if (mem.addressSize() == 16 && instruction.modRm() >= 0) {
			return signedHex(mem.displacement());
		}
		return absolute(instruction, mem);
	}

	private static String registers(Operand.Mem mem, String absentIndex) {
		StringBuilder text = new StringBuilder("(");
		Register base = mem.base();
		if (base != null) {
			text.append('%').append(plainName(base));
		}
		Register index = mem.index();
		String indexName = index == null ? absentIndex : plainName(index);
		if (!indexName.isEmpty()) {
			text.append(",%").append(indexName);
			if (mem.addressSize() != 16) {
				text.append(',').append(mem.scale());
			}
		}
		return text.append(')').toString();
	}
}
