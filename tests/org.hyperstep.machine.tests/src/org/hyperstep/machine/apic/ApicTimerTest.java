/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of Intel's SDM, "APIC Timer". The clock before the divider is 1 GHz. */
class ApicTimerTest {
	private static final int PERIODIC = 1 << 17, TSC_DEADLINE = 2 << 17, MASKED = 1 << 16;
	private static final int DIVIDE_BY_1 = 0xb, DIVIDE_BY_2 = 0, DIVIDE_BY_16 = 3, DIVIDE_BY_128 = 0xa;
	private final Pc pc = new Pc();
	private final LocalApic apic = pc.machine.localApic(0);

	ApicTimerTest() {
		set(ApicRegister.SPURIOUS_VECTOR, 0x1ff);
		set(ApicRegister.DIVIDE_CONFIGURATION, DIVIDE_BY_1);
		set(ApicRegister.LVT_TIMER, 0x40);
	}

	private void set(ApicRegister row, int value) {
		pc.machine.physicalMemory().write(Machine.localApicPage(0) + row.offset(), 4, value);
	}

	private int count() {
		return (int) pc.machine.physicalMemory().read(Machine.localApicPage(0) + ApicRegister.CURRENT_COUNT.offset(),
				4);
	}

	private void takeAt(long time) {
		pc.passTo(time - 1);
		assertFalse(apic.interruptPending());
		pc.passTo(time);
		assertEquals(0x40, apic.acknowledge());
		set(ApicRegister.EOI, 0);
	}

	@Test
	void oneShotInterruptsOnceAndStaysAtZero() {
		set(ApicRegister.INITIAL_COUNT, 300);
		assertEquals(300, count());
		pc.passTo(100);
		assertEquals(200, count());
		takeAt(300);
		assertEquals(0, count());
		pc.passTo(10_000);
		assertFalse(apic.interruptPending());
	}

	@Test
	void periodicInterruptsAtEveryMultiple() {
		set(ApicRegister.LVT_TIMER, PERIODIC | 0x40);
		set(ApicRegister.INITIAL_COUNT, 300);
		takeAt(300);
		takeAt(600);
		pc.passTo(1000);
		assertEquals(200, count());
	}

	@Test
	void theDividerCountsBusClocks() {
		int[][] divisors = { { DIVIDE_BY_1, 1 }, { DIVIDE_BY_2, 2 }, { DIVIDE_BY_16, 16 }, { DIVIDE_BY_128, 128 } };
		for (int[] row : divisors) {
			set(ApicRegister.DIVIDE_CONFIGURATION, row[0]);
			set(ApicRegister.INITIAL_COUNT, 100);
			takeAt(pc.now() + 100L * row[1]);
		}
	}

	@Test
	void zeroStopsTheTimer() {
		set(ApicRegister.LVT_TIMER, PERIODIC | 0x40);
		set(ApicRegister.INITIAL_COUNT, 300);
		set(ApicRegister.INITIAL_COUNT, 0);
		pc.passTo(1000);
		assertFalse(apic.interruptPending());
		assertEquals(0, count());
	}

	@Test
	void aTimerThatHasExpiredStaysAtZeroWhenItBecomesPeriodicUntilACountIsWritten() {
		set(ApicRegister.INITIAL_COUNT, 300);
		pc.passTo(450);
		set(ApicRegister.LVT_TIMER, MASKED | PERIODIC | 0x40);
		assertEquals(0, count());
		pc.passTo(1_000);
		assertEquals(0, count());
		set(ApicRegister.INITIAL_COUNT, 300);
		pc.passTo(1_450);
		assertEquals(150, count());
	}

	@Test
	void aMaskedTimerCountsWithoutInterrupting() {
		set(ApicRegister.LVT_TIMER, MASKED | PERIODIC | 0x40);
		set(ApicRegister.INITIAL_COUNT, 300);
		pc.passTo(450);
		assertEquals(150, count());
		assertFalse(apic.interruptPending());
		set(ApicRegister.LVT_TIMER, PERIODIC | 0x40);
		takeAt(600);
	}

	@Test
	void aNewDividerGoesOnFromThePresentCount() {
		set(ApicRegister.INITIAL_COUNT, 100);
		pc.passTo(40);
		set(ApicRegister.DIVIDE_CONFIGURATION, DIVIDE_BY_2);
		assertEquals(60, count());
		takeAt(160);
	}

	@Test
	void anInterruptThatWaitsIsNotCountedTwice() {
		set(ApicRegister.LVT_TIMER, PERIODIC | 0x40);
		set(ApicRegister.INITIAL_COUNT, 300);
		pc.passTo(3_000);
		assertEquals(0x40, apic.acknowledge());
		set(ApicRegister.EOI, 0);
		assertFalse(apic.interruptPending());
	}

	@Test
	void tscDeadlineInterruptsWhenTheTimeStampCounterReachesIt() {
		set(ApicRegister.LVT_TIMER, TSC_DEADLINE | 0x40);
		apic.setTimeStampOffset(5_000);
		apic.setTscDeadline(5_700);
		assertEquals(5_700, apic.tscDeadline());
		takeAt(700);
		assertEquals(0, apic.tscDeadline());
	}

	@Test
	void aDeadlineInThePastInterruptsAtOnce() {
		set(ApicRegister.LVT_TIMER, TSC_DEADLINE | 0x40);
		pc.passTo(1000);
		apic.setTscDeadline(10);
		assertTrue(pc.machine.time().nextDeadline() <= 1000);
		pc.pass(0);
		assertTrue(apic.interruptPending());
	}

	@Test
	void zeroDisarmsTheDeadlineAndOtherModesIgnoreIt() {
		set(ApicRegister.LVT_TIMER, TSC_DEADLINE | 0x40);
		apic.setTscDeadline(500);
		apic.setTscDeadline(0);
		pc.passTo(1000);
		assertFalse(apic.interruptPending());
		set(ApicRegister.LVT_TIMER, 0x40);
		apic.setTscDeadline(2000);
		assertEquals(0, apic.tscDeadline());
	}

	@Test
	void tscDeadlineModeIgnoresTheInitialCount() {
		set(ApicRegister.LVT_TIMER, TSC_DEADLINE | 0x40);
		set(ApicRegister.INITIAL_COUNT, 100);
		pc.passTo(1000);
		assertFalse(apic.interruptPending());
		assertEquals(0, count());
	}

	@Test
	void theLargestDeadlineIsNever() {
		set(ApicRegister.LVT_TIMER, TSC_DEADLINE | 0x40);
		apic.setTscDeadline(-1);
		pc.passTo(1_000_000);
		assertFalse(apic.interruptPending());
	}
}
