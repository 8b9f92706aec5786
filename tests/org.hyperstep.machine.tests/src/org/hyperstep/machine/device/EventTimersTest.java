/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.apic.LocalApic;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class EventTimersTest {
	private static final long BASE = EventTimers.BASE, CONFIGURATION = BASE + 0x10, STATUS = BASE + 0x20,
			COUNTER = BASE + 0xf0;
	private static final int ENABLE = 4, LEVEL = 2, PERIODIC = 8, SET_VALUE = 0x40, NARROW = 0x100;

	private final Pc pc = new Pc();
	private final LocalApic apic = pc.machine.localApic(0);

	private long read(long at, int size) {
		return pc.machine.physicalMemory().read(at, size);
	}

	private void write(long at, int size, long value) {
		pc.machine.physicalMemory().write(at, size, value);
	}

	private static long timer(int index, int register) {
		return BASE + 0x100 + 0x20L * index + register;
	}

	/** Routes a pin of the I/O APIC to a vector of the processor. */
	private void route(int pin, int vector, boolean level) {
		apic.enterVirtualWireMode();
		write(IoApic.BASE, 4, 0x10 + 2 * pin);
		write(IoApic.BASE + 0x10, 4, vector | (level ? 1 << 15 : 0));
	}

	/** Takes the vector that waits and ends it; -1 if none. */
	private int take() {
		int vector = apic.highestDeliverable();
		if (vector >= 0) {
			apic.acknowledge();
			write(org.hyperstep.machine.Machine.localApicPage(0) + 0xb0, 4, 0);
		}
		return vector;
	}

	@Test
	void theCounterRunsWhileItIsEnabledAndCanBeSetWhileItStands() {
		assertEquals(10_000_000L, read(BASE + 4, 4), "femtoseconds");
		write(COUNTER, 8, 1000);
		pc.pass(500);
		assertEquals(1000, read(COUNTER, 8));
		write(CONFIGURATION, 8, 1);
		pc.pass(500);
		assertEquals(1050, read(COUNTER, 8));
		write(COUNTER, 8, 0);
		assertEquals(1050, read(COUNTER, 8));
		write(CONFIGURATION, 8, 0);
		pc.pass(500);
		assertEquals(1050, read(COUNTER, 8));
	}

	@Test
	void aOneShotTimerInterruptsOnceAtItsTime() {
		route(17, 0x41, false);
		write(timer(2, 8), 8, 100);
		write(timer(2, 0), 4, ENABLE | 17 << 9);
		write(CONFIGURATION, 8, 1);
		pc.pass(999);
		assertEquals(-1, take());
		pc.pass(1);
		assertEquals(0x41, take());
		pc.pass(100_000);
		assertEquals(-1, take());
	}

	@Test
	void aPeriodicTimerGoesOn() {
		route(16, 0x42, false);
		write(timer(0, 0), 4, ENABLE | PERIODIC | SET_VALUE | 16 << 9);
		write(timer(0, 8), 8, 300);
		write(timer(0, 8), 8, 100);
		write(CONFIGURATION, 8, 1);
		pc.pass(2_999);
		assertEquals(-1, take());
		for (int i = 0; i < 5; i++) {
			pc.pass(i == 0 ? 1 : 1_000);
			assertEquals(0x42, take(), "period " + i);
		}
		assertEquals(800, read(timer(0, 8), 8));
	}

	@Test
	void aLevelTriggeredTimerWaitsForItsStatusBitToBeCleared() {
		route(20, 0x43, true);
		write(timer(1, 8), 8, 10);
		write(timer(1, 0), 4, ENABLE | LEVEL | 20 << 9);
		write(CONFIGURATION, 8, 1);
		pc.pass(100);
		assertEquals(2, read(STATUS, 8));
		assertEquals(0x43, take());
		assertEquals(0x43, take(), "the level still stands");
		write(STATUS, 8, 2);
		take();
		assertEquals(-1, take());
		assertEquals(0, read(STATUS, 8));
	}

	@Test
	void inLegacyModeTheFirstTwoReplaceIntervalTimerAndClock() {
		pc.initialisePic();
		pc.out(0x43, 0x34);
		pc.out(0x40, 100);
		pc.out(0x40, 0);
		write(CONFIGURATION, 8, 2);
		pc.machine.localApic(0);
		while (pc.machine.pic().interruptRequested()) {
			pc.machine.pic().acknowledge();
			pc.out(0x20, 0x20);
		}
		pc.pass(1_000_000);
		assertFalse(pc.machine.pic().interruptRequested(), "the interval timer is cut off");
		write(timer(0, 8), 8, 50);
		write(timer(0, 0), 4, ENABLE);
		write(CONFIGURATION, 8, 3);
		pc.pass(600);
		write(timer(0, 0), 4, ENABLE | LEVEL);
		write(timer(0, 8), 8, read(COUNTER, 8) + 10);
		pc.pass(100);
		assertTrue(pc.machine.pic().interruptRequested());
		assertEquals(0x20, pc.machine.pic().acknowledge());
	}

	@Test
	void aNarrowTimerMatchesEachTimeTheLow32BitsDo() {
		route(16, 0x44, false);
		write(timer(0, 0), 4, ENABLE | NARROW | 16 << 9);
		write(timer(0, 8), 4, 5);
		write(CONFIGURATION, 8, 1);
		pc.pass(50);
		assertEquals(0x44, take());
		pc.pass((1L << 32) * 10 - 1);
		assertEquals(-1, take());
		pc.pass(1);
		assertEquals(0x44, take());
	}

	@Test
	void aMessageGoesToTheLocalApicDirectly() {
		apic.enterVirtualWireMode();
		write(timer(0, 0x10), 8, 0xfee00000_00000045L);
		write(timer(0, 8), 8, 5);
		write(timer(0, 0), 4, ENABLE | 1 << 14);
		write(CONFIGURATION, 8, 1);
		pc.pass(50);
		assertEquals(0x45, take());
	}
}
