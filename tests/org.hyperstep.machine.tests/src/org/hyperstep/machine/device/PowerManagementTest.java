/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.image.InitialState;
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
			if (type != PowerManagement.SOFT_OFF && type != PowerManagement.SUSPEND_TO_RAM) {
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

	private void sleep() {
		write(CONTROL, PowerManagement.SUSPEND_TO_RAM << 10 | SLEEP_ENABLE);
	}

	@Test
	void aSleepingMachineWakesByThePowerButtonThatIsEnabled() throws Exception {
		sleep();
		assertEquals(new ExitRequest(ExitRequest.Kind.SLEEP, 0), pc.machine.exitRequest());
		press();
		assertFalse(pc.machine.wakes(), "the button is not enabled");
		write(ENABLE, 1 << 8);
		assertTrue(pc.machine.wakes());
		pc.machine.physicalMemory().write(0x5000, 4, 0x1234);
		pc.machine.physicalMemory().write(0xe200c, 4, 0x12345);
		InitialState state = pc.machine.wake();
		assertEquals(0x1234, state.code());
		assertEquals(5, state.rip());
		assertNull(pc.machine.exitRequest());
		assertEquals(0x1234, pc.machine.physicalMemory().read(0x5000, 4));
		assertEquals(0x8100, read(STATUS));
		write(STATUS, 0x8100);
		assertEquals(0, read(STATUS));
	}

	private void press() {
		pc.machine.input().offer(PowerManagement.POWER_BUTTON, new byte[1]);
		pc.machine.input().letIn();
	}

	@Test
	void aSleepingMachineWakesByTheClocksAlarm() {
		write(ENABLE, 1 << 10);
		for (int register : new int[] { 1, 3, 5 }) {
			pc.out(0x70, register);
			pc.out(0x71, 0xc0);
		}
		pc.out(0x70, 0x0b);
		pc.out(0x71, 0x22);
		sleep();
		assertFalse(pc.machine.wakes());
		pc.pass(1_000_000_000L);
		assertTrue(pc.machine.wakes());
	}

	@Test
	void withoutAVectorAMachineDoesNotWake() {
		sleep();
		assertThrows(MachineException.class, pc.machine::wake);
	}
}
