/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.x86.memory.MmioDevice;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class PciBusTest {
	private static final int ADDRESS = 0xcf8, DATA = 0xcfc;
	private static final int COMMAND = 4, BAR0 = 0x10, BAR1 = 0x14, ROUTE_A = 0x60;
	private static final int DEVICE = 5;

	/** Keeps what was written last, and reads as its offset and size. */
	private static final class Registers implements PortDevice, MmioDevice {
		long offset = -1;
		long value;

		@Override
		public long read(int at, int size) {
			return read((long) at, size);
		}

		@Override
		public void write(int at, int size, long written) {
			write((long) at, size, written);
		}

		@Override
		public long read(long at, int size) {
			return at << 4 | size;
		}

		@Override
		public void write(long at, int size, long written) {
			offset = at;
			value = written;
		}
	}

	private final Pc pc = new Pc();
	private final Registers ports = new Registers();
	private final Registers memory = new Registers();
	private final PciFunction function = pc.machine.pci().add(new PciAddress(DEVICE, 0),
			PciIdentity.of(0x1234, 0x5678, 0x010203, 4));
	private final InterruptLine interrupt = function.interrupt();

	private void select(int device, int register) {
		pc.machine.ports().write(ADDRESS, 4, 0x80000000L | device << 11 | register & 0xfc);
	}

	private long read(int device, int register, int size) {
		select(device, register);
		return pc.machine.ports().read(DATA + (register & 3), size);
	}

	private void write(int device, int register, int size, long value) {
		select(device, register);
		pc.machine.ports().write(DATA + (register & 3), size, value);
	}

	private boolean requested(int irq) {
		return (pc.machine.pic().requested() >> irq & 1) != 0;
	}

	@Test
	void theHeaderSaysWhatTheFunctionIs() {
		assertEquals(0x56781234L, read(DEVICE, 0, 4));
		assertEquals(0x01020304L, read(DEVICE, 8, 4));
		assertEquals(0x0102, read(DEVICE, 0x0a, 2));
		write(DEVICE, 0, 4, 0);
		assertEquals(0x56781234L, read(DEVICE, 0, 4));
	}

	@Test
	void wherePciHasNoFunctionAllBitsAreOnes() {
		assertEquals(0xffffffffL, read(30, 0, 4));
		assertEquals(0xffff, read(30, 2, 2));
		pc.machine.ports().write(ADDRESS, 4, DEVICE << 11);
		assertEquals(0xffffffffL, pc.machine.ports().read(DATA, 4), "not enabled");
		pc.machine.ports().write(ADDRESS, 4, 0x80010000L | DEVICE << 11);
		assertEquals(0xffffffffL, pc.machine.ports().read(DATA, 4), "bus 1");
	}

	@Test
	void theConfigurationAddressTakes32BitsOnly() {
		pc.machine.ports().write(ADDRESS, 4, 0xffffffffL);
		assertEquals(0x80fffffcL, pc.machine.ports().read(ADDRESS, 4));
		pc.machine.ports().write(ADDRESS, 1, 0);
		assertEquals(0x80fffffcL, pc.machine.ports().read(ADDRESS, 4));
	}

	@Test
	void aBaseAddressShowsItsSizeAndDecodesWhenTheCommandRegisterSaysSo() {
		function.ports(0, 32, ports);
		function.memory(1, 4096, memory);
		write(DEVICE, BAR0, 4, 0xffffffffL);
		assertEquals(0xffffffe1L, read(DEVICE, BAR0, 4));
		write(DEVICE, BAR1, 4, 0xffffffffL);
		assertEquals(0xfffff000L, read(DEVICE, BAR1, 4));
		write(DEVICE, BAR0, 4, 0xc100);
		write(DEVICE, BAR1, 4, 0xe0001000L);
		assertEquals(0xff, pc.machine.ports().read(0xc104, 1));
		assertEquals(0xffffffffL, pc.machine.physicalMemory().read(0xe0001008L, 4));
		write(DEVICE, COMMAND, 2, 3);
		assertEquals(4 << 4 | 1, pc.machine.ports().read(0xc104, 1));
		assertEquals(8 << 4 | 4, pc.machine.physicalMemory().read(0xe0001008L, 4));
		pc.machine.physicalMemory().write(0xe0001ffcL, 4, 77);
		assertEquals(0xffc, memory.offset);
		pc.machine.ports().write(0xc11c, 4, 0x12345678);
		assertEquals(0x12345678, ports.value);
		write(DEVICE, COMMAND, 2, 1);
		assertEquals(0xffffffffL, pc.machine.physicalMemory().read(0xe0001008L, 4));
	}

	@Test
	void aWideBaseAddressTakesTwoRegistersAndReachesAbove4Gigabytes() {
		function.wideMemory(0, 0x10000, true, memory);
		write(DEVICE, BAR1, 4, 0xffffffffL);
		write(DEVICE, BAR0, 4, 0xffffffffL);
		assertEquals(0xffff000cL, read(DEVICE, BAR0, 4));
		assertEquals(0xffffffffL, read(DEVICE, BAR1, 4));
		write(DEVICE, BAR0, 4, 0x20000);
		write(DEVICE, BAR1, 4, 0x80);
		write(DEVICE, COMMAND, 2, 2);
		assertEquals(4 << 4 | 2, pc.machine.physicalMemory().read(0x80_0002_0004L, 2));
		write(DEVICE, BAR1, 4, 0x200);
		assertEquals(0xffff, pc.machine.physicalMemory().read(0x200_0002_0004L, 2), "the hypervisor's addresses");
	}

	@Test
	void ramIsNotHiddenByABaseAddress() {
		function.memory(1, 4096, memory);
		pc.machine.physicalMemory().write(0x200000, 4, 5);
		write(DEVICE, BAR1, 4, 0x200000);
		write(DEVICE, COMMAND, 2, 2);
		assertEquals(5, pc.machine.physicalMemory().read(0x200000, 4));
	}

	@Test
	void interruptsGoWhereTheIsaBridgeRoutesThem() {
		pc.initialisePic();
		interrupt.set(true);
		assertFalse(requested(10));
		write(IsaBridge.DEVICE, ROUTE_A, 1, 10);
		assertTrue(requested(10));
		assertEquals(8, read(DEVICE, 6, 2) & 8, "interrupt status");
		write(IsaBridge.DEVICE, ROUTE_A, 1, 11);
		assertFalse(requested(10));
		assertTrue(requested(11));
		write(DEVICE, COMMAND, 2, 1 << 10);
		assertFalse(requested(11));
		write(DEVICE, COMMAND, 2, 0);
		assertTrue(requested(11));
		interrupt.set(false);
		assertFalse(requested(11));
	}

	@Test
	void devicesShareAWire() {
		pc.initialisePic();
		InterruptLine other = pc.machine.pci().add(new PciAddress(DEVICE + 4, 0), PciIdentity.of(1, 2, 3, 4))
				.interrupt();
		write(IsaBridge.DEVICE, ROUTE_A, 1, 5);
		interrupt.set(true);
		other.set(true);
		interrupt.set(false);
		assertTrue(requested(5));
		other.set(false);
		assertFalse(requested(5));
	}

	@Test
	void anEnabledMessageTakesThePlaceOfTheWire() {
		pc.initialisePic();
		pc.machine.localApic(0).enterVirtualWireMode();
		function.messageInterrupts();
		int at = (int) read(DEVICE, 0x34, 1);
		assertEquals(5, read(DEVICE, at, 1));
		write(IsaBridge.DEVICE, ROUTE_A, 1, 10);
		write(DEVICE, at + 4, 4, 0xfee00000L);
		write(DEVICE, at + 12, 2, 0x41);
		write(DEVICE, at + 2, 2, 1);
		interrupt.set(true);
		assertFalse(requested(10));
		assertEquals(0x41, pc.machine.localApic(0).highestDeliverable());
	}

	@Test
	void capabilitiesMakeAList() {
		int second = function.capability("first", 9, 16);
		int first = function.capability("second", 9, 20);
		assertEquals(first, read(DEVICE, 0x34, 1));
		assertEquals(second, read(DEVICE, first + 1, 1));
		assertEquals(0, read(DEVICE, second + 1, 1));
		assertEquals(0x10, read(DEVICE, 6, 2));
	}

	@Test
	void firmwareGivesEveryBaseAddressAPlaceOfItsOwn() {
		function.ports(0, 64, ports);
		function.memory(1, 1 << 20, memory);
		PciFunction other = pc.machine.pci().add(PciIdentity.of(1, 2, 3, 4));
		other.memory(0, 1 << 24, memory);
		other.ports(1, 8, ports);
		PciSetup.carryOut(pc.machine.pci(), pc.machine.device(IsaBridge.class));
		Map<Long, Long> ends = new TreeMap<>();
		for (PciFunction each : pc.machine.pci().functions()) {
			for (BaseAddress base : each.baseAddresses()) {
				assertEquals(0, base.address() % base.size());
				ends.put(base.address(), base.address() + base.size());
			}
		}
		long end = 1;
		for (Map.Entry<Long, Long> range : ends.entrySet()) {
			assertTrue(range.getKey() >= end, () -> Long.toHexString(range.getKey()));
			end = range.getValue();
		}
		assertTrue(ends.size() >= 4);
		assertEquals(0x107, read(DEVICE, COMMAND, 2) | 0x100);
		assertEquals(10, read(DEVICE, 0x3c, 1));
	}

	@Test
	void overlappingRegistersAreAMistake() {
		assertThrows(IllegalStateException.class, () -> function.config().register("again", 4, 2, 0, 0));
		assertThrows(IllegalStateException.class,
				() -> pc.machine.pci().add(new PciAddress(DEVICE, 0), PciIdentity.of(1, 2, 3, 4)));
	}
}
