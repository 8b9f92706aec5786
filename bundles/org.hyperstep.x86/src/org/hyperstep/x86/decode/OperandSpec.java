/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import org.eclipse.jdt.annotation.Nullable;

/**
 * One operand of a row: where it comes from and how wide it is. The notation is that of the manual's appendix
 * "Opcode Map", with additions that {@link InstructionTable} lists.
 *
 * @param addressing   where the operand is encoded
 * @param type         its size, where a register
 * @param memoryType   its size, where in memory
 * @param fixed        the register that the opcode implies, or null
 */
public record OperandSpec(Addressing addressing, OperandType type, OperandType memoryType, @Nullable Register fixed) {

	/** Where an operand is encoded. */
	public enum Addressing {
		/** E: general register or memory by ModR/M. */
		RM,
		/** G: general register by the reg field. */
		REG,
		/** M: memory by ModR/M. */
		MEMORY,
		/** R: general register by the rm field, whatever mod says. */
		RM_REGISTER,
		/** Z: general register by the low three bits of the opcode. */
		OPCODE_REGISTER,
		/** I: immediate. */
		IMMEDIATE,
		/** sI: immediate, sign-extended to the operand size. */
		SIGNED_IMMEDIATE,
		/** 1: the constant one of the shifts. */
		ONE,
		/** J: branch displacement. */
		RELATIVE,
		/** A: far pointer in the instruction. */
		FAR,
		/** O: memory at an offset in the instruction. */
		OFFSET,
		/** S, C, D: segment, control, debug register by the reg field. */
		SEGMENT, CONTROL, DEBUG,
		/** X: string element at DS:rSI. */
		SOURCE_STRING,
		/** Y: string element at ES:rDI. */
		DESTINATION_STRING,
		/** B: byte at DS:rBX, the table of XLAT. */
		TABLE,
		/** A register that the opcode implies. */
		FIXED,
		/** rAX, eAX: the accumulator. */
		ACCUMULATOR,
		/** aAX: the accumulator by address size. */
		ADDRESS_ACCUMULATOR,
		/** STi: x87 register by the rm field. */
		X87,
		/** P, Q, N: MMX register by reg; MMX register or memory, or the register alone, by rm. */
		MMX_REG, MMX_RM, MMX_RM_REGISTER,
		/** V, W, U: XMM register by reg; XMM register or memory, or the register alone, by rm. */
		XMM_REG, XMM_RM, XMM_RM_REGISTER,
		/** T: memory at a base and the elements of a vector register that SIB names (VSIB); the type is the index's. */
		VECTOR_INDEXED,
		/** H, L: XMM register by VEX.vvvv, by bits 7:4 of an immediate. */
		XMM_VVVV, XMM_IMMEDIATE,
		/** BG: general register by VEX.vvvv. */
		VVVV
	}

	private static final String LETTERS = "EGMRZIJAOSCDXYBPQNVWUHLT"; //$NON-NLS-1$
	private static final Addressing[] BY_LETTER = { Addressing.RM, Addressing.REG, Addressing.MEMORY,
			Addressing.RM_REGISTER, Addressing.OPCODE_REGISTER, Addressing.IMMEDIATE, Addressing.RELATIVE,
			Addressing.FAR, Addressing.OFFSET, Addressing.SEGMENT, Addressing.CONTROL, Addressing.DEBUG,
			Addressing.SOURCE_STRING, Addressing.DESTINATION_STRING, Addressing.TABLE, Addressing.MMX_REG,
			Addressing.MMX_RM, Addressing.MMX_RM_REGISTER, Addressing.XMM_REG, Addressing.XMM_RM,
			Addressing.XMM_RM_REGISTER, Addressing.XMM_VVVV, Addressing.XMM_IMMEDIATE,
			Addressing.VECTOR_INDEXED };

	private static final OperandType[] TYPES = OperandType.values();

	/** What was parsed before: the rows share some hundred notations. */
	private static final Map<String, @Nullable OperandSpec> PARSED = new ConcurrentHashMap<>();

	/** The operand that a notation stands for. */
	static OperandSpec parse(String notation) {
		OperandSpec known = PARSED.get(notation);
		if (known == null) {
			known = read(notation);
			PARSED.put(notation, known);
		}
		return known;
	}

	@SuppressWarnings("nls")
	private static OperandSpec read(String notation) {
		switch (notation) {
			case "1":
				return of(Addressing.ONE, OperandType.B);
			case "rAX":
				return of(Addressing.ACCUMULATOR, OperandType.V);
			case "eAX":
				return of(Addressing.ACCUMULATOR, OperandType.Z);
			case "aAX":
				return of(Addressing.ADDRESS_ACCUMULATOR, OperandType.V);
			case "STi":
				return of(Addressing.X87, OperandType.T);
			default:
				return isRegisterName(notation) ? implied(notation) : lettered(notation);
		}
	}

	/** The names of registers, and M, are all capitals and digits; types are small letters. */
	private static boolean isRegisterName(String notation) {
		for (int i = 0; i < notation.length(); i++) {
			if (notation.charAt(i) >= 'a') {
				return false;
			}
		}
		return true;
	}

	@SuppressWarnings("nls")
	private static OperandSpec lettered(String notation) {
		if (notation.startsWith("sI")) {
			return of(Addressing.SIGNED_IMMEDIATE, type(notation.substring(2)));
		}
		if (notation.startsWith("BG")) {
			return of(Addressing.VVVV, type(notation.substring(2)));
		}
		int memory = notation.indexOf('M', 1);
		int letter = LETTERS.indexOf(notation.charAt(0));
		if (letter < 0) {
			throw new IllegalArgumentException("operand " + notation);
		}
		if (memory < 0) {
			return of(BY_LETTER[letter], type(notation.substring(1)));
		}
		Addressing either = switch (notation.charAt(0)) {
			case 'R' -> Addressing.RM;
			case 'N' -> Addressing.MMX_RM;
			case 'T' -> Addressing.VECTOR_INDEXED;
			default -> Addressing.XMM_RM;
		};
		return new OperandSpec(either, type(notation.substring(1, memory)), type(notation.substring(memory + 1)), null);
	}

	private static OperandSpec implied(String notation) {
		if (notation.length() == 1) {
			return lettered(notation);
		}
		Register register = Register.valueOf(notation);
		OperandType type = register.kind() == Register.Kind.GPR8 ? OperandType.B : OperandType.N;
		return new OperandSpec(Addressing.FIXED, type, type, register);
	}

	private static OperandSpec of(Addressing addressing, OperandType type) {
		return new OperandSpec(addressing, type, type, null);
	}

	@SuppressWarnings("nls")
	private static OperandType type(String letters) {
		if (letters.isEmpty()) {
			return OperandType.N;
		}
		for (OperandType type : TYPES) {
			if (type.name().equalsIgnoreCase(letters)) {
				return type;
			}
		}
		throw new IllegalArgumentException("operand type " + letters);
	}

	/** Whether this operand is encoded in ModR/M. */
	boolean needsModRm() {
		return switch (addressing) {
			case RM, REG, MEMORY, RM_REGISTER, SEGMENT, CONTROL, DEBUG, X87, MMX_REG, MMX_RM, MMX_RM_REGISTER, XMM_REG,
					XMM_RM, XMM_RM_REGISTER, VECTOR_INDEXED ->
				true;
			default -> false;
		};
	}
}
