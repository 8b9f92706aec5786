/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

/** Limits of this processor that VM entry checks values against. */
final class Architecture {
	static final long CR0_PE = 1, CR0_MP = 2, CR0_EM = 4, CR0_TS = 8, CR0_ET = 16, CR0_NE = 32, CR0_NW = 1L << 29,
			CR0_CD = 1L << 30, CR0_PG = 1L << 31;
	static final long CR4_PAE = 1 << 5, CR4_VMXE = 1 << 13, CR4_PCIDE = 1 << 17;
	static final long EFER_SCE = 1, EFER_LME = 1 << 8, EFER_LMA = 1 << 10, EFER_NXE = 1 << 11;

	/** Bits of CR0 that are 1 in VMX operation; PE and PG are released by "unrestricted guest". */
	static final long CR0_FIXED_0 = CR0_PE | CR0_NE | CR0_PG;
	/** Bits of CR0 that may be 1 in VMX operation. */
	static final long CR0_FIXED_1 = 0xffff_ffffL;
	/** Bits of CR4 that are 1 in VMX operation. */
	static final long CR4_FIXED_0 = CR4_VMXE;
	/** Bits of CR4 that may be 1 in VMX operation. */
	static final long CR4_FIXED_1 = 0x0077_2fff;

	/** Width of physical addresses in bits. */
	static final int PHYSICAL_WIDTH = 46;

	private Architecture() {
	}

	static boolean physical(long address) {
		return address >>> PHYSICAL_WIDTH == 0;
	}

	static boolean physicalAligned(long address, int alignment) {
		return physical(address) && (address & alignment - 1) == 0;
	}

	/** Each of the eight entries of IA32_PAT is 0, 1, 4, 5, 6 or 7. */
	static boolean validPat(long pat) {
		for (int i = 0; i < 64; i += 8) {
			long type = pat >>> i & 0xff;
			if (type > 7 || type == 2 || type == 3) {
				return false;
			}
		}
		return true;
	}

	static boolean validEfer(long efer) {
		return (efer & ~(EFER_SCE | EFER_LME | EFER_LMA | EFER_NXE)) == 0;
	}

	/** Whether an exception vector pushes an error code (Intel SDM, "Exception and Interrupt Reference"). */
	static boolean pushesErrorCode(int vector) {
		return vector == 8 || vector >= 10 && vector <= 14 || vector == 17 || vector == 21;
	}
}
