/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The facts that execution takes from a decoded instruction. */
@SuppressWarnings("nls")
class DecoderTest {

	private static Instruction decode(CodeSize codeSize, String hex) {
		byte[] code = HexFormat.of().parseHex(hex);
		return Decoder.decode(codeSize, code, 0, code.length);
	}

	private static Operand.Mem memory(Instruction instruction, int index) {
		return (Operand.Mem) instruction.operand(index);
	}

	private static long immediate(Instruction instruction, int index) {
		return ((Operand.Imm) instruction.operand(index)).value();
	}

	@ParameterizedTest
	@CsvSource({ "CODE16, 01d8, 16", "CODE16, 6601d8, 32", "CODE32, 01d8, 32", "CODE32, 6601d8, 16", "CODE64, 01d8, 32",
			"CODE64, 6601d8, 16", "CODE64, 4801d8, 64", "CODE64, 664801d8, 64", "CODE64, 00d8, 8", "CODE64, 50, 64",
			"CODE64, 6650, 16", "CODE64, c3, 64", "CODE64, 66c3, 64", "CODE32, 66c3, 16", "CODE64, e800000000, 64",
			"CODE64, ff10, 64", "CODE64, ff18, 32", "CODE64, 48ff18, 64", "CODE64, cf, 32", "CODE64, 48cf, 64",
			"CODE64, 9c, 64", "CODE64, 0f20c0, 64", "CODE16, 0f20c0, 32", "CODE64, a4, 8", "CODE64, 48a5, 64",
			"CODE64, 486d, 32", "CODE64, ee, 8", "CODE64, ef, 32", "CODE64, 66ef, 16", "CODE64, e6f4, 8",
			"CODE64, 0f94c0, 8", "CODE64, 0fb6c0, 32", "CODE64, 0f0110, 64", "CODE16, 0f0110, 16",
			"CODE64, 480fc708, 64" })
	void operandSizeFollowsModePrefixesAndRow(CodeSize codeSize, String hex, int bits) {
		assertEquals(bits, decode(codeSize, hex).operandSize());
	}

	@ParameterizedTest
	@CsvSource({ "CODE16, 8b07, 16", "CODE16, 678b07, 32", "CODE32, 678b07, 16", "CODE64, 8b07, 64",
			"CODE64, 678b07, 32" })
	void addressSizeFollowsModeAndPrefix(CodeSize codeSize, String hex, int bits) {
		assertEquals(bits, decode(codeSize, hex).addressSize());
		assertEquals(bits, memory(decode(codeSize, hex), 1).addressSize());
	}

	@ParameterizedTest
	@CsvSource({ "8b4500, SS", "8b0424, SS", "8b00, DS", "418b4500, DS", "418b0424, DS", "8b0428, DS", "65488b00, GS",
			"2e8b00, DS", "642e8b00, FS" })
	void defaultSegmentIsThatOfTheBaseAndNullOverridesAreIgnored(String hex, Register segment) {
		assertEquals(segment, memory(decode(CodeSize.CODE64, hex), 1).segment());
	}

	@Test
	void segmentOverrideReplacesTheDefaultOutside64BitMode() {
		Operand.Mem mem = memory(decode(CodeSize.CODE32, "2e8b4500"), 1);
		assertEquals(Register.CS, mem.segment());
		assertTrue(mem.overridden());
	}

	@Test
	void destinationOfStringInstructionKeepsEs() {
		Instruction movs = decode(CodeSize.CODE32, "64a5");
		assertEquals(Register.ES, memory(movs, 0).segment());
		assertEquals(Register.FS, memory(movs, 1).segment());
		assertEquals(Register.EDI, memory(movs, 0).base());
	}

