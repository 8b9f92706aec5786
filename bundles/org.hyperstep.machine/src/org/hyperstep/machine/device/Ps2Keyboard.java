/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.input.Key;

/** A PS/2 keyboard with scan code sets 1 and 2 (IBM Personal System/2 hardware interface technical reference, "Keyboard"). */
@SuppressWarnings("nls")
final class Ps2Keyboard extends Ps2Device implements InputGate.Receiver {
	private static final int IDENTITY = 0xab, IDENTITY_2 = 0x83, ECHO = 0xee, RELEASED = 0xf0;
	private static final int SET_LEDS = 0xed, SET_SCAN_CODES = 0xf0, SET_RATE = 0xf3;
	/** Bytes of the longest code, to be sent as a whole or not at all. */
	private static final int LONGEST = 3;

	private int scanCodeSet;
	private boolean scanning;
	private int leds;

	@Override
	void reset() {
		super.reset();
		setDefaults();
		leds = 0;
	}

	private void setDefaults() {
		scanCodeSet = 2;
		scanning = true;
	}

	@Override
	DeviceState state() {
		return super.state().number("scanCodeSet", () -> scanCodeSet, v -> scanCodeSet = (int) v)
				.flag("scanning", () -> scanning, v -> scanning = v).number("leds", () -> leds, v -> leds = (int) v);
	}

	@Override
	void command(int value) {
		switch (value) {
			case SET_LEDS, SET_SCAN_CODES, SET_RATE -> awaitData(value);
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
			// Set all keys, or one key, to make, break and typematic: for scan code set 3, which this keyboard has not.
			case 0xf7, 0xf8, 0xf9, 0xfa -> send(ACKNOWLEDGE);
			case 0xfe -> resend();
			case 0xff -> {
				setDefaults();
				send(ACKNOWLEDGE, SELF_TEST_PASSED);
			}
			default -> send(RESEND);
		}
	}

	private void setScanning(boolean on) {
		scanning = on;
		send(ACKNOWLEDGE);
	}

	@Override
	void data(int pending, int value) {
		if (pending == SET_LEDS) {
			leds = value & 7;
		} else if (pending == SET_SCAN_CODES && value == 0) {
			send(ACKNOWLEDGE, scanCodeSet);
			return;
		} else if (pending == SET_SCAN_CODES && value <= 2) {
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
		int code = key.code(scanCodeSet);
		if (code > 0xff) {
			send(code >> 8);
		}
		if (pressed) {
			send(code & 0xff);
		} else if (scanCodeSet == 1) {
			send(code & 0xff | 0x80);
		} else {
			send(RELEASED, code & 0xff);
		}
	}
}
