/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of the ACPI specification, "Fixed Hardware Registers" and "Power Management Timer". */
@SuppressWarnings("nls")
class PowerManagementTest {
	private static final int STATUS = 0x600, ENABLE = 0x602, CONTROL = 0x604, TIMER = 0x608;
	private static final int SLEEP_ENABLE = 1 << 13;
	/** Nanoseconds until the 24-bit timer's highest bit changes, rounded up. */
	private static final long HALF_PERIOD = 2_343_484_438L;
	private final Pc pc = new Pc();

	private int read(int port) {
		return (int) pc.machine.ports().read(port, 2);
	}

	private void write(int port, int value) {
		pc.machine.ports().write(port, 2, value);
	}

	private boolean interrupts() {
		return (pc.machine.pic().requested() >> 9 & 1) != 0;
	}

	@Test
	void timerCounts3579545TimesASecondIn24Bits() {
		pc.pass(1_000_000_000);
		assertEquals(3_579_545, pc.machine.ports().read(TIMER, 4));
		pc.pass(4_000_000_000L);
		assertEquals(5 * 3_579_545 & 0xffffff, pc.machine.ports().read(TIMER, 4));
	}

	@Test
	void timerCannotBeWrittenAndIsReadInParts() {
		pc.pass(1_000_000_000);
		pc.machine.ports().write(TIMER, 4, 0);
		assertEquals(3_579_545 >> 16, pc.in(TIMER + 2));
	}

	@Test
	void timerStatusIsSetWhenTheHighestBitChangesAndClearedByAOne() {
		pc.pass(HALF_PERIOD - 1);
		assertEquals(0, read(STATUS));
		pc.pass(1);
		assertEquals(1, read(STATUS));
		assertFalse(interrupts());
		write(STATUS, 0);
		assertEquals(1, read(STATUS));
		write(STATUS, 1);
		assertEquals(0, read(STATUS));
	}

	@Test
	void enabledTimerAssertsTheSciUntilItsStatusIsCleared() {
		pc.out(0x4d1, 2);
		write(ENABLE, 1);
		assertFalse(interrupts());
		pc.pass(HALF_PERIOD);
		assertTrue(interrupts());
		write(STATUS, 1);
		assertFalse(interrupts());
		pc.pass(HALF_PERIOD);
		assertTrue(interrupts());
		write(ENABLE, 0);
		assertFalse(interrupts());
	}

	@Test
	void acpiModeIsAlwaysOn() {
		write(CONTROL, 0);
		assertEquals(1, read(CONTROL) & 1);
	}

	@Test
	void sleepEnableWithTheTypeOfSoftOffShutsDown() {
		write(CONTROL, 0);
		assertNull(pc.machine.exitRequest());
		write(CONTROL, SLEEP_ENABLE);
		ExitRequest request = pc.machine.exitRequest();
		assertNotNull(request);
		assertEquals(ExitRequest.Kind.SHUTDOWN, request.kind());
		assertEquals(0, request.status());
		assertEquals(0, read(CONTROL) & SLEEP_ENABLE, "SLP_EN is write-only");
	}

	@Test
	void otherSleepTypesDoNothing() {
		for (int type = 0; type < 8; type++) {
			if (type != PowerManagement.SOFT_OFF) {
				write(CONTROL, type << 10 | SLEEP_ENABLE);
			}
		}
		assertNull(pc.machine.exitRequest());
	}

	@Test
	void theApmPortRaisesAnSmiWhenGlobalControlAndActivityBSaySo() {
		pc.out(0xb2, 1);
		assertFalse(pc.machine.localApic(0).smiPending());
		write(0x628, 1);
		pc.machine.ports().write(0xcf8, 4, 0x80000b58L);
		pc.machine.ports().write(0xcfc, 4, 0);
		pc.out(0xb2, 1);
		assertFalse(pc.machine.localApic(0).smiPending());
		pc.machine.ports().write(0xcfc, 4, 1 << 25);
		pc.out(0xb2, 0x42);
		assertTrue(pc.machine.localApic(0).smiPending());
		assertEquals(0x42, pc.in(0xb2));
	}
}
