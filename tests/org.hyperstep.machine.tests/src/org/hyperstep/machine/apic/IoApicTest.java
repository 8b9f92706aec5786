/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.DeviceSnapshot;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.bus.InterruptLine;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rules of the 82093AA data sheet, by its registers and fields. */
@SuppressWarnings("nls")
class IoApicTest {
	private static final int MASKED = 1 << 16, LEVEL = 1 << 15, REMOTE_IRR = 1 << 14, ACTIVE_LOW = 1 << 13;
	private static final int LOGICAL = 1 << 11, LOWEST_PRIORITY = 1 << 8, NMI = 4 << 8;
	private static final int EOI = 0xb0, TASK_PRIORITY = 0x80, SPURIOUS = 0xf0, LOGICAL_DESTINATION = 0xd0;
	private final Pc pc = new Pc(2);
	private final IoApic ioApic = pc.machine.ioApic();

	@BeforeEach
	void enableLocalApics() {
		for (int cpu = 0; cpu < 2; cpu++) {
			local(cpu, SPURIOUS, 0x1ff);
			local(cpu, LOGICAL_DESTINATION, 1 << 24 + cpu);
		}
	}

	private void local(int cpu, int offset, int value) {
		pc.machine.physicalMemory().write(Machine.localApicPage(cpu) + offset, 4, value & 0xffffffffL);
	}

	private int read(int index) {
		pc.machine.physicalMemory().write(IoApic.BASE, 4, index);
		return (int) pc.machine.physicalMemory().read(IoApic.BASE + 0x10, 4);
	}

	private void write(int index, int value) {
		pc.machine.physicalMemory().write(IoApic.BASE, 4, index);
		pc.machine.physicalMemory().write(IoApic.BASE + 0x10, 4, value & 0xffffffffL);
	}

	private int entry(int pin) {
		return read(0x10 + 2 * pin);
	}

	private void route(int pin, int low, int destination) {
		write(0x11 + 2 * pin, destination << 24);
		write(0x10 + 2 * pin, low);
	}

	private void pulse(int pin) {
		ioApic.line(pin).set(false);
		ioApic.line(pin).set(true);
	}

	private int vector(int cpu) {
		return pc.machine.localApic(cpu).highestDeliverable();
	}

	private void take(int cpu) {
		pc.machine.localApic(cpu).acknowledge();
	}

	@Test
	void versionRegisterNames24EntriesAndVersion11h() {
		assertEquals(0x00170011, read(1));
	}

	@Test
	void allEntriesAreMaskedAfterPowerOn() {
		for (int pin = 0; pin < IoApic.PINS; pin++) {
			assertEquals(MASKED, entry(pin), "pin " + pin);
			assertEquals(0, read(0x11 + 2 * pin));
		}
	}

	@Test
	void idHoldsFourBitsAndLoadsTheArbitrationId() {
		write(0, -1);
		assertEquals(0x0f000000, read(0));
		assertEquals(0x0f000000, read(2));
		write(2, 0);
		assertEquals(0x0f000000, read(2));
	}

	@Test
	void statusBitsOfAnEntryAreReadOnlyAndReservedBitsAreZero() {
		route(5, -1, 0xff);
		assertEquals(0x1afff, entry(5));
		assertEquals(0xff000000, read(0x1b));
	}

	@Test
	void registersThatDoNotExistReadAsZero() {
		write(3, -1);
		write(0x40, -1);
		assertEquals(0, read(3));
		assertEquals(0, read(0x40));
	}

	@Test
	void windowTakes32BitWritesOnly() {
		pc.machine.physicalMemory().write(IoApic.BASE, 1, 0x10);
		pc.machine.physicalMemory().write(IoApic.BASE + 0x10, 2, 0x31);
		assertEquals(MASKED, entry(0));
	}

	@Test
	void edgeIsSentOnceToThePhysicalDestination() {
		route(4, 0x34, 1);
		ioApic.line(4).set(true);
		assertEquals(0x34, vector(1));
		assertEquals(-1, vector(0));
		assertEquals("I/O APIC pin 4", pc.machine.localApic(1).pending().get(0).source());
		take(1);
		local(1, EOI, 0);
		ioApic.line(4).set(true);
		assertEquals(-1, vector(1));
		pulse(4);
		assertEquals(0x34, vector(1));
	}

	@Test
	void edgeAtAMaskedPinIsNotKept() {
		route(4, MASKED | 0x34, 0);
		ioApic.line(4).set(true);
		route(4, 0x34, 0);
		assertEquals(-1, vector(0));
	}

	@Test
	void levelWaitsBehindTheMask() {
		route(9, MASKED | LEVEL | 0x39, 0);
		ioApic.line(9).set(true);
		assertEquals(-1, vector(0));
		route(9, LEVEL | 0x39, 0);
		assertEquals(0x39, vector(0));
	}

	@Test
	void levelIsSentAgainAfterEndOfInterruptWhileItStands() {
		route(9, LEVEL | 0x39, 0);
		ioApic.line(9).set(true);
		assertEquals(LEVEL | REMOTE_IRR | 0x39, entry(9));
		take(0);
		pulse(9);
		assertEquals(-1, vector(0), "nothing is sent before the end of interrupt");
		local(0, EOI, 0);
		assertEquals(0x39, vector(0));
		take(0);
		ioApic.line(9).set(false);
		assertTrue((entry(9) & REMOTE_IRR) != 0);
		local(0, EOI, 0);
		assertEquals(LEVEL | 0x39, entry(9));
		assertEquals(-1, vector(0));
	}

