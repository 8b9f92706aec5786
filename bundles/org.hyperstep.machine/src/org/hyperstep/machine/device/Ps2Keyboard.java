/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.input.Key;

/** A PS/2 keyboard with scan code sets 1, 2 and 3 (IBM Personal System/2 hardware interface technical reference, "Keyboard"). */
@SuppressWarnings("nls")
final class Ps2Keyboard extends Ps2Device implements InputGate.Receiver {
	private static final int IDENTITY = 0xab, IDENTITY_2 = 0x83, ECHO = 0xee, RELEASED = 0xf0;
	private static final int SET_LEDS = 0xed, SET_SCAN_CODES = 0xf0, SET_RATE = 0xf3;
	/** Bytes of the longest code, to be sent as a whole or not at all. */
	private static final int LONGEST = 8;
	/** Pressing Pause, in sets 1 and 2; releasing it sends nothing. */
	private static final int[] PAUSE_1 = { 0xe1, 0x1d, 0x45, 0xe1, 0x9d, 0xc5 },
			PAUSE_2 = { 0xe1, 0x14, 0x77, 0xe1, 0xf0, 0x14, 0xf0, 0x77 };
	private static final int SETS = 3, CODES = 256, MAKE_ONLY = 0xfd, MAKE_BREAK = 0xfc, TYPEMATIC = 0xfb;

	private int scanCodeSet;
	private boolean scanning;
	private int leds;
	/** The codes of set 3, one bit each, of keys that do not tell of their release. */
	private final long[] withoutBreak = new long[CODES / Long.SIZE];

	@Override
	void reset() {
		super.reset();
		setDefaults();
		leds = 0;
	}

	private void setDefaults() {
		scanCodeSet = 2;
		scanning = true;
		java.util.Arrays.fill(withoutBreak, 0);
	}

	@Override
	DeviceState state() {
		return super.state().number("scanCodeSet", () -> scanCodeSet, v -> scanCodeSet = (int) v)
				.flag("scanning", () -> scanning, v -> scanning = v).number("leds", () -> leds, v -> leds = (int) v)
				.numbers("withoutBreak", withoutBreak);
	}

	@Override
	void command(int value) {
		switch (value) {
			case SET_LEDS, SET_SCAN_CODES, SET_RATE, TYPEMATIC, MAKE_BREAK, MAKE_ONLY -> awaitData(value);
			case ECHO -> send(ECHO);
			case 0xf2 -> send(ACKNOWLEDGE, IDENTITY, IDENTITY_2);
			case 0xf4 -> setScanning(true);
			case 0xf5 -> {
				setDefaults();
				setScanning(false);
			}
			case 0xf6 -> {
				setDefaults();
				send(ACKNOWLEDGE);
			}
			case 0xf7, 0xf9 -> setAllKeys(-1L);
			case 0xf8, 0xfa -> setAllKeys(0);
			case 0xfe -> resend();
			case 0xff -> {
				setDefaults();
				send(ACKNOWLEDGE, SELF_TEST_PASSED);
			}
			default -> send(RESEND);
		}
	}

	/** "Set All Keys": typematic or make only, or make and break. They show in set 3. */
	private void setAllKeys(long bits) {
		java.util.Arrays.fill(withoutBreak, bits);
		send(ACKNOWLEDGE);
	}

	/** "Set Key Type" of the key with this code of set 3. */
	private void setKey(int code, boolean breaks) {
		long bit = 1L << code;
		long word = withoutBreak[code / Long.SIZE];
		withoutBreak[code / Long.SIZE] = breaks ? word & ~bit : word | bit;
		send(ACKNOWLEDGE);
	}

	private void setScanning(boolean on) {
		scanning = on;
		send(ACKNOWLEDGE);
	}

	@Override
	void data(int pending, int value) {
		if (pending >= TYPEMATIC && pending <= MAKE_ONLY) {
			setKey(value & CODES - 1, pending == MAKE_BREAK);
			return;
		}
		if (pending == SET_LEDS) {
			leds = value & 7;
		} else if (pending == SET_SCAN_CODES && value == 0) {
			send(ACKNOWLEDGE, scanCodeSet);
			return;
		} else if (pending == SET_SCAN_CODES && value <= SETS) {
			scanCodeSet = value;
		} else if (pending == SET_SCAN_CODES) {
			send(RESEND);
			return;
		}
		send(ACKNOWLEDGE);
	}

	/** Keys wait outside while the guest does not listen. */
	@Override
	public int room() {
		return scanning ? free() / LONGEST * Key.EVENT : 0;
	}

	@Override
	public void receive(byte[] events) {
		for (int i = 0; i + Key.EVENT <= events.length; i += Key.EVENT) {
			boolean pressed = Key.isPressed(events, i);
			Key.of(events, i).ifPresent(key -> send(key, pressed));
		}
	}

	private void send(Key key, boolean pressed) {
		if (key == Key.PAUSE && scanCodeSet != SETS) {
			if (pressed) {
				send(scanCodeSet == 1 ? PAUSE_1 : PAUSE_2);
			}
			return;
		}
		int code = key.code(scanCodeSet);
		if (code > 0xff) {
			send(code >> 8);
		}
		if (pressed) {
			send(code & 0xff);
		} else if (scanCodeSet == 1) {
			send(code & 0xff | 0x80);
		} else if (scanCodeSet == 2 || (withoutBreak[code / Long.SIZE] >> code & 1) == 0) {
			send(RELEASED, code & 0xff);
		}
	}
}
