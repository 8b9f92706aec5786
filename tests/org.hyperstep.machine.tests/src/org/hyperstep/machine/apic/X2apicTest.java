/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of Intel's SDM, "Extended xAPIC (x2APIC)". */
class X2apicTest {
	private static final long ENABLE = LocalApic.BASE_ENABLE, X2APIC = LocalApic.BASE_X2APIC;
	private final Pc pc = new Pc(40);
	private final LocalApic apic = pc.machine.localApic(0);
	private final ApicRegisters registers = apic.registers();

	X2apicTest() {
		for (int cpu = 0; cpu < 40; cpu++) {
			LocalApic each = pc.machine.localApic(cpu);
			assertTrue(each.setBase(each.base() | X2APIC));
			assertTrue(each.registers().writeMsr(0x80f, 0x1ff));
		}
	}

	@Test
	void modeTransitionsOtherThanTheManualsAreRefused() {
		long base = apic.base();
		assertFalse(apic.setBase(base & ~X2APIC));
		assertFalse(apic.setBase(base & ~ENABLE));
		assertTrue(apic.setBase(base & ~ENABLE & ~X2APIC));
		assertFalse(apic.setBase(base));
		assertFalse(apic.setBase(base & ~ENABLE));
		assertTrue(apic.setBase(base & ~X2APIC));
		assertTrue(apic.setBase(base));
		assertFalse(apic.setBase(base | 1));
	}

	@Test
	void everyRowIsReadableAndWritableAsItSays() {
		for (ApicRegister row : ApicRegister.values()) {
			int msr = 0x800 + row.slot();
			assertEquals(row.isReadable(true), registers.canRead(msr), row.name());
			boolean harmless = row == ApicRegister.COMMAND || row == ApicRegister.SELF_IPI;
			assertEquals(row.isWritable(true), registers.writeMsr(msr, harmless ? 0x44 : 0), row.name());
		}
	}

	@Test
	void numbersBetweenTheRegistersAreNone() {
		int readable = 0;
		for (int msr = 0x800; msr < 0x900; msr++) {
			readable += registers.canRead(msr) ? 1 : 0;
		}
		assertEquals(2 + 1 + 1 + 1 + 1 + 24 + 1 + 1 + 6 + 2 + 1, readable);
		assertFalse(registers.canRead(0x80e));
		assertFalse(registers.canRead(0x831));
		assertFalse(registers.writeMsr(0x840, 0));
	}

	@Test
	void reservedBitsAreRefused() {
		assertFalse(registers.writeMsr(0x808, 0x100));
		assertFalse(registers.writeMsr(0x80b, 1));
		assertFalse(registers.writeMsr(0x828, 1));
		assertFalse(registers.writeMsr(0x832, 1L << 32));
		assertFalse(registers.writeMsr(0x830, 1 << 12));
		assertFalse(registers.writeMsr(0x83f, 0x100));
	}

	@Test
	void idAndLogicalIdFollowFromEachOther() {
		assertEquals(37, pc.machine.localApic(37).registers().readMsr(0x802));
		assertEquals(2L << 16 | 1 << 5, pc.machine.localApic(37).registers().readMsr(0x80d));
	}

	@Test
	void theCommandIsOne64BitRegister() {
		assertTrue(registers.writeMsr(0x830, 37L << 32 | 0x55));
		assertEquals(37L << 32 | 0x55, registers.readMsr(0x830));
		assertEquals(0x55, pc.machine.localApic(37).highestDeliverable());
		assertEquals(-1, pc.machine.localApic(36).highestDeliverable());
	}

	@Test
	void logicalDestinationsAreAClusterAndBits() {
		assertTrue(registers.writeMsr(0x830, (2L << 16 | 1 << 5 | 1 << 3) << 32 | 1 << 11 | 0x56));
		for (int cpu = 0; cpu < 40; cpu++) {
			assertEquals(cpu == 37 || cpu == 35, pc.machine.localApic(cpu).interruptPending());
		}
	}

	@Test
	void selfIpiRequestsItsVector() {
		assertTrue(registers.writeMsr(0x83f, 0xaa));
		assertEquals(0xaa, apic.acknowledge());
	}

	@Test
	void thePageDoesNotAnswer() {
		pc.machine.physicalMemory().write(Machine.localApicPage(0) + 0x80, 4, 0x50);
		assertEquals(0xffffffffL, pc.machine.physicalMemory().read(Machine.localApicPage(0) + 0x80, 4));
		assertEquals(0, apic.taskPriorityClass());
	}

	@Test
	void theMsrsAreNoneInXapicMode() {
		assertFalse(new Pc().machine.localApic(0).registers().canRead(0x802));
	}
}
