/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

/**
 * Numbers of the micro-operations and the layout of their rows.
 * <p>
 * A row is a code word and an immediate. In the code word: operation 8:0, d 14:9, a 20:15, b 26:21, width 29:27, scale
 * 31:30. Two values are at hand to all: {@code x = slot[a]} and {@code y = (slot[b] << scale) + immediate}; so one form
 * serves registers, immediates (b is the zero slot) and addresses (base, index, scale, displacement). The scale is 0
 * unless y is an address. Widths are numbered 0 to 3 for 8, 16, 32 and 64 bits. In loads and stores bit 2 of the width field says that the segment is SS.
 */
public final class MicroOp {
	/** Behind the last instruction of a block that does not transfer control. */
	public static final int END = 0;
	/** Branches: RIP = the block's RIP + immediate, always or on a condition; a is CARRIES, b is RESULT. */
	public static final int JUMP = 1, JUMP_O = 2, JUMP_NO = 3, JUMP_B = 4, JUMP_NB = 5, JUMP_Z = 6, JUMP_NZ = 7,
			JUMP_BE = 8, JUMP_NBE = 9, JUMP_S = 10, JUMP_NS = 11, JUMP_P = 12, JUMP_NP = 13, JUMP_L = 14,
			JUMP_NL = 15, JUMP_LE = 16, JUMP_NLE = 17;
	/** Branches to the block's RIP + immediate if x is zero, or is not. */
	public static final int JUMP_IF_ZERO = 18, JUMP_IF_NOT_ZERO = 19;
	/** Branches to y, which is checked to be canonical. */
	public static final int JUMP_INDIRECT = 20;
	/** 64-bit mode: near CALL (to the block's RIP + immediate, or to x) and RET (which adds the immediate to RSP); b is RSP. */
	public static final int CALL_RELATIVE = 21, CALL_INDIRECT = 22, RETURN = 23;
	/** Calls the routine of that index. CALL ends the block; CALL_INLINE does not, and its routine sees lazy flags. */
	public static final int CALL = 24, CALL_INLINE = 25;
	/** d = y, of a width. */
	public static final int MOVE_8 = 26, MOVE_16 = 27, MOVE_32 = 28, MOVE_64 = 29;
	/** d = x + y, truncated to an address size. */
	public static final int ADDRESS_16 = 30, ADDRESS_32 = 31, ADDRESS_64 = 32;
	/** d = y, extended to 64 bits. */
	public static final int ZERO_8 = 33, ZERO_16 = 34, SIGN_8 = 35, SIGN_16 = 36, SIGN_32 = 37;
	/** d = all bits the sign of y. */
	public static final int SIGN_MASK = 38;
	/** Bits 15:8: d = y bits 15:8; d bits 15:8 = y. */
	public static final int GET_HIGH = 39, PUT_HIGH = 40;
	/** d = memory at x + y, zero-extended. */
	public static final int LOAD_8 = 41, LOAD_16 = 42, LOAD_32 = 43, LOAD_64 = 44;
	/** d = memory at x + y, which will be stored to: faults as the store would. */
	public static final int MODIFY_8 = 45, MODIFY_16 = 46, MODIFY_32 = 47, MODIFY_64 = 48;
	/** Memory at x + y = d. */
	public static final int STORE_8 = 49, STORE_16 = 50, STORE_32 = 51, STORE_64 = 52;
	/** 64-bit mode: PUSH x, POP d; b is RSP. */
	public static final int PUSH_64 = 53, POP_64 = 54;
	/** d = x ADD y with flags, of a width. */
	public static final int ADD_8 = 55, ADD_16 = 56, ADD_32 = 57, ADD_64 = 58;
	/** d = x OR y with flags, of a width. */
	public static final int OR_8 = 59, OR_16 = 60, OR_32 = 61, OR_64 = 62;
	/** d = x ADC y with flags, of a width. */
	public static final int ADC_8 = 63, ADC_16 = 64, ADC_32 = 65, ADC_64 = 66;
	/** d = x SBB y with flags, of a width. */
	public static final int SBB_8 = 67, SBB_16 = 68, SBB_32 = 69, SBB_64 = 70;
	/** d = x AND y with flags, of a width. */
	public static final int AND_8 = 71, AND_16 = 72, AND_32 = 73, AND_64 = 74;
	/** d = x SUB y with flags, of a width. */
	public static final int SUB_8 = 75, SUB_16 = 76, SUB_32 = 77, SUB_64 = 78;
	/** d = x XOR y with flags, of a width. */
	public static final int XOR_8 = 79, XOR_16 = 80, XOR_32 = 81, XOR_64 = 82;
	/** d = x + y, y being 1, with all flags but CF. */
	public static final int INC_8 = 83, INC_16 = 84, INC_32 = 85, INC_64 = 86;
	/** d = x - y, y being 1, with all flags but CF. */
	public static final int DEC_8 = 87, DEC_16 = 88, DEC_32 = 89, DEC_64 = 90;
	/** d = x shifted by y, at least 1 and less than the width, with flags. */
	public static final int SHL_32 = 91, SHL_64 = 92, SHR_32 = 93, SHR_64 = 94, SAR_32 = 95, SAR_64 = 96;
	/** d = x * y with flags. */
	public static final int IMUL_32 = 97, IMUL_64 = 98;
	/** d = not y. */
	public static final int NOT = 99;
	/**
	 * d = slot b if the condition with the number in the immediate holds; CMOVCC_32 clears d bits 63:32 in any case.
	 * SETCC: d bits 7:0 = whether it holds. a is RESULT, behind which is CARRIES.
	 */
	public static final int CMOVCC_16 = 100, CMOVCC_32 = 101, CMOVCC_64 = 102, SETCC = 103;
	/** d = x + y + base of the segment with the number in the width field. */
	public static final int SEGMENT_BASE = 104;
	/** Operations from here on are those of RareOperations. */
	public static final int FIRST_RARE = 105;

