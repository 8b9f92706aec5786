/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.hyperstep.x86.memory.MemoryRoute;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.Test;

/** 82440FX PCIset data sheet, "Programmable Attribute Map Registers" and "SMRAM Control". */
@SuppressWarnings("nls")
class HostBridgeTest {
	private static final int SMRAM = 0x72, OPEN = 0x4a, CLOSED = 0x2a, IN_MODE = 0x0a, LOCKED = 0x1a;
	private static final long VIDEO = 0xa0000;

	private final Pc pc = new Pc();
	private final PhysicalMemory memory = pc.machine.physicalMemory();

	private void write(int register, int value) {
		pc.machine.ports().write(0xcf8, 4, 0x80000000L | register & 0xfc);
		pc.machine.ports().write(0xcfc + (register & 3), 1, value);
	}

	private int read(int register) {
		pc.machine.ports().write(0xcf8, 4, 0x80000000L | register & 0xfc);
		return (int) pc.machine.ports().read(0xcfc + (register & 3), 1);
	}

	private long reads(long address) {
		return memory.routed(address, Interception.READ);
	}

	private long writes(long address) {
		return memory.routed(address, Interception.WRITE);
	}

	@Test
	void afterResetReadsFindTheRomAndWritesAreLost() {
		assertEquals(0xffffe05bL, reads(0xfe05b));
		assertEquals(0xfffe0000L, reads(0xe0000));
		assertTrue(writes(0xfe05b) >= MemoryRoute.NOWHERE);
		assertTrue(reads(0xc0000) >= MemoryRoute.NOWHERE);
		assertEquals(0x9ffff, writes(0x9ffff));
		assertEquals(0x100000, writes(0x100000));
	}

	@Test
	void eachPartHasAttributesOfItsOwn() {
		write(0x5a, 0x31);
		assertEquals(0xc0000, reads(0xc0000));
		assertTrue(writes(0xc3fff) >= MemoryRoute.NOWHERE);
		assertEquals(0xc4000, reads(0xc4000));
		assertEquals(0xc7fff, writes(0xc7fff));
		write(0x5f, 0x20);
		assertEquals(0xfffec000L, reads(0xec000), "the ROM is read while its shadow is written");
		assertEquals(0xec000, writes(0xec000));
		assertEquals(0xfffe8000L, reads(0xe8000));
		write(0x59, 0xff);
		assertEquals(0x30, read(0x59));
		assertEquals(0xf0000, reads(0xf0000));
		assertEquals(0xfffff, writes(0xfffff));
		pc.machine.reset();
		assertEquals(0xffff0000L, reads(0xf0000));
	}

	@Test
	void managementRamIsFoundInManagementModeUnlessItIsOpen() {
		write(SMRAM, IN_MODE);
		assertEquals(VIDEO, reads(VIDEO));
		long ram = memory.routed(VIDEO, Interception.READ, true);
		assertNotEquals(VIDEO, ram);
		write(SMRAM, OPEN);
		assertEquals(ram, reads(VIDEO));
		assertEquals(ram + 0x1ffff, writes(0xbffff));
		write(SMRAM, CLOSED);
		assertEquals(ram, memory.routed(VIDEO, Interception.EXECUTE, true));
		assertEquals(VIDEO, memory.routed(VIDEO, Interception.READ, true));
		write(SMRAM, 2);
		assertEquals(VIDEO, memory.routed(VIDEO, Interception.EXECUTE, true));
	}

	@Test
	void theLockClosesUntilReset() {
		write(SMRAM, LOCKED | 0x40);
		assertEquals(LOCKED, read(SMRAM));
		write(SMRAM, OPEN);
		assertEquals(LOCKED, read(SMRAM));
		assertEquals(VIDEO, reads(VIDEO));
		pc.machine.reset();
		assertEquals(2, read(SMRAM));
		write(SMRAM, OPEN);
		assertNotEquals(VIDEO, reads(VIDEO));
	}
}
