/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;

import org.hyperstep.machine.MachineException;
import org.hyperstep.machine.Pc;
import org.hyperstep.machine.input.SerialDestination;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class SecondSerialLineTest {
	private static final int DATA = 0x2f8, IER = 0x2f9, MCR = 0x2fc, LSR = 0x2fd, MSR = 0x2fe;

	private final Pc pc = new Pc();

	@BeforeEach
	void open() {
		pc.initialisePic();
		pc.out(MCR, 0x0b);
	}

	private void connect(String where) throws MachineException {
		SerialDestination.parse(where).connect(pc.machine);
	}

	private boolean requested(int irq) {
		return (pc.machine.pic().requested() >> irq & 1) != 0;
	}

	@Test
	void interruptsBy3AndSendsNothingOverTheFirstLine() {
		pc.out(IER, 2);
		assertTrue(requested(3));
		pc.out(DATA, 'x');
		assertEquals(0, pc.sent.size());
	}

	@Test
	void aLoopGivesBackWhatIsSent() throws MachineException {
		connect("loop");
		pc.out(IER, 1);
		pc.out(DATA, 'a');
		assertTrue(requested(3));
		assertEquals(0xb0, pc.in(MSR) & 0xf0);
		assertEquals('a', pc.in(DATA));
		assertEquals(0x60, pc.in(LSR));
	}

	@Test
	void whereNobodyIsConnectedTheModemLinesSaySo() throws MachineException {
		connect("none");
		pc.out(DATA, 'a');
		assertEquals(0, pc.in(MSR));
		assertEquals(0x60, pc.in(LSR));
	}

	@Test
	void aFileHasWhatWasSent(@TempDir Path directory) throws Exception {
		Path file = directory.resolve("second");
		connect("file:" + file);
		for (char c : "one\ntwo".toCharArray()) {
			pc.out(DATA, c);
		}
		assertEquals("one\n", Files.readString(file));
		pc.machine.close();
		assertEquals("one\ntwo", Files.readString(file));
	}

	@Test
	void otherPlacesAreRefused(@TempDir Path directory) {
		assertThrows(MachineException.class, () -> connect("tcp:1"));
		assertThrows(MachineException.class, () -> connect("file:"));
		assertThrows(MachineException.class, () -> connect("file:" + directory));
	}
}
