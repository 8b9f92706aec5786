/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

/**
 * Numbers of the micro-operations and the layout of their rows.
 * <p>
 * A row is a code word and an immediate. In the code word: operation 8:0, d 14:9, a 20:15, b 26:21, scale 28:27, width
 * 31:29. Two values are at hand to all: {@code x = slot[a]} and {@code y = (slot[b] << scale) + immediate}; so one form
 * serves registers, immediates (b is the zero slot) and addresses (base, index, scale, displacement). Widths are
 * numbered 0 to 3 for 8, 16, 32 and 64 bits. In loads and stores bit 2 of the width field says that the segment is SS.
 */
public final class MicroOp {
	/** Behind the last instruction of a block that does not transfer control. */
	public static final int END = 0;
	/** Branches: RIP = the block's RIP + immediate, always or on a condition. */
	public static final int JUMP = 1, JUMP_O = 2, JUMP_NO = 3, JUMP_B = 4, JUMP_NB = 5, JUMP_Z = 6, JUMP_NZ = 7,
			JUMP_BE = 8, JUMP_NBE = 9, JUMP_S = 10, JUMP_NS = 11, JUMP_P = 12, JUMP_NP = 13, JUMP_L = 14,
			JUMP_NL = 15, JUMP_LE = 16, JUMP_NLE = 17;
	/** Branches to the block's RIP + immediate if x is zero, or is not. */
	public static final int JUMP_IF_ZERO = 18, JUMP_IF_NOT_ZERO = 19;
	/** Branches to y, which is checked to be canonical. */
	public static final int JUMP_INDIRECT = 20;
	/** 64-bit mode: near CALL and RET. CALL pushes the RIP behind the block; RET adds the immediate to RSP. */
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
	/** d = memory at x + y, zero-extended, or sign-extended. */
	public static final int LOAD_8 = 41, LOAD_16 = 42, LOAD_32 = 43, LOAD_64 = 44, LOAD_SIGN_8 = 45,
			LOAD_SIGN_16 = 46, LOAD_SIGN_32 = 47;
	/** d = memory at x + y, which will be stored to: faults as the store would. */
	public static final int MODIFY_8 = 48, MODIFY_16 = 49, MODIFY_32 = 50, MODIFY_64 = 51;
	/** Memory at x + y = d. */
	public static final int STORE_8 = 52, STORE_16 = 53, STORE_32 = 54, STORE_64 = 55;
	/** 64-bit mode: PUSH y, POP d. */
	public static final int PUSH_64 = 56, POP_64 = 57;
	/** d = x ADD y with flags, of a width. */
	public static final int ADD_8 = 58, ADD_16 = 59, ADD_32 = 60, ADD_64 = 61;
	/** d = x OR y with flags, of a width. */
	public static final int OR_8 = 62, OR_16 = 63, OR_32 = 64, OR_64 = 65;
	/** d = x ADC y with flags, of a width. */
	public static final int ADC_8 = 66, ADC_16 = 67, ADC_32 = 68, ADC_64 = 69;
	/** d = x SBB y with flags, of a width. */
	public static final int SBB_8 = 70, SBB_16 = 71, SBB_32 = 72, SBB_64 = 73;
	/** d = x AND y with flags, of a width. */
	public static final int AND_8 = 74, AND_16 = 75, AND_32 = 76, AND_64 = 77;
	/** d = x SUB y with flags, of a width. */
	public static final int SUB_8 = 78, SUB_16 = 79, SUB_32 = 80, SUB_64 = 81;
	/** d = x XOR y with flags, of a width. */
	public static final int XOR_8 = 82, XOR_16 = 83, XOR_32 = 84, XOR_64 = 85;
	/** d = x + y, y being 1, with all flags but CF. */
	public static final int INC_8 = 86, INC_16 = 87, INC_32 = 88, INC_64 = 89;
	/** d = x - y, y being 1, with all flags but CF. */
	public static final int DEC_8 = 90, DEC_16 = 91, DEC_32 = 92, DEC_64 = 93;
	/** d = x shifted by y, at least 1 and less than the width, with flags. */
	public static final int SHL_32 = 94, SHL_64 = 95, SHR_32 = 96, SHR_64 = 97, SAR_32 = 98, SAR_64 = 99;
	/** d = x * y with flags. */
	public static final int IMUL_32 = 100, IMUL_64 = 101;
	/** d = not y. */
	public static final int NOT = 102;
	/** d = y if condition a holds; CMOVCC_32 clears d bits 63:32 in any case. SETCC: d bits 7:0 = whether a holds. */
	public static final int CMOVCC_16 = 103, CMOVCC_32 = 104, CMOVCC_64 = 105, SETCC = 106;
	/** d = x + y + base of the segment with the number in the width field. */
	public static final int SEGMENT_BASE = 107;
	/** Operations from here on are those of RareOperations. */
	public static final int FIRST_RARE = 108;

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

	public static final int OPERATION_MASK = 511, D = 9, A = 15, B = 21, SCALE = 27, WIDTH = 29;
	/** In the width field of loads and stores: the segment is SS, so that a non-canonical address is #SS. */
	public static final int THROUGH_SS = 4;

	private MicroOp() {
	}

	/** Composes a code word. */
	static int row(int operation, int d, int a, int b, int scale, int width) {
		return operation | d << D | a << A | b << B | scale << SCALE | width << WIDTH;
	}
}
