/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The memory operand that ModR/M, SIB and displacement encode, as in the manual's section "ModR/M and SIB Bytes"; its
 * access size is known only once the operands are.
 */
final class MemoryAddress {

	private @Nullable Register base;
	private @Nullable Register index;
	private int indexNumber = -1;
	private boolean indexedByVector;
	private int scale = 1;
	private long displacement;
	private int displacementBytes;
	private Register defaultSegment = Register.DS;

	/** Reads what follows the ModR/M byte. */
	void read(InstructionBytes bytes, int modRm, int rex, int addressSize, boolean longMode) {
		int mod = modRm >> 6;
		int rm = modRm & 7;
		displacementBytes = mod == 1 ? 1 : mod == 0 ? 0 : addressSize == 16 ? 2 : 4;
		if (addressSize == 16) {
			readBase16(mod, rm);
		} else if (rm == 4) {
			readSib(bytes.next(), mod, rex, addressSize);
		} else if (mod == 0 && rm == 5) {
			displacementBytes = 4;
			base = !longMode ? null : addressSize == 64 ? Register.RIP : Register.EIP;
		} else {
			setBase(rm | (rex & 1) << 3, addressSize);
		}
		displacement = bytes.signed(displacementBytes);
	}

	private void readBase16(int mod, int rm) {
		if (mod == 0 && rm == 6) {
			displacementBytes = 2;
			return;
		}
		base = switch (rm) {
			case 0, 1, 7 -> Register.BX;
			case 2, 3, 6 -> Register.BP;
			case 4 -> Register.SI;
			default -> Register.DI;
		};
		index = rm > 3 ? null : (rm & 1) == 0 ? Register.SI : Register.DI;
		if (base == Register.BP) {
			defaultSegment = Register.SS;
		}
	}

	private void readSib(int sib, int mod, int rex, int addressSize) {
		indexNumber = sib >> 3 & 7 | (rex & 2) << 2;
		if (indexNumber != 4) {
			index = RegisterNumbers.general(indexNumber, addressSize >> 3, true);
		}
		// Without an index the scale has no meaning but is still part of the encoding.
		scale = 1 << (sib >> 6);
		if ((sib & 7) == 5 && mod == 0) {
			displacementBytes = 4;
		} else {
			setBase(sib & 7 | (rex & 1) << 3, addressSize);
		}
	}

	private void setBase(int number, int addressSize) {
		base = RegisterNumbers.general(number, addressSize >> 3, true);
		if (number == 4 || number == 5) {
			defaultSegment = Register.SS;
		}
	}

	/** Takes the index number for that of a vector register; false if there is no SIB byte. */
	boolean indexByVector(Register.Kind kind) {
		if (indexNumber < 0) {
			return false;
		}
		index = RegisterNumbers.ofKind(kind, indexNumber);
		indexedByVector = true;
		return true;
	}

	/** Whether the index is a vector register. */
	boolean isIndexedByVector() {
		return indexedByVector;
	}

	/** The operand, with the segment override {@code segment} (or -1) and an access of so many bytes. */
	Operand.Mem operand(int segment, int addressSize, int size) {
		Register override = segment < 0 ? null : RegisterNumbers.ofKind(Register.Kind.SEGMENT, segment);
		return new Operand.Mem(override == null ? defaultSegment : override, override != null, base, index, scale,
				displacement, displacementBytes * 8, addressSize, size);
	}
}
