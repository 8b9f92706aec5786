/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.state.ExtendedState;
import org.junit.jupiter.api.Test;

/** Rules of x87 transcendental instructions that the manual gives ("Transcendental Instructions" and each one's page). */
@SuppressWarnings("nls")
class TranscendentalsTest {
	private static final long INTEGER_BIT = Long.MIN_VALUE;
	private static final int C1 = 0x200, C2 = 0x400, ZERO_DIVIDE = 4, PRECISION = 0x20, INVALID = 1;

	private final FlatMachine machine = FlatMachine.in64BitMode(0x30_0000);
	private final ExtendedState state = machine.state.extended;

	/** ST(0) and ST(1) are these before the instructions. */
	private void run(String hex, int instructions, int word, long significand, int nextWord, long nextSignificand) {
		machine.code(hex);
		state.initializeX87();
		state.statusWord = 6 << 11;
		state.validRegisters = 0xc0;
		state.signAndExponent[6] = word;
		state.significand[6] = significand;
		state.signAndExponent[7] = nextWord;
		state.significand[7] = nextSignificand;
		machine.run(instructions);
	}

	private void assertStack(int i, int word, long significand) {
		int n = state.physical(i);
		assertEquals(Integer.toHexString(word), Integer.toHexString(state.signAndExponent[n] & 0xffff));
		assertEquals(Long.toHexString(significand), Long.toHexString(state.significand[n]));
	}

	private int status(int mask) {
		return state.statusWord & mask;
	}

	@Test
	void sineOfPiTellsThatPiHas66Bits() {
		run("d9fe", 1, 0x4000, 0xc90f_daa2_2168_c235L, 0, 0);
		assertStack(0, 0xbfbf, INTEGER_BIT);
		assertEquals(PRECISION, status(PRECISION | C2));
	}

	@Test
	void angleFrom2To63OnStaysAndSetsC2() {
		for (String hex : new String[] { "d9fe", "d9ff", "d9fb", "d9f2" }) {
			run(hex, 1, 0x403e, INTEGER_BIT, 0, 0);
			assertStack(0, 0x403e, INTEGER_BIT);
			assertEquals(C2, status(C2 | PRECISION));
			machine.state.rip = FlatMachine.CODE;
		}
	}

	@Test
	void tangentPushesOne() {
		run("d9f2", 1, 0x3ffe, INTEGER_BIT, 0, 0);
		assertStack(0, 0x3fff, INTEGER_BIT);
		assertStack(1, 0x3ffe, 0x8bda_7adf_9a3a_5219L);
	}

	@Test
	void tangentWithoutRoomIsAStackOverflow() {
		// fldz six times, then fptan
		run("d9ee".repeat(6) + "d9f2", 7, 0x3fff, INTEGER_BIT, 0x3fff, INTEGER_BIT);
		assertEquals(C1 | INVALID | 0x40, status(C1 | INVALID | 0x40));
		assertStack(0, 0xffff, 0xc000_0000_0000_0000L);
		assertStack(1, 0xffff, 0xc000_0000_0000_0000L);
	}

	@Test
	void logarithmOfZeroIsADivisionByZero() {
		run("d9f1", 1, 0, 0, 0x3fff, INTEGER_BIT);
		assertStack(0, 0xffff, INTEGER_BIT);
		assertEquals(ZERO_DIVIDE, status(ZERO_DIVIDE | INVALID));
		assertEquals(7 << 11, status(0x3800));
	}

	@Test
	void logarithmOfOneIsAZeroWithoutException() {
		run("d9f1", 1, 0x3fff, INTEGER_BIT, 0xc000, INTEGER_BIT);
		assertStack(0, 0x8000, 0);
		assertEquals(0, status(0x3f));
	}

	@Test
	void logarithmOfANegativeNumberIsInvalid() {
		run("d9f1", 1, 0xbfff, INTEGER_BIT, 0x3fff, INTEGER_BIT);
		assertStack(0, 0xffff, 0xc000_0000_0000_0000L);
		assertEquals(INVALID, status(0x3f));
	}

	@Test
	void arcTangentKnowsTheQuadrant() {
		// atan2(-0, -1) is -π.
		run("d9f3", 1, 0xbfff, INTEGER_BIT, 0x8000, 0);
		assertStack(0, 0xc000, 0xc90f_daa2_2168_c235L);
		// atan2(+∞, -∞) is 3π / 4.
		machine.state.rip = FlatMachine.CODE;
		run("d9f3", 1, 0xffff, INTEGER_BIT, 0x7fff, INTEGER_BIT);
		assertStack(0, 0x4000, 0x96cb_e3f9_990e_91a8L);
	}

	@Test
	void resultsHave64BitsWhateverThePrecisionControl() {
		machine.code("d9fe");
		state.initializeX87();
		state.controlWord = 0x7f;
		state.validRegisters = 1;
		state.signAndExponent[0] = 0x3fff;
		state.significand[0] = INTEGER_BIT;
		machine.run(1);
		assertStack(0, 0x3ffe, 0xd76a_a478_4867_7021L);
	}
}
