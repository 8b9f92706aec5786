/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;

import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of the PC16550D data sheet. */
@SuppressWarnings("nls")
class SerialPortTest {
	private static final int DATA = 0x3f8, IER = 0x3f9, IIR = 0x3fa, FCR = 0x3fa, LCR = 0x3fb, MCR = 0x3fc, LSR = 0x3fd,
			MSR = 0x3fe, SCR = 0x3ff;
	private final Pc pc = new Pc();

	SerialPortTest() {
		pc.initialisePic();
		pc.out(MCR, 0x0b);
	}

	private void type(String text) {
		pc.machine.input().offer("COM1", text.getBytes(StandardCharsets.US_ASCII));
		pc.machine.input().letIn();
	}

	private boolean irq4() {
		return (pc.machine.pic().requested() & 1 << 4) != 0;
	}

	@Test
	void whatIsWrittenToThrIsSent() {
		for (char c : "Hello".toCharArray()) {
			assertEquals(0x60, pc.in(LSR) & 0x60);
			pc.out(DATA, c);
		}
		assertEquals("Hello", pc.sent.toString(StandardCharsets.US_ASCII));
	}

	@Test
	void theScratchRegisterKeepsItsByte() {
		pc.out(SCR, 0xa5);
		assertEquals(0xa5, pc.in(SCR));
	}

	@Test
	void dlabShowsTheDivisorInPlaceOfDataAndIer() {
		pc.out(IER, 5);
		pc.out(LCR, 0x83);
		pc.out(DATA, 0x34);
		pc.out(IER, 0x12);
		assertEquals(0x34, pc.in(DATA));
		assertEquals(0x12, pc.in(IER));
		pc.out(LCR, 3);
		assertEquals(5, pc.in(IER));
		assertEquals(0, pc.sent.size());
	}

	@Test
	void unusedBitsOfIerAndMcrReadAsZero() {
		pc.out(IER, 0xff);
		pc.out(MCR, 0xff);
		assertEquals(0x0f, pc.in(IER));
		assertEquals(0x1f, pc.in(MCR));
	}

	@Test
	void receivedDataInterruptsUntilItIsRead() {
		pc.out(IER, 1);
		assertEquals(1, pc.in(IIR));
		type("x");
		assertTrue(irq4());
		assertEquals(4, pc.in(IIR));
		assertEquals(1, pc.in(LSR) & 1);
		assertEquals('x', pc.in(DATA));
		assertFalse(irq4());
		assertEquals(1, pc.in(IIR));
	}

	@Test
	void theInterruptNeedsNoOut2AsInOtherVirtualMachines() {
		pc.out(MCR, 0);
		pc.out(IER, 1);
		type("x");
		assertTrue(irq4());
		pc.out(MCR, 0x18);
		assertFalse(irq4());
	}

	@Test
	void enablingTheTransmitterInterruptWithAnEmptyRegisterInterruptsAtOnceAndReadingIirEndsIt() {
		pc.out(IER, 2);
		assertTrue(irq4());
		assertEquals(2, pc.in(IIR));
		assertFalse(irq4());
		assertEquals(1, pc.in(IIR));
		pc.out(DATA, 'y');
		assertEquals(2, pc.in(IIR));
	}

	@Test
	void theFifoInterruptsAtItsTriggerLevel() {
		pc.out(FCR, 0x47);
		pc.out(IER, 1);
		assertEquals(0xc1, pc.in(IIR));
		type("abc");
		assertFalse(irq4());
		type("d");
		assertEquals(0xc4, pc.in(IIR));
		pc.in(DATA);
		assertEquals(0xc1, pc.in(IIR));
	}

	@Test
	void fewerBytesThanTheTriggerLevelInterruptAfterFourCharacterTimes() {
		pc.out(LCR, 3);
		pc.out(FCR, 0xc7);
		pc.out(IER, 1);
		type("a");
		long characters4 = 4L * 10 * 1_000_000_000 / 115_200;
		pc.pass(characters4 - 10);
		assertFalse(irq4());
		pc.pass(20);
		assertEquals(0xcc, pc.in(IIR));
		assertEquals('a', pc.in(DATA));
		assertEquals(0xc1, pc.in(IIR));
	}

	@Test
	void theFifoHoldsSixteenBytesAndLosesNone() {
		pc.out(FCR, 7);
		type("0123456789abcdefgh");
		StringBuilder read = new StringBuilder();
		while ((pc.in(LSR) & 1) != 0) {
			read.append((char) pc.in(DATA));
			if (read.length() == 16) {
				pc.machine.input().letIn();
			}
		}
		assertEquals("0123456789abcdefgh", read.toString());
	}

	@Test
	void switchingTheFifosClearsThem() {
		pc.out(FCR, 1);
		type("abc");
		pc.out(FCR, 0);
		assertEquals(0, pc.in(LSR) & 1);
	}

	@Test
	void loopBackGivesWhatIsSentToTheReceiverAndSendsNothing() {
		pc.out(MCR, 0x10);
		pc.out(DATA, 'z');
		assertEquals('z', pc.in(DATA));
		assertEquals(0, pc.sent.size());
	}

	@Test
	void loopBackConnectsTheModemOutputsToItsInputs() {
		for (int outputs = 0; outputs < 16; outputs++) {
			pc.out(MCR, 0x10 | outputs);
			int expected = (outputs & 1) << 5 | (outputs & 2) << 3 | (outputs & 4) << 4 | (outputs & 8) << 4;
			assertEquals(expected, pc.in(MSR) & 0xf0);
		}
	}

	@Test
	void modemChangesAreShownOnce() {
		pc.in(MSR);
		pc.out(MCR, 0x10);
		assertEquals(0x0b, pc.in(MSR));
		assertEquals(0, pc.in(MSR));
		pc.out(MCR, 0x14);
		assertEquals(0x40, pc.in(MSR));
		pc.out(MCR, 0x10);
		assertEquals(4, pc.in(MSR));
	}

	@Test
	void overrunIsSeenInLoopBackAndInterruptsFirst() {
		pc.out(MCR, 0x10);
		pc.out(IER, 5);
		pc.out(DATA, 'a');
		pc.out(DATA, 'b');
		assertEquals(6, pc.in(IIR));
		assertEquals(0x63, pc.in(LSR));
		assertEquals(4, pc.in(IIR));
		assertEquals('b', pc.in(DATA));
	}
}
