/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class TestDeviceTest {
	private final Pc pc = new Pc();

	private void say(String word) {
		word.chars().forEach(character -> pc.out(0x8900, character));
	}

	@Test
	void theRegisterKeepsWhatIsWritten() {
		pc.machine.ports().write(0xe0, 4, 0x12345678);
		pc.machine.ports().write(0xe0, 1, 0xff);
		assertEquals(0x123456ff, pc.machine.ports().read(0xe0, 4));
		pc.machine.physicalMemory().write(TestDevice.MEMORY + 8, 8, 0x1122334455667788L);
		assertEquals(0x11223344, pc.machine.physicalMemory().read(TestDevice.MEMORY + 12, 4));
	}

	@Test
	void portsDriveInterruptLines() {
		pc.initialisePic();
		pc.out(0x2000 + 5, 1);
		assertTrue(pc.machine.pic().interruptRequested());
		pc.out(0x2000 + 5, 0);
		assertFalse(pc.machine.pic().interruptRequested());
	}

	@Test
	void theWordShutdownEndsTheMachine() {
		say("ShutShutdow");
		assertNull(pc.machine.exitRequest());
		say("n");
		assertNotNull(pc.machine.exitRequest());
	}
}
