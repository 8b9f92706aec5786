/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.ByteArrayOutputStream;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Ports by which a guest ends its run, and the small ports beside them. */
class ResetAndExitTest {
	private static final ExitRequest RESET = new ExitRequest(ExitRequest.Kind.RESET, 0);
	private final Pc pc = new Pc();

	@Test
	void theDebugExitPortGivesTwiceTheCodePlusOne() {
		pc.machine.ports().write(0xf4, 4, 16);
		assertEquals(new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 16), pc.machine.exitRequest());
		assertEquals(33, new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 16).status());
		assertEquals(1, new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 0).status());
		assertEquals(0, RESET.status());
	}

	@Test
	void theFirstWishCountsUntilItIsCleared() {
		pc.out(0xf4, 1);
		pc.out(0xf4, 2);
		assertEquals(new ExitRequest(ExitRequest.Kind.DEBUG_EXIT, 1), pc.machine.exitRequest());
		pc.machine.clearExitRequest();
		assertNull(pc.machine.exitRequest());
	}

	@Test
	void theKeyboardControllerPulsesReset() {
		pc.out(0x64, 0xfe);
		assertEquals(RESET, pc.machine.exitRequest());
	}

	@Test
	void port92Resets() {
		pc.out(0x92, 2);
		assertNull(pc.machine.exitRequest());
		pc.out(0x92, 3);
		assertEquals(RESET, pc.machine.exitRequest());
	}

	@Test
	void theResetControlRegisterResetsWithBit2() {
		pc.out(0xcf9, 2);
		assertNull(pc.machine.exitRequest());
		pc.out(0xcf9, 6);
		assertEquals(RESET, pc.machine.exitRequest());
	}

	@Test
	void theDebugConsoleTakesBytesAndReadsAsItsPort() {
		ByteArrayOutputStream console = new ByteArrayOutputStream();
		pc.machine.device(DebugPorts.class).setConsole(console::write);
		assertEquals(0xe9, pc.in(0xe9));
		pc.out(0xe9, 'h');
		assertEquals(1, console.size());
		pc.out(0x80, 0x42);
		assertEquals(0x42, pc.in(0x80));
	}
}
