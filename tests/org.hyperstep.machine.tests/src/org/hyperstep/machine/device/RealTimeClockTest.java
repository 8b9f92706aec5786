/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.time.VirtualTime;
import org.junit.jupiter.api.Test;

/** Rules of the MC146818 data sheet. The clock starts on Thursday, 1 January 2026, 00:00:00. */
class RealTimeClockTest {
	private final Pc pc = new Pc();

	private int read(int register) {
		pc.out(0x70, register);
		return pc.in(0x71);
	}

	private void write(int register, int value) {
		pc.out(0x70, register);
		pc.out(0x71, value);
	}

	private boolean irq8() {
		return (pc.machine.pic().requested() & 1 << 8) != 0;
	}

	@Test
	void theClockShowsTheStartOfTimeInBcd() {
		int[] registers = { 0, 2, 4, 6, 7, 8, 9, 0x32 };
		int[] expected = { 0, 0, 0, 5, 1, 1, 0x26, 0x20 };
		for (int i = 0; i < registers.length; i++) {
			assertEquals(expected[i], read(registers[i]));
		}
	}

	@Test
	void virtualTimeMovesIt() {
		pc.pass((13 * 3600 + 45 * 60 + 59) * VirtualTime.SECOND);
		assertEquals(0x59, read(0));
		assertEquals(0x45, read(2));
		assertEquals(0x13, read(4));
	}

	@Test
	void binaryAndTwelveHourModesShowTheSameTime() {
		pc.pass((13 * 3600 + 45 * 60) * VirtualTime.SECOND);
		write(11, 6);
		assertEquals(45, read(2));
		write(11, 0);
		assertEquals(0x81, read(4));
		pc.pass(11 * 3600 * VirtualTime.SECOND);
		assertEquals(0x12, read(4));
	}

	@Test
	void theGuestCanSetIt() {
		write(11, 0x82);
		write(0, 0x30);
		write(2, 0x15);
		write(4, 0x08);
		pc.pass(5 * VirtualTime.SECOND);
		assertEquals(0x30, read(0));
		write(11, 2);
		pc.pass(2 * VirtualTime.SECOND);
		assertEquals(0x32, read(0));
		assertEquals(0x15, read(2));
		assertEquals(0x08, read(4));
	}

	@Test
	void updateInProgressWarnsBeforeEachSecond() {
		assertEquals(0, read(10) & 0x80);
		pc.passTo(VirtualTime.SECOND - 200_000);
		assertEquals(0x80, read(10) & 0x80);
		pc.passTo(VirtualTime.SECOND);
		assertEquals(0, read(10) & 0x80);
	}

	@Test
	void theUpdateInterruptComesWithTheSecondAndReadingCEndsIt() {
		write(11, 0x12);
		pc.passTo(VirtualTime.SECOND - 1);
		assertFalse(irq8());
		pc.pass(1);
		assertTrue(irq8());
		assertEquals(0x90, read(12));
		assertFalse(irq8());
		assertEquals(0, read(12));
	}

	@Test
	void theAlarmComesAtItsTime() {
		write(1, 0x03);
		write(3, 0xff);
		write(5, 0xff);
		write(11, 0x22);
		pc.passTo(3 * VirtualTime.SECOND - 1);
		assertFalse(irq8());
		pc.pass(1);
		assertEquals(0xb0, read(12) | 0x10);
	}

	@Test
	void thePeriodicInterruptHasItsRate() {
		write(11, 0x42);
		int interrupts = 0;
		while (pc.now() < VirtualTime.SECOND) {
			pc.passTo(Math.min(pc.machine.time().nextDeadline(), VirtualTime.SECOND));
			if (irq8()) {
				interrupts++;
				read(12);
			}
		}
		assertEquals(1024, interrupts);
	}

	@Test
	void cmosRamKeepsBytesAndTellsTheMemorySize() {
		write(0x40, 0x5a);
		assertEquals(0x5a, read(0x40));
		assertEquals(0x80, read(13));
		assertEquals(15 * 1024, read(0x17) | read(0x18) << 8);
	}

	@Test
	void aResetOfTheMachineLeavesTheClockAndTheRamToTheBattery() {
		write(0x0b, 0x42);
		write(0x40, 0x5a);
		write(0x04, 0x11);
		pc.machine.reset();
		assertEquals(0x5a, read(0x40));
		assertEquals(0x11, read(0x04));
		assertEquals(2, read(0x0b));
		pc.machine.resetDevices();
		assertEquals(0, read(0x40));
	}

	@Test
	void theRamSaysWhatFirmwareWantsToKnow() {
		assertEquals(6, read(0x14));
		assertEquals(0x32, read(0x3d));
		assertEquals(0x40, read(0x38));
		assertEquals(0, read(0x5f));
		assertEquals(15 << 10 & 0xff, read(0x17));
		assertEquals(15 << 2, read(0x18));
		assertEquals(0, read(0x34));
		assertEquals(0x20, read(0x32));
	}
}
