/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import java.util.ArrayList;
import java.util.List;

/** Every register that an operand can name, with the number that encodes it. */
public enum Register {
	AL(Kind.GPR8, 0), CL(Kind.GPR8, 1), DL(Kind.GPR8, 2), BL(Kind.GPR8, 3), SPL(Kind.GPR8, 4), BPL(Kind.GPR8, 5),
	SIL(Kind.GPR8, 6), DIL(Kind.GPR8, 7), R8B(Kind.GPR8, 8), R9B(Kind.GPR8, 9), R10B(Kind.GPR8, 10),
	R11B(Kind.GPR8, 11), R12B(Kind.GPR8, 12), R13B(Kind.GPR8, 13), R14B(Kind.GPR8, 14), R15B(Kind.GPR8, 15),
	/** Bits 15:8 of RAX, RCX, RDX, RBX; the number is that of the whole register (0 to 3). */
	AH(Kind.GPR8_HIGH, 0), CH(Kind.GPR8_HIGH, 1), DH(Kind.GPR8_HIGH, 2), BH(Kind.GPR8_HIGH, 3),
	AX(Kind.GPR16, 0), CX(Kind.GPR16, 1), DX(Kind.GPR16, 2), BX(Kind.GPR16, 3), SP(Kind.GPR16, 4), BP(Kind.GPR16, 5),
	SI(Kind.GPR16, 6), DI(Kind.GPR16, 7), R8W(Kind.GPR16, 8), R9W(Kind.GPR16, 9), R10W(Kind.GPR16, 10),
	R11W(Kind.GPR16, 11), R12W(Kind.GPR16, 12), R13W(Kind.GPR16, 13), R14W(Kind.GPR16, 14), R15W(Kind.GPR16, 15),
	EAX(Kind.GPR32, 0), ECX(Kind.GPR32, 1), EDX(Kind.GPR32, 2), EBX(Kind.GPR32, 3), ESP(Kind.GPR32, 4),
	EBP(Kind.GPR32, 5), ESI(Kind.GPR32, 6), EDI(Kind.GPR32, 7), R8D(Kind.GPR32, 8), R9D(Kind.GPR32, 9),
	R10D(Kind.GPR32, 10), R11D(Kind.GPR32, 11), R12D(Kind.GPR32, 12), R13D(Kind.GPR32, 13), R14D(Kind.GPR32, 14),
	R15D(Kind.GPR32, 15),
	RAX(Kind.GPR64, 0), RCX(Kind.GPR64, 1), RDX(Kind.GPR64, 2), RBX(Kind.GPR64, 3), RSP(Kind.GPR64, 4),
	RBP(Kind.GPR64, 5), RSI(Kind.GPR64, 6), RDI(Kind.GPR64, 7), R8(Kind.GPR64, 8), R9(Kind.GPR64, 9),
	R10(Kind.GPR64, 10), R11(Kind.GPR64, 11), R12(Kind.GPR64, 12), R13(Kind.GPR64, 13), R14(Kind.GPR64, 14),
	R15(Kind.GPR64, 15),
	ES(Kind.SEGMENT, 0), CS(Kind.SEGMENT, 1), SS(Kind.SEGMENT, 2), DS(Kind.SEGMENT, 3), FS(Kind.SEGMENT, 4),
	GS(Kind.SEGMENT, 5),
	CR0(Kind.CONTROL, 0), CR1(Kind.CONTROL, 1), CR2(Kind.CONTROL, 2), CR3(Kind.CONTROL, 3), CR4(Kind.CONTROL, 4),
	CR5(Kind.CONTROL, 5), CR6(Kind.CONTROL, 6), CR7(Kind.CONTROL, 7), CR8(Kind.CONTROL, 8), CR9(Kind.CONTROL, 9),
	CR10(Kind.CONTROL, 10), CR11(Kind.CONTROL, 11), CR12(Kind.CONTROL, 12), CR13(Kind.CONTROL, 13),
	CR14(Kind.CONTROL, 14), CR15(Kind.CONTROL, 15),
	DR0(Kind.DEBUG, 0), DR1(Kind.DEBUG, 1), DR2(Kind.DEBUG, 2), DR3(Kind.DEBUG, 3), DR4(Kind.DEBUG, 4),
	DR5(Kind.DEBUG, 5), DR6(Kind.DEBUG, 6), DR7(Kind.DEBUG, 7),
	/** The base of RIP-relative addresses; EIP where the address size is 32 bits. */
	RIP(Kind.POINTER, 0), EIP(Kind.POINTER, 1),
	ST0(Kind.X87, 0), ST1(Kind.X87, 1), ST2(Kind.X87, 2), ST3(Kind.X87, 3), ST4(Kind.X87, 4), ST5(Kind.X87, 5),
	ST6(Kind.X87, 6), ST7(Kind.X87, 7),
	MM0(Kind.MMX, 0), MM1(Kind.MMX, 1), MM2(Kind.MMX, 2), MM3(Kind.MMX, 3), MM4(Kind.MMX, 4), MM5(Kind.MMX, 5),
	MM6(Kind.MMX, 6), MM7(Kind.MMX, 7),
	XMM0(Kind.XMM, 0), XMM1(Kind.XMM, 1), XMM2(Kind.XMM, 2), XMM3(Kind.XMM, 3), XMM4(Kind.XMM, 4), XMM5(Kind.XMM, 5),
	XMM6(Kind.XMM, 6), XMM7(Kind.XMM, 7), XMM8(Kind.XMM, 8), XMM9(Kind.XMM, 9), XMM10(Kind.XMM, 10),
	XMM11(Kind.XMM, 11), XMM12(Kind.XMM, 12), XMM13(Kind.XMM, 13), XMM14(Kind.XMM, 14), XMM15(Kind.XMM, 15),
	YMM0(Kind.YMM, 0), YMM1(Kind.YMM, 1), YMM2(Kind.YMM, 2), YMM3(Kind.YMM, 3), YMM4(Kind.YMM, 4),
	YMM5(Kind.YMM, 5), YMM6(Kind.YMM, 6), YMM7(Kind.YMM, 7), YMM8(Kind.YMM, 8), YMM9(Kind.YMM, 9),
	YMM10(Kind.YMM, 10), YMM11(Kind.YMM, 11), YMM12(Kind.YMM, 12), YMM13(Kind.YMM, 13), YMM14(Kind.YMM, 14),
	YMM15(Kind.YMM, 15);