	@ParameterizedTest
	@CsvSource({ "CODE64, 83c0ff, 1, 4294967295", "CODE64, 4883c0ff, 1, -1", "CODE64, 4881c0ffffffff, 1, -1",
			"CODE64, 6683c0ff, 1, 65535", "CODE64, 80c0ff, 1, 255", "CODE64, 6aff, 0, -1",
			"CODE64, b8ffffffff, 1, 4294967295",
			"CODE64, cd80, 0, 128", "CODE64, c1e0ff, 1, 255", "CODE64, c8ffffff, 0, 65535" })
	void immediateIsExtendedToTheOperandSize(CodeSize codeSize, String hex, int index, long value) {
		assertEquals(value, immediate(decode(codeSize, hex), index));
	}

	@Test
	void rexThatIsNotLastIsIgnored() {
		Instruction instruction = decode(CodeSize.CODE64, "486601d8");
		assertEquals(0, instruction.rex());
		assertEquals(16, instruction.operandSize());
		assertEquals(4, instruction.length());
	}

	@Test
	void rexSelectsTheLowByteRegisters() {
		assertEquals(new Operand.Reg(Register.AH), decode(CodeSize.CODE64, "88e0").operand(1));
		assertEquals(new Operand.Reg(Register.SPL), decode(CodeSize.CODE64, "4088e0").operand(1));
	}

	@Test
	void lastOfF2AndF3Counts() {
		assertEquals(Repeat.REP, decode(CodeSize.CODE64, "f2f3a6").repeat());
		assertEquals(Repeat.REPNE, decode(CodeSize.CODE64, "f3f2a6").repeat());
		assertEquals(Repeat.REP, decode(CodeSize.CODE64, "f2a4").repeat());
		assertEquals(Repeat.NONE, decode(CodeSize.CODE64, "f301d8").repeat());
	}

	@ParameterizedTest
	@CsvSource({ "f00118, true", "f001d8, false", "f0480fb118, true", "f0ff00, true", "f03b00, false", "f03800, false",
			"f08700, true", "f0f4, false", "f00fc708, true", "f00fba2805, true", "f00fba2005, false" })
	void lockIsLegalOnlyWithAReadModifyWriteOfMemory(String hex, boolean legal) {
		Instruction instruction = decode(CodeSize.CODE64, hex);
		assertEquals(legal ? Legality.LEGAL : Legality.UNDEFINED, instruction.legality());
		assertEquals(legal, instruction.lock());
	}

	@Test
	void controlRegisterMoveIgnoresMod() {
		Instruction instruction = decode(CodeSize.CODE64, "0f2200");
		assertEquals(3, instruction.length());
		assertEquals(new Operand.Reg(Register.RAX), instruction.operand(1));
	}

	@Test
	void instructionBehindTheBytesAtHandIsTruncatedAtEachLength() {
		byte[] code = HexFormat.of().parseHex("66498184c01122334455aa");
		for (int limit = 0; limit < code.length - 1; limit++) {
			assertEquals(Legality.TRUNCATED, Decoder.decode(CodeSize.CODE64, code, 0, limit).legality());
		}
	}

	@Test
	void fifteenBytesAreLegalAndSixteenAreNot() {
		assertEquals(Legality.LEGAL, decode(CodeSize.CODE32, "3e3e3e3e3e3e3e3e3e810011223344").legality());
		assertEquals(Legality.TOO_LONG, decode(CodeSize.CODE32, "3e3e3e3e3e3e3e3e3e3e810011223344").legality());
	}

	@Test
	void ripRelativeBaseFollowsTheAddressSize() {
		assertEquals(Register.RIP, memory(decode(CodeSize.CODE64, "8b0500000000"), 1).base());
		assertEquals(Register.EIP, memory(decode(CodeSize.CODE64, "678b0500000000"), 1).base());
		assertEquals(null, memory(decode(CodeSize.CODE32, "8b0500000000"), 1).base());
	}

	@Test
	void conditionIsInTheOpcode() {
		assertEquals(5, decode(CodeSize.CODE64, "7500").condition());
		assertEquals(0xf, decode(CodeSize.CODE64, "0f9fc0").condition());
		assertFalse(decode(CodeSize.CODE64, "7500").lock());
	}
}
