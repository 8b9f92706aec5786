/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of the 8254 data sheet, "Mode Definitions" and "Read Operations". Times are in clocks of the counter. */
class IntervalTimerTest {
	private static final int READ_BACK_STATUS = 0xe0, READ_BACK_COUNT = 0xd0, READ_BACK_BOTH = 0xc0;
	private final Pc pc = new Pc();
	private final PitCounter counter = new PitCounter();

	IntervalTimerTest() {
		counter.reset();
		counter.setGate(true, 0);
	}

	/** Programs the counter at clock 0 with a two-byte count: the counting element is loaded at clock 1. */
	private void program(int mode, int count) {
		counter.control(0x30 | mode << 1, 0);
		counter.write(count & 0xff, 0);
		counter.write(count >> 8 & 0xff, 0);
	}

	private int count(long clock) {
		counter.latchCount(clock);
		return counter.read(clock) | counter.read(clock) << 8;
	}

	@Test
	void mode0GoesHighNPlusOneClocksAfterTheWriteAndStays() {
		program(0, 4);
		assertFalse(counter.output(0));
		assertFalse(counter.output(4));
		assertTrue(counter.output(5));
		assertTrue(counter.output(100_000));
		assertEquals(1, counter.nextChange(0));
		assertEquals(5, counter.nextChange(1));
		assertEquals(PitCounter.NEVER, counter.nextChange(5));
	}

	@Test
	void mode0CountsOnBelowZero() {
		program(0, 4);
		assertEquals(4, count(1));
		assertEquals(0, count(5));
		assertEquals(0xffff, count(6));
	}

	@Test
	void mode0StopsWithTheGateLowAndGoesOnWhereItWas() {
		program(0, 10);
		counter.setGate(false, 4);
		assertEquals(7, count(4));
		assertEquals(7, count(1000));
		counter.setGate(true, 1000);
		assertEquals(7, count(1001));
		assertFalse(counter.output(1007));
		assertTrue(counter.output(1008));
	}

	@Test
	void mode0sFirstByteOfACountStopsTheCounting() {
		program(0, 4);
		counter.write(8, 2);
		assertFalse(counter.output(50));
		counter.write(0, 50);
		assertFalse(counter.output(58));
		assertTrue(counter.output(59));
	}

	@Test
	void mode1IsLowForNClocksAfterEachTrigger() {
		program(1, 3);
		assertTrue(counter.output(20));
		counter.setGate(false, 20);
		counter.setGate(true, 21);
		assertTrue(counter.output(21));
		assertFalse(counter.output(22));
		assertFalse(counter.output(24));
		assertTrue(counter.output(25));
	}

	@Test
	void mode1IsRetriggerable() {
		program(1, 3);
		counter.setGate(false, 0);
		counter.setGate(true, 1);
		counter.setGate(false, 3);
		counter.setGate(true, 3);
		assertFalse(counter.output(6));
		assertTrue(counter.output(7));
	}

	@Test
	void mode2IsLowForTheLastClockOfEachPeriod() {
		program(2, 4);
		StringBuilder wave = new StringBuilder();
		for (int clock = 1; clock <= 12; clock++) {
			wave.append(counter.output(clock) ? 'h' : 'l');
		}
		assertEquals("hhhlhhhlhhhl", wave.toString()); //$NON-NLS-1$
		assertEquals(1, count(4));
		assertEquals(4, count(5));
	}

	@Test
	void mode2TakesANewCountAtTheEndOfThePeriod() {
		program(2, 6);
		counter.write(3, 3);
		counter.write(0, 3);
		assertTrue(counter.output(4));
		assertFalse(counter.output(6));
		assertTrue(counter.output(7));
		assertFalse(counter.output(9));
		assertFalse(counter.output(12));
	}

	@Test
	void mode2IsHighWithTheGateLowAndReloadsAtItsRise() {
		program(2, 4);
		counter.setGate(false, 2);
		assertTrue(counter.output(4));
		counter.setGate(true, 10);
		assertEquals(4, count(11));
		assertFalse(counter.output(14));
	}

	@Test
	void mode3IsHighForTheFirstHalfAndOneMoreClockIfTheCountIsOdd() {
		program(3, 5);
		StringBuilder wave = new StringBuilder();
		for (int clock = 1; clock <= 10; clock++) {
			wave.append(counter.output(clock) ? 'h' : 'l');
		}
		assertEquals("hhhllhhhll", wave.toString()); //$NON-NLS-1$
	}

	@Test
	void mode3CountsDownByTwoTwiceInAPeriod() {
		program(3, 6);
		int[] expected = { 6, 4, 2, 6, 4, 2, 6 };
		for (int i = 0; i < expected.length; i++) {
			assertEquals(expected[i], count(1 + i));
		}
	}

	@Test
	void mode3TakesANewCountAtTheEndOfTheHalf() {
		program(3, 8);
		counter.write(4, 2);
		counter.write(0, 2);
		StringBuilder wave = new StringBuilder();
		for (int clock = 1; clock <= 12; clock++) {
			wave.append(counter.output(clock) ? 'h' : 'l');
		}
		assertEquals("hhhhllhhllhh", wave.toString()); //$NON-NLS-1$
	}

