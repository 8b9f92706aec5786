/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

import org.eclipse.jdt.annotation.Nullable;

/** Values of e_machine that users meet, so that a message can name them. */
@SuppressWarnings("nls")
enum ElfMachine {
	SPARC(2, "SPARC"), I386(3, "x86 (i386)"), M68K(4, "Motorola 68000"), MIPS(8, "MIPS"), POWERPC(20, "PowerPC"),
	POWERPC_64(21, "64-bit PowerPC"), S390(22, "IBM S/390"), ARM(40, "ARM"), SUPERH(42, "SuperH"),
	SPARC_V9(43, "SPARC V9"), IA_64(50, "Itanium"), X86_64(62, "x86-64"), AVR(83, "AVR"), XTENSA(94, "Xtensa"),
	AARCH64(183, "ARM64 (AArch64)"), RISC_V(243, "RISC-V"), BPF(247, "BPF"), LOONGARCH(258, "LoongArch");

	private final int number;
	private final String label;

	ElfMachine(int number, String label) {
		this.number = number;
		this.label = label;
	}

	static @Nullable ElfMachine of(int number) {
		for (ElfMachine row : values()) {
			if (row.number == number) {
				return row;
			}
		}
		return null;
	}

	static String describe(int number) {
		ElfMachine row = of(number);
		return row == null ? "an unknown machine (" + number + ")" : row.label;
	}
}