	@Test
	void endOfInterruptOfAnotherVectorLeavesRemoteIrr() {
		route(9, LEVEL | 0x39, 0);
		route(10, LEVEL | 0x4a, 0);
		ioApic.line(9).set(true);
		ioApic.line(10).set(true);
		take(0);
		ioApic.line(10).set(false);
		local(0, EOI, 0);
		assertEquals(LEVEL | 0x4a, entry(10));
		assertTrue((entry(9) & REMOTE_IRR) != 0);
		assertEquals(0x39, vector(0));
	}

	@Test
	void changeToEdgeClearsRemoteIrr() {
		route(9, LEVEL | 0x39, 0);
		ioApic.line(9).set(true);
		ioApic.line(9).set(false);
		route(9, MASKED | 0x39, 0);
		route(9, MASKED | LEVEL | 0x39, 0);
		assertEquals(MASKED | LEVEL | 0x39, entry(9));
	}

	@Test
	void levelThatNobodyAcceptsSetsNoRemoteIrr() {
		local(0, SPURIOUS, 0xff);
		route(9, LEVEL | 0x39, 0);
		ioApic.line(9).set(true);
		assertEquals(LEVEL | 0x39, entry(9));
	}

	@Test
	void aLevelThatNobodyTookIsOfferedAgainWhenItsSourceAssertsItAnew() {
		InterruptLine wire = pc.machine.interruptLine(9);
		local(0, SPURIOUS, 0xff);
		route(9, LEVEL | 0x39, 0);
		wire.set(true);
		assertEquals(LEVEL | 0x39, entry(9));
		local(0, SPURIOUS, 0x1ff);
		wire.set(true);
		assertEquals(LEVEL | REMOTE_IRR | 0x39, entry(9));
	}

	@Test
	void anIdleWireStaysIdleWhicheverOfItsSourcesSaysSo() {
		InterruptLine first = pc.machine.interruptLine(9);
		InterruptLine second = pc.machine.interruptLine(9);
		route(9, LEVEL | 0x39, 0);
		first.set(false);
		second.set(false);
		assertEquals(LEVEL | 0x39, entry(9));
		second.set(true);
		first.set(false);
		assertEquals(1 << 9, pc.machine.pic().requested());
		assertEquals(LEVEL | REMOTE_IRR | 0x39, entry(9));
		second.set(false);
		assertEquals(0, pc.machine.pic().requested());
	}

	@Test
	void logicalDestinationIsASetOfProcessors() {
		route(4, LOGICAL | 0x34, 3);
		pulse(4);
		assertEquals(0x34, vector(0));
		assertEquals(0x34, vector(1));
	}

	@Test
	void lowestPriorityGoesToOneProcessorOfTheSet() {
		local(0, TASK_PRIORITY, 0x20);
		route(4, LOGICAL | LOWEST_PRIORITY | 0x34, 3);
		pulse(4);
		assertEquals(-1, vector(0));
		assertEquals(0x34, vector(1));
	}

	@Test
	void physicalDestinationFfIsEverybody() {
		route(4, 0x34, 0xff);
		pulse(4);
		assertEquals(0x34, vector(0));
		assertEquals(0x34, vector(1));
	}

	@Test
	void nmiDeliveryIgnoresTheVector() {
		route(4, NMI, 0);
		pulse(4);
		assertTrue(pc.machine.localApic(0).nmiPending());
		assertFalse(pc.machine.localApic(0).interruptPending());
	}

	@Test
	void polarityIsKept() {
		route(4, ACTIVE_LOW | 0x34, 0);
		assertEquals(ACTIVE_LOW | 0x34, entry(4));
		pulse(4);
		assertEquals(0x34, vector(0));
	}

	@Test
	void isaInterruptsReachThe8259PairAndTheirPin() {
		pc.initialisePic();
		for (int irq = 0; irq < 16; irq++) {
			if (irq != 2) {
				int pin = irq == 0 ? 2 : irq;
				route(pin, 0x30 + pin, 0);
				InterruptLine line = pc.machine.interruptLine(irq);
				line.set(true);
				assertEquals(0x30 + pin, vector(0), "IRQ " + irq);
				assertTrue((pc.machine.pic().requested() >> irq & 1) != 0);
				line.set(false);
				take(0);
				local(0, EOI, 0);
			}
		}
	}

	@Test
	void intervalTimerInterruptsThroughPin2() {
		route(2, 0x32, 0);
		pc.out(0x43, 0x34);
		pc.out(0x40, 100);
		pc.out(0x40, 0);
		pc.pass(100_000);
		assertEquals(0x32, vector(0));
	}

	@Test
	void thereIsNoPin24() {
		assertThrows(IndexOutOfBoundsException.class, () -> ioApic.line(24));
	}

	@Test
	void aSnapshotHoldsTheInterruptUnderWay() {
		route(9, LEVEL | 0x39, 0);
		ioApic.line(9).set(true);
		take(0);
		DeviceSnapshot snapshot = pc.machine.saveDevices();
		local(0, EOI, 0);
		ioApic.line(9).set(false);
		pc.machine.loadDevices(snapshot);
		assertEquals(LEVEL | REMOTE_IRR | 0x39, entry(9));
		local(0, EOI, 0);
		assertEquals(0x39, vector(0));
	}
}
