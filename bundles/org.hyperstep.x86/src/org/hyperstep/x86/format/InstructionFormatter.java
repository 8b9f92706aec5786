/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;
import org.hyperstep.x86.decode.Instruction;
import org.hyperstep.x86.decode.Legality;
import org.hyperstep.x86.decode.Operand;
import org.hyperstep.x86.decode.OperandSpec;
import org.hyperstep.x86.decode.Register;

/** What the two syntaxes have in common. Stateless, thread-safe. */
@SuppressWarnings("nls")
public abstract sealed class InstructionFormatter permits IntelFormatter, AttFormatter {

	static final String BAD = "(bad)";

	private final Syntax syntax;

	InstructionFormatter(Syntax syntax) {
		this.syntax = syntax;
	}

	/** The instruction at {@code address} as one line of text; {@code (bad)} for one that is not legal. */
	public final String format(Instruction instruction, long address, SymbolResolver symbols) {
		return parts(instruction, address, symbols).text();
	}

	/** The instruction at {@code address} in parts. */
	public final FormattedInstruction parts(Instruction instruction, long address, SymbolResolver symbols) {
		if (instruction.legality() != Legality.LEGAL) {
			return new FormattedInstruction(BAD, "", "");
		}
		List<String> operands = new ArrayList<>(4);
		String comment = "";
		for (int i : OperandOrder.of(instruction, syntax)) {
			Operand operand = instruction.operand(i);
			operands.add(isNumberedStackRegister(instruction, i) ? stackRegister(operand)
					: operand(instruction, operand, address, symbols));
			if (operand instanceof Operand.Mem mem && isInstructionPointer(mem.base())) {
				comment = named(relativeTarget(instruction, mem, address), symbols);
			}
		}
		if (syntax == Syntax.ATT && !OperandOrder.keepsIntelOrder(instruction)) {
			Collections.reverse(operands);
		}
		if (MnemonicText.isExchange(instruction)) {
			// 66 90 is written as the exchange of AX with itself.
			String accumulator = register(instruction, accumulator(instruction.operandSize()));
			operands.addAll(List.of(accumulator, accumulator));
		}
		String mnemonic = VisiblePrefixes.text(instruction, syntax) + MnemonicText.of(instruction, syntax);
		return new FormattedInstruction(mnemonic, String.join(",", operands), comment);
	}

	private static Register accumulator(int operandSize) {
		return switch (operandSize) {
			case 16 -> Register.AX;
			case 32 -> Register.EAX;
			default -> Register.RAX;
		};
	}

	private String operand(Instruction instruction, Operand operand, long address, SymbolResolver symbols) {
		return switch (operand) {
			case Operand.Reg reg -> register(instruction, reg.register());
			case Operand.Imm imm -> immediate(instruction, imm);
			case Operand.Rel rel -> named(branchTarget(instruction, rel, address), symbols);
			case Operand.Far far -> far(far);
			case Operand.Mem mem -> memory(instruction, mem);
		};
	}

	/** ST(0) is written with its number where the encoding numbers it. */
	private static boolean isNumberedStackRegister(Instruction instruction, int index) {
		return instruction.form().specs().get(index).addressing() == OperandSpec.Addressing.X87;
	}

	private String stackRegister(Operand operand) {
		int number = operand instanceof Operand.Reg reg ? reg.register().number() : 0;
		return (syntax == Syntax.ATT ? "%st(" : "st(") + number + ")";
	}

	abstract String register(Instruction instruction, Register register);

	abstract String immediate(Instruction instruction, Operand.Imm imm);

	abstract String far(Operand.Far far);

	abstract String memory(Instruction instruction, Operand.Mem mem);

	static String hex(long value) {
		return "0x" + Long.toHexString(value);
	}

	/** Whether the segment is written before the base: an override, or the operand of a string instruction. */
	static boolean showsSegment(Instruction instruction, Operand.Mem mem) {
		return VisiblePrefixes.hasImpliedAddress(instruction)
				|| mem.overridden() && !VisiblePrefixes.isNoTrack(instruction);
	}

	/** An address that is a displacement alone: sign-extended in 64-bit mode but for MOV with an offset. */
	static String absolute(Instruction instruction, Operand.Mem mem) {
		boolean wide = instruction.codeSize() == CodeSize.CODE64 && instruction.modRm() >= 0;
		return hex(wide ? mem.displacement() : truncate(mem.displacement(), mem.addressSize()));
	}

	/** A signed displacement with its sign. */
	static String signedHex(long value) {
		return value < 0 ? "-" + hex(-value) : hex(value);
	}

	static long truncate(long value, int bits) {
		return bits == 64 ? value : value & (1L << bits) - 1;
	}

	static boolean isInstructionPointer(@Nullable Register register) {
		return register == Register.RIP || register == Register.EIP;
	}

	/** The register's name as both syntaxes spell it, without a percent sign. */
	static String plainName(Register register) {
		String name = register.name().toLowerCase(Locale.ROOT);
		return register == Register.ST0 ? "st" : name;
	}

	/**
	 * The name of the index register that SIB encodes though there is none: objdump's riz and eiz; empty if none needs to
	 * be shown to tell the encoding from a shorter one.
	 */
	static String absentIndex(Instruction instruction, Operand.Mem mem) {
		boolean sib = instruction.modRm() >= 0 && instruction.modRm() < 0xc0 && (instruction.modRm() & 7) == 4
				&& mem.addressSize() != 16;
		if (!sib || mem.index() != null) {
			return "";
		}
		Register base = mem.base();
		boolean shown = mem.scale() != 1 || base != null && (base.number() & 7) != Register.RSP.number()
				|| base == null && mem.addressSize() == 32 && instruction.codeSize() != CodeSize.CODE16;
		return !shown ? "" : mem.addressSize() == 64 ? "riz" : "eiz";
	}

	/**
	 * The displacement behind base and index, with its sign; that of an address of neither, which only its size of 32 bits
	 * tells from a plain one in 64-bit mode, without.
	 */
	static String displacement(Instruction instruction, Operand.Mem mem) {
		boolean alone = mem.base() == null && mem.index() == null;
		return alone && instruction.codeSize() == CodeSize.CODE64 && mem.addressSize() == 32
				? hex(truncate(mem.displacement(), 32))
				: signedHex(mem.displacement());
	}

	private static long relativeTarget(Instruction instruction, Operand.Mem mem, long address) {
		return truncate(address + instruction.length() + mem.displacement(), mem.addressSize());
	}

	/** Where a branch goes; in 16-bit code the upper bits of the address stay, as the code segment's base does. */
	private static long branchTarget(Instruction instruction, Operand.Rel rel, long address) {
		long next = address + instruction.length();
		if (instruction.operandSize() == 16 && instruction.codeSize() == CodeSize.CODE16) {
			return next & ~0xffffL | next + rel.displacement() & 0xffff;
		}
		return truncate(next + rel.displacement(), instruction.operandSize());
	}

	private static String named(long address, SymbolResolver symbols) {
		String symbol = symbols.symbolAt(address);
		return symbol == null ? hex(address) : hex(address) + " <" + symbol + ">";
	}
}
