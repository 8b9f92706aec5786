/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class PortBusTest {
	private final PortBus bus = new PortBus();
	private final List<String> accesses = new ArrayList<>();

	private final PortDevice device = new PortDevice() {
		@Override
		public long read(int offset, int size) {
			accesses.add("r" + offset + "/" + size);
			return 0x1111111111111111L * (offset + 1);
		}

		@Override
		public void write(int offset, int size, long value) {
			accesses.add("w" + offset + "/" + size + "=" + Long.toHexString(value));
		}
	};

	@Test
	void unassignedPortsReadAsAllOnesAndDropWrites() {
		bus.write(0x1234, 4, 1);
		assertEquals(0xff, bus.read(0x1234, 1));
		assertEquals(0xffff, bus.read(0x1234, 2));
		assertEquals(0xffffffffL, bus.read(0x1234, 4));
	}

	@Test
	void wideAccessesToANarrowDeviceAreSplit() {
		bus.attach("d", 0x40, 4, 1, device);
		assertEquals(0x44332211L, bus.read(0x40, 4));
		bus.write(0x41, 2, 0xbeef);
		assertEquals(List.of("r0/1", "r1/1", "r2/1", "r3/1", "w1/1=ef", "w2/1=be"), accesses);
	}

	@Test
	void anAccessOverTheEndOfADeviceReachesBothSides() {
		bus.attach("d", 0x40, 1, 4, device);
		assertEquals(0xffffff11L, bus.read(0x40, 4));
		assertEquals(List.of("r0/1"), accesses);
	}

	@Test
	void anAccessAtTheLastPortWrapsToTheFirst() {
		bus.attach("d", 0, 1, 1, device);
		assertEquals(0x11ff, bus.read(0xffff, 2));
	}

	@Test
	void aPortHasOneOwner() {
		bus.attach("d", 0x40, 4, 1, device);
		assertThrows(IllegalStateException.class, () -> bus.attach("e", 0x43, 1, 1, device));
	}
}
