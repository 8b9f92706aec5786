/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class InputGateTest {
	private static final int DATA = 0x3f8, LINE_STATUS = 0x3fd;

	private static byte[] bytes(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	/** A guest that echoes what it receives, stamped with the time, polled at each step of 1 µs. */
	private static List<String> echo(Pc pc, int steps, Runnable eachStep) {
		List<String> seen = new ArrayList<>();
		for (int i = 0; i < steps; i++) {
			pc.pass(1000);
			eachStep.run();
			if ((pc.in(LINE_STATUS) & 1) != 0) {
				int value = pc.in(DATA);
				pc.out(DATA, value);
				seen.add(pc.now() + ":" + (char) value);
			}
		}
		return seen;
	}

	@Test
	void replayingTheRecordGivesTheSameRun() {
		Pc live = new Pc();
		List<String> recorded = echo(live, 40, () -> {
			if (live.now() == 5_000 || live.now() == 23_000) {
				live.machine.input().offer("COM1", bytes("step"));
			}
			live.machine.input().letIn();
		});
		Pc again = new Pc();
		again.machine.input().replay(live.machine.input().record());
		List<String> replayed = echo(again, 40, () -> {
		});
		assertEquals(8, recorded.size());
		assertEquals(recorded, replayed);
		assertArrayEquals(live.sent.toByteArray(), again.sent.toByteArray());
		assertEquals(live.machine.input().record().size(), again.machine.input().record().size());
	}

	@Test
	void inputWaitsOutsideUntilThereIsRoomAndNoneIsLost() {
		Pc pc = new Pc();
		pc.machine.input().offer("COM1", bytes("ab"));
		pc.machine.input().letIn();
		pc.machine.input().letIn();
		assertTrue(pc.machine.input().isWaiting());
		assertEquals('a', pc.in(DATA));
		assertEquals(0, pc.in(LINE_STATUS) & 3);
		pc.machine.input().letIn();
		assertEquals('b', pc.in(DATA));
		assertFalse(pc.machine.input().isWaiting());
	}

	@Test
	void offeringCallsForAttention() {
		Pc pc = new Pc();
		int[] calls = { 0 };
		pc.machine.input().onOffer(() -> calls[0]++);
		pc.machine.input().offer("COM1", bytes("x"));
		assertEquals(1, calls[0]);
	}

	@Test
	void anotherThreadsOfferEndsTheWait() throws InterruptedException {
		Pc pc = new Pc();
		Thread typist = new Thread(() -> pc.machine.input().offer("COM1", bytes("x")));
		typist.start();
		assertTrue(pc.machine.input().await(60_000));
		typist.join();
		pc.machine.input().letIn();
		assertEquals('x', pc.in(DATA));
	}

	@Test
	void wakingEndsTheWaitWithNothingToLetIn() throws InterruptedException {
		Pc pc = new Pc();
		pc.machine.input().wake();
		assertFalse(pc.machine.input().await(60_000));
	}

	@Test
	void anUnknownChannelIsRefused() {
		assertThrows(IllegalArgumentException.class, () -> new Pc().machine.input().offer("com9", bytes("x")));
	}
}