	// Operations of RareOperations
	/** d = x shifted or rotated by y, of a width, with flags; nothing changes where the masked count is 0. */
	public static final int SHL = FIRST_RARE, SHR = FIRST_RARE + 1, SAR = FIRST_RARE + 2, ROL = FIRST_RARE + 3,
			ROR = FIRST_RARE + 4, RCL = FIRST_RARE + 5, RCR = FIRST_RARE + 6;
	/** d = x shifted by the count y with bits of slot 16 coming in, of a width, with flags. */
	public static final int SHLD = FIRST_RARE + 7, SHRD = FIRST_RARE + 8;
	/** RDX:RAX (EDX:EAX, DX:AX, AX) = RAX (EAX, AX, AL) * y, of a width, with flags. */
	public static final int MUL = FIRST_RARE + 9, IMUL = FIRST_RARE + 10;
	/** RAX, RDX (AL, AH for bytes) = quotient and remainder of RDX:RAX by y, of a width; #DE. */
	public static final int DIV = FIRST_RARE + 11, IDIV = FIRST_RARE + 12;
	/** d = x * y with flags, 16 bits. */
	public static final int IMUL_16 = FIRST_RARE + 13;
	/** CF = bit y of x; d = x with that bit unchanged, set, reset, complemented. */
	public static final int BT = FIRST_RARE + 14, BTS = FIRST_RARE + 15, BTR = FIRST_RARE + 16, BTC = FIRST_RARE + 17;
	/** d = what the instruction finds in y, of a width, with flags. */
	public static final int BSF = FIRST_RARE + 18, BSR = FIRST_RARE + 19, POPCNT = FIRST_RARE + 20,
			LZCNT = FIRST_RARE + 21, TZCNT = FIRST_RARE + 22;
	/** d = y with its bytes reversed, of a width. */
	public static final int BSWAP = FIRST_RARE + 23;
	/** CF alone. */
	public static final int CLC = FIRST_RARE + 24, STC = FIRST_RARE + 25, CMC = FIRST_RARE + 26;
	/** d = linear address of offset x in a segment; the immediate is segment | write << 3 | size << 4. */
	public static final int SEGMENT_CHECK = FIRST_RARE + 27;
	/** d = distance in bytes of the operand of a width that holds bit y, signed, of a bit string. */
	public static final int BIT_OFFSET = FIRST_RARE + 28;
	/** d = CRC32C of x with the bytes of y, of a width. */
	public static final int CRC32 = FIRST_RARE + 29;
	/** Raises vector a, without error code, or with error code y. */
	public static final int RAISE = FIRST_RARE + 30, RAISE_WITH_CODE = FIRST_RARE + 31;
	/** RCX, ECX or CX, by width, less 1; d = 1 if it is not 0 and condition a (16: none) holds, else 0. */
	public static final int LOOP = FIRST_RARE + 32;

	public static final int OPERATION_MASK = 511, D = 9, A = 15, B = 21, WIDTH = 27, SCALE = 30;
	/** In the width field of loads and stores: the segment is SS, so that a non-canonical address is #SS. */
	public static final int THROUGH_SS = 4;

	private MicroOp() {
	}

	/** Composes a code word. */
	static int row(int operation, int d, int a, int b, int scale, int width) {
		return operation | d << D | a << A | b << B | scale << SCALE | width << WIDTH;
	}
}
