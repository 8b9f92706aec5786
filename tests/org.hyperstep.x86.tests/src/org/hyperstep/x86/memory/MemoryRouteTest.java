/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;

import org.hyperstep.x86.system.SystemFixture;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class MemoryRouteTest {
	private static final long SHOWN = 0x1000_0000L, HIDDEN = 3L << 40, SHADOW = 0xf_0000L, ROM = 0xffff_0000L;

	private final SystemFixture fixture = new SystemFixture();
	private final PhysicalMemory memory = fixture.memory;
	private final Mmu mmu = fixture.unit.mmu;

	@BeforeEach
	void start() {
		fixture.protectedMode(0);
	}

	@Test
	void aWindowShowsMemoryThatIsElsewhere() {
		memory.addRam(HIDDEN, 0x2000);
		mmu.write32(SHOWN + 0x1004, 1);
		assertEquals(0xffff_ffffL, mmu.read32(SHOWN + 0x1004));
		memory.setRoutes(this, List.of(MemoryRoute.window(SHOWN, 0x2000, HIDDEN)));
		mmu.write32(SHOWN + 0x1004, 0x1234);
		assertEquals(0x1234, mmu.read32(SHOWN + 0x1004));
		assertEquals(0x1234, memory.read(HIDDEN + 0x1004, 4));
		mmu.write32(SHOWN + 0xffe, 0x5678_9abcL);
		assertEquals(0x5678_9abcL, memory.read(HIDDEN + 0xffe, 4), "across pages");
		memory.setRoutes(this, List.of());
		assertEquals(0xffff_ffffL, mmu.read32(SHOWN + 0x1004));
	}

	@Test
	void readsAndWritesMayEndAtDifferentPlaces() {
		memory.addRom(ROM, new byte[0x1000]);
		memory.write(SHADOW, 4, 7);
		memory.setRoutes(this, List.of(MemoryRoute.split(SHADOW, 0x1000, ROM, SHADOW)));
		for (int i = 1; i < 4; i++) {
			assertEquals(0, mmu.read32(SHADOW), "the ROM");
			mmu.write32(SHADOW, i);
			assertEquals(i, memory.read(SHADOW, 4), "the RAM behind");
		}
		assertEquals(ROM, mmu.fetch(SHADOW));
	}

	@Test
	void writesMayEndNowhere() {
		memory.write(SHADOW, 4, 7);
		memory.setRoutes(this, List.of(MemoryRoute.split(SHADOW, 0x1000, SHADOW, MemoryRoute.NOWHERE)));
		mmu.write32(SHADOW, 8);
		assertEquals(7, mmu.read32(SHADOW));
		mmu.write32(SHADOW, 9);
		assertEquals(7, memory.read(SHADOW, 4));
	}

	@Test
	void aRouteForSystemManagementModeHoldsThereOnly() {
		memory.addRam(HIDDEN, 0x1000);
		memory.write(HIDDEN, 4, 0x5aa5);
		memory.setRoutes(this, List.of(new MemoryRoute(SHADOW, 0x1000, HIDDEN, SHADOW, HIDDEN, true)));
		assertEquals(0, mmu.read32(SHADOW));
		fixture.state.inSystemManagementMode = true;
		mmu.stateReplaced();
		assertEquals(HIDDEN, mmu.fetch(SHADOW));
		assertEquals(0, mmu.read32(SHADOW));
		mmu.write32(SHADOW, 1);
		assertEquals(1, memory.read(HIDDEN, 4));
		assertEquals(0, mmu.read32(SHADOW));
		assertEquals(SHADOW, memory.routed(SHADOW, Interception.READ), "devices are in no mode");
	}

	@Test
	void theEarlierRouteCounts() {
		memory.setRoutes(this, List.of(MemoryRoute.window(SHADOW, 0x1000, 0x2000)));
		memory.setRoutes(memory, List.of(MemoryRoute.window(SHADOW, 0x2000, 0x4000)));
		assertEquals(0x2008, memory.routed(SHADOW + 8, Interception.READ));
		assertEquals(0x5008, memory.routed(SHADOW + 0x1008, Interception.WRITE));
	}

	@Test
	void routesAreMadeOfPages() {
		assertThrows(IllegalArgumentException.class, () -> MemoryRoute.window(0x800, 0x1000, 0));
		assertThrows(IllegalArgumentException.class, () -> MemoryRoute.window(0, 0, 0));
		assertTrue(memory.isFree(SHOWN, 0x1000));
		assertFalse(memory.isFree(0, 0x1000));
	}
}
