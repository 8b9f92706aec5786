/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import org.eclipse.jdt.annotation.Nullable;

/** Registers by the numbers that instructions encode. */
final class RegisterNumbers {

	private static final Register[] ALL = Register.values();
	private static final Operand.Reg[] OPERANDS = new Operand.Reg[ALL.length];
	private static final Register[] FIRST_OF_KIND = new Register[Register.Kind.values().length];
	private static final int[] COUNT_OF_KIND = new int[FIRST_OF_KIND.length];

	static {
		for (Register register : ALL) {
			OPERANDS[register.ordinal()] = new Operand.Reg(register);
			int kind = register.kind().ordinal();
			if (COUNT_OF_KIND[kind]++ == 0) {
				FIRST_OF_KIND[kind] = register;
			}
		}
	}

	private RegisterNumbers() {
	}

	/** A general register of 1, 2, 4 or 8 bytes; without a REX prefix, byte registers 4 to 7 are AH, CH, DH, BH. */
	static Register general(int number, int bytes, boolean rex) {
		return switch (bytes) {
			case 1 -> !rex && number >= 4 && number < 8 ? at(Register.AH, number - 4) : at(Register.AL, number);
			case 2 -> at(Register.AX, number);
			case 4 -> at(Register.EAX, number);
			case 8 -> at(Register.RAX, number);
			default -> throw new IllegalArgumentException("general register of " + bytes + " bytes"); //$NON-NLS-1$ //$NON-NLS-2$
		};
	}

	/** The register of this kind and number, or null if there is none. */
	static @Nullable Register ofKind(Register.Kind kind, int number) {
		return number < COUNT_OF_KIND[kind.ordinal()] ? at(FIRST_OF_KIND[kind.ordinal()], number) : null;
	}

	/** The operand that is this register. */
	static Operand.Reg operand(Register register) {
		return OPERANDS[register.ordinal()];
	}

	private static Register at(Register first, int number) {
		return ALL[first.ordinal() + number];
	}
}