	/** Families of registers. */
	public enum Kind {
		GPR8, GPR8_HIGH, GPR16, GPR32, GPR64, SEGMENT, CONTROL, DEBUG, POINTER, X87, MMX, XMM, YMM
	}

	private final Kind kind;
	private final int number;

	Register(Kind kind, int number) {
		this.kind = kind;
		this.number = number;
	}

	public Kind kind() {
		return kind;
	}

	/** The number that encodes the register within its kind; for a segment ES=0 … GS=5. */
	public int number() {
		return number;
	}

	/** The register of this kind and number. */
	public static Register of(Kind kind, int number) {
		for (Register register : BY_KIND[kind.ordinal()]) {
			if (register.number == number) {
				return register;
			}
		}
		throw new IllegalArgumentException(kind + " has no number " + number); //$NON-NLS-1$
	}

	private static final Register[][] BY_KIND = byKind();

	private static Register[][] byKind() {
		Register[][] table = new Register[Kind.values().length][];
		for (Kind kind : Kind.values()) {
			List<Register> ofKind = new ArrayList<>();
			for (Register register : values()) {
				if (register.kind == kind) {
					ofKind.add(register);
				}
			}
			table[kind.ordinal()] = ofKind.toArray(new Register[0]);
		}
		return table;
	}
}