	@Test
	void mode4IsLowForOneClockWhenTheCountEnds() {
		program(4, 3);
		assertTrue(counter.output(3));
		assertFalse(counter.output(4));
		assertTrue(counter.output(5));
		assertEquals(4, counter.nextChange(2));
		assertEquals(5, counter.nextChange(4));
		assertEquals(PitCounter.NEVER, counter.nextChange(5));
	}

	@Test
	void mode5StrobesNClocksAfterTheTrigger() {
		program(5, 3);
		assertTrue(counter.output(10));
		counter.setGate(false, 10);
		counter.setGate(true, 11);
		assertTrue(counter.output(14));
		assertFalse(counter.output(15));
		assertTrue(counter.output(16));
	}

	@Test
	void zeroIsTheLargestCount() {
		program(2, 0);
		assertFalse(counter.output(65536));
		assertTrue(counter.output(65537));
	}

	@Test
	void bcdCountsInFourDecimalDigits() {
		counter.control(0x31, 0);
		counter.write(0x00, 0);
		counter.write(0x10, 0);
		assertEquals(0x1000, count(1));
		assertEquals(0x0999, count(2));
		assertEquals(0x9999, count(1002));
	}

	@Test
	void aLatchedCountStaysUntilItIsRead() {
		program(2, 100);
		counter.latchCount(11);
		counter.latchCount(50);
		assertEquals(90, counter.read(60));
		assertEquals(0, counter.read(70));
		assertEquals(100 - 20, counter.read(21));
	}

	@Test
	void readBackLatchesCountsAndStatusOfTheSelectedCounters() {
		pc.out(0x43, 0x34);
		pc.out(0x40, 0x10);
		pc.out(0x43, READ_BACK_STATUS | 2);
		assertEquals(0x80 | 0x34, pc.in(0x40));
		pc.out(0x40, 0x27);
		pc.out(0x43, READ_BACK_STATUS | 2);
		assertEquals(0x80 | 0x40 | 0x34, pc.in(0x40));
		pc.pass(100_000);
		pc.out(0x43, READ_BACK_BOTH | 2);
		assertEquals(0x80 | 0x34, pc.in(0x40));
		int latched = pc.in(0x40) | pc.in(0x40) << 8;
		assertEquals(0x2710 - (IntervalTimer.clockAt(100_000) - 1), latched);
		pc.out(0x43, READ_BACK_COUNT | 2);
		int again = pc.in(0x40) | pc.in(0x40) << 8;
		pc.pass(10_000);
		assertEquals(latched, again);
	}

	@Test
	void aCounterOf11932InterruptsAHundredTimesASecond() {
		pc.initialisePic();
		pc.out(0x43, 0x34);
		pc.out(0x40, 11932 & 0xff);
		pc.out(0x40, 11932 >> 8);
		// The control word brought OUT from low to high.
		assertEquals(0x20, pc.machine.pic().acknowledge());
		pc.out(0x20, 0x20);
		int interrupts = 0;
		long first = 0;
		long last = 0;
		while (pc.now() < 1_000_000_000) {
			pc.passTo(Math.min(pc.machine.time().nextDeadline(), 1_000_000_000));
			if (pc.machine.pic().interruptRequested()) {
				assertEquals(0x20, pc.machine.pic().acknowledge());
				pc.out(0x20, 0x20);
				interrupts++;
				first = first == 0 ? pc.now() : first;
				last = pc.now();
			}
		}
		assertEquals(99, interrupts);
		assertEquals(11932L * 98 * 1_000_000_000 / IntervalTimer.FREQUENCY, last - first, 1000);
	}

	@Test
	void port61GatesCounter2AndShowsItsOutput() {
		pc.out(0x61, 0);
		pc.out(0x43, 0xb0);
		pc.out(0x42, 100);
		pc.out(0x42, 0);
		pc.pass(1_000_000);
		assertEquals(0, pc.in(0x61) & 0x20);
		pc.out(0x61, 1);
		pc.passTo(1_000_000 + IntervalTimer.timeOf(99));
		assertEquals(0, pc.in(0x61) & 0x20);
		pc.pass(3_000);
		assertEquals(0x21, pc.in(0x61) & 0x21);
	}

	@Test
	void port61sRefreshBitToggles() {
		int toggles = 0;
		int before = pc.in(0x61) & 0x10;
		for (int i = 0; i < 1000; i++) {
			pc.pass(1000);
			int now = pc.in(0x61) & 0x10;
			toggles += now != before ? 1 : 0;
			before = now;
		}
		assertEquals(66, toggles, 1);
	}

	@Test
	void timeAndClocksConvertBothWays() {
		for (long clock : new long[] { 0, 1, 2, 1193181, 1193182, 1193183, 1193182L * 1_000_000 + 17 }) {
			long time = IntervalTimer.timeOf(clock);
			assertEquals(clock, IntervalTimer.clockAt(time));
			if (time > 0) {
				assertEquals(clock - 1, IntervalTimer.clockAt(time - 1));
			}
		}
	}
}
