/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.input.Key;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class KeyboardControllerTest {
	private static final int DATA = 0x60, COMMAND = 0x64, FULL = 1, FROM_MOUSE = 0x20;
	/** Both devices on, both interrupts, no translation; and with translation. */
	private static final int RAW = 0x03, TRANSLATED = 0x43;

	private final Pc pc = new Pc();

	private void configure(int value) {
		pc.out(COMMAND, 0x60);
		pc.out(DATA, value);
	}

	private List<Integer> readAll() {
		List<Integer> bytes = new ArrayList<>();
		while ((pc.in(COMMAND) & FULL) != 0) {
			bytes.add(pc.in(DATA));
		}
		return bytes;
	}

	private List<Integer> ask(int... bytes) {
		for (int value : bytes) {
			pc.out(DATA, value);
		}
		return readAll();
	}

	private List<Integer> askMouse(int... bytes) {
		List<Integer> answers = new ArrayList<>();
		for (int value : bytes) {
			pc.out(COMMAND, 0xd4);
			pc.out(DATA, value);
			answers.addAll(readAll());
		}
		return answers;
	}

	private void offer(String channel, byte... events) {
		pc.machine.input().offer(channel, events);
		pc.machine.input().letIn();
	}

	private boolean requested(int irq) {
		return (pc.machine.pic().requested() >> irq & 1) != 0;
	}

	@Test
	void theControllerPassesItsSelfTestAndTheTestsOfItsPorts() {
		pc.out(COMMAND, 0xaa);
		assertEquals(List.of(0x55), readAll());
		pc.out(COMMAND, 0xab);
		assertEquals(List.of(0), readAll());
		pc.out(COMMAND, 0xa9);
		assertEquals(List.of(0), readAll());
	}

	@Test
	void theConfigurationCanBeWrittenAndRead() {
		configure(0x35);
		pc.out(COMMAND, 0x20);
		assertEquals(List.of(0x35), readAll());
	}

	@Test
	void theKeyboardResetsAndSaysWhatItIs() {
		configure(RAW);
		assertEquals(List.of(0xfa, 0xaa), ask(0xff));
		assertEquals(List.of(0xfa, 0xab, 0x83), ask(0xf2));
		assertEquals(List.of(0xee), ask(0xee));
		assertEquals(List.of(0xfe), ask(0x10), "no command");
		assertEquals(List.of(0xfa, 0xfa, 2), List.of(ask(0xf0).get(0), 0xfa, ask(0).get(1)));
	}

	@Test
	void keysMakeTheCodesOfTheChosenSet() {
		configure(RAW);
		offer(Key.CHANNEL, Key.A.stroke());
		assertEquals(List.of(0x1c, 0xf0, 0x1c), readAll());
		offer(Key.CHANNEL, Key.UP.stroke());
		assertEquals(List.of(0xe0, 0x75, 0xe0, 0xf0, 0x75), readAll());
		ask(0xf0);
		ask(1);
		offer(Key.CHANNEL, Key.UP.stroke());
		assertEquals(List.of(0xe0, 0x48, 0xe0, 0xc8), readAll());
	}

	@Test
	void theControllerTranslatesIntoSet1() {
		configure(TRANSLATED);
		for (Key key : EnumSet.complementOf(EnumSet.of(Key.PAUSE))) {
			offer(Key.CHANNEL, key.stroke());
			List<Integer> expected = new ArrayList<>();
			for (int released = 0; released <= 0x80; released += 0x80) {
				if (key.code(1) > 0xff) {
					expected.add(0xe0);
				}
				expected.add(key.code(1) & 0xff | released);
			}
			assertEquals(expected, readAll(), key.name());
		}
	}

	@Test
	void eachKeyHasCodesOfItsOwn() {
		Set<Integer> codes = new HashSet<>();
		for (Key key : Key.values()) {
			assertTrue(codes.add(key.code(1)), key.name());
			assertTrue(codes.add(key.code(2) | 0x10000), key.name());
		}
	}

	@Test
	void typingPressesShiftWhereItIsNeeded() {
		byte[] expected = new byte[8];
		System.arraycopy(Key.LEFT_SHIFT.event(true), 0, expected, 0, 2);
		System.arraycopy(Key.A.stroke(), 0, expected, 2, 4);
		System.arraycopy(Key.LEFT_SHIFT.event(false), 0, expected, 6, 2);
		assertArrayEquals(expected, Key.typing("A"));
		assertArrayEquals(Key.A.stroke(), Key.typing("a"));
		assertThrows(IllegalArgumentException.class, () -> Key.typing("\u20ac"));
	}

	@Test
	void keysWaitWhileTheyHaveNoRoomAndNoneIsLost() {
		configure(RAW);
		String text = "the quick brown fox";
		offer(Key.CHANNEL, Key.typing(text));
		List<Integer> all = readAll();
		for (int i = 0; i < 100; i++) {
			pc.machine.input().letIn();
			all.addAll(readAll());
		}
		assertEquals(text.length() * 3, all.size());
	}

	@Test
	void interruptsFollowTheOutputBuffer() {
		pc.initialisePic();
		configure(RAW);
		offer(Key.CHANNEL, Key.A.event(true));
		assertTrue(requested(1));
		assertFalse(requested(12));
		readAll();
		assertFalse(requested(1));
		askMouse(0xf4);
		offer("mouse", (byte) 1, (byte) 5, (byte) -3, (byte) 0);
		assertTrue(requested(12));
		assertEquals(FROM_MOUSE | FULL, pc.in(COMMAND) & (FROM_MOUSE | FULL));
		assertEquals(List.of(0x29, 5, 0xfd), readAll());
		assertFalse(requested(12));
	}

	@Test
	void aDeviceWhoseClockIsHeldKeepsItsBytes() {
		configure(RAW);
		pc.out(COMMAND, 0xad);
		offer(Key.CHANNEL, Key.A.event(true));
		assertEquals(List.of(), readAll());
		pc.out(COMMAND, 0xae);
		assertEquals(List.of(0x1c), readAll());
	}

	@Test
	void threeRatesInOrderTurnTheWheelOn() {
		configure(RAW);
		assertEquals(List.of(0xfa, 0xaa, 0), askMouse(0xff));
		assertEquals(List.of(0xfa, 0), askMouse(0xf2));
		askMouse(0xf3, 200, 0xf3, 100, 0xf3, 80);
		assertEquals(List.of(0xfa, 3), askMouse(0xf2));
		assertEquals(List.of(0xfa, 0, 2, 80), askMouse(0xe9));
		askMouse(0xf4);
		offer("mouse", (byte) 0, (byte) 0, (byte) 0, (byte) 1);
		assertEquals(List.of(8, 0, 0, 0xff), readAll());
	}

	@Test
	void theOutputPortDrivesTheA20Line() {
		pc.machine.physicalMemory().write(0x100000, 1, 0x55);
		pc.out(COMMAND, 0xd1);
		pc.out(DATA, 0xdd);
		assertFalse(pc.machine.physicalMemory().addressLine20());
		pc.out(COMMAND, 0xdf);
		assertTrue(pc.machine.physicalMemory().addressLine20());
		pc.out(0x92, 0);
		assertTrue(pc.machine.physicalMemory().addressLine20(), "one of the two opens it");
		pc.out(COMMAND, 0xdd);
		assertFalse(pc.machine.physicalMemory().addressLine20());
		pc.out(0x92, 2);
		assertTrue(pc.machine.physicalMemory().addressLine20());
	}

	@Test
	void scanCodeSet3GivesEachKeyOneCode() {
		configure(RAW);
		assertEquals(List.of(0xfa, 0xfa), ask2(0xf0, 3));
		assertEquals(List.of(0xfa, 0xfa, 3), ask2(0xf0, 0));
		offer(Key.CHANNEL, Key.UP.stroke());
		assertEquals(List.of(0x63, 0xf0, 0x63), readAll());
		offer(Key.CHANNEL, Key.A.stroke());
		assertEquals(List.of(0x1c, 0xf0, 0x1c), readAll());
		offer(Key.CHANNEL, Key.PAUSE.stroke());
		assertEquals(List.of(0x62, 0xf0, 0x62), readAll());
		assertEquals(List.of(0xfa, 0xfa), ask2(0xfd, 0x1c));
		offer(Key.CHANNEL, Key.A.stroke());
		assertEquals(List.of(0x1c), readAll(), "make only");
		assertEquals(List.of(0xfa), ask(0xf8));
		offer(Key.CHANNEL, Key.A.stroke());
		assertEquals(List.of(0x1c, 0xf0, 0x1c), readAll());
		Set<Integer> codes = new HashSet<>();
		for (Key key : Key.values()) {
			assertTrue(codes.add(key.code(3)), key.toString());
		}
	}

	private List<Integer> ask2(int command, int data) {
		List<Integer> answers = new ArrayList<>(ask(command));
		answers.addAll(ask(data));
		return answers;
	}

	@Test
	void pauseSendsAllItsBytesWhenItIsPressed() {
		configure(RAW);
		offer(Key.CHANNEL, Key.PAUSE.event(true));
		assertEquals(List.of(0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77), readAll());
		offer(Key.CHANNEL, Key.PAUSE.event(false));
		assertEquals(List.of(), readAll());
		configure(TRANSLATED);
		offer(Key.CHANNEL, Key.PAUSE.stroke());
		assertEquals(List.of(0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5), readAll());
	}
}
