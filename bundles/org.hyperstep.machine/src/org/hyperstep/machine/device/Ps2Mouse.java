/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.input.InputGate;

/**
 * A PS/2 mouse with a wheel (IBM Personal System/2 hardware interface technical reference, "Mouse"; Microsoft's IntelliMouse
 * protocol). What comes through the input gate on channel {@code mouse} is four bytes a movement: buttons, x, y and wheel,
 * signed; up and right are positive.
 */
@SuppressWarnings("nls")
final class Ps2Mouse extends Ps2Device implements InputGate.Receiver {
	static final String CHANNEL = "mouse";
	private static final int EVENT = 4, PACKET = 4;
	private static final int SET_RESOLUTION = 0xe8, SET_RATE = 0xf3, WRAP_OFF = 0xec;
	private static final int DEFAULT_RATE = 100, DEFAULT_RESOLUTION = 2, ALWAYS = 8, NEGATIVE_X = 0x10,
			NEGATIVE_Y = 0x20;
	private static final int STATUS_REMOTE = 0x40, STATUS_REPORTING = 0x20, STATUS_DOUBLE = 0x10;
	/** Three rates in this order ask for the wheel. */
	private static final int WHEEL_SEQUENCE = 200 << 16 | 100 << 8 | 80;

	private int rate;
	private int resolution;
	private boolean reporting;
	private boolean remote;
	private boolean wrap;
	private boolean doubled;
	private boolean wheel;
	private int lastRates;
	private int buttons;

	@Override
	void reset() {
		super.reset();
		setDefaults();
		wheel = false;
		lastRates = 0;
		buttons = 0;
		wrap = false;
	}

	private void setDefaults() {
		rate = DEFAULT_RATE;
		resolution = DEFAULT_RESOLUTION;
		reporting = false;
		remote = false;
		doubled = false;
	}

	@Override
	DeviceState state() {
		return super.state().number("rate", () -> rate, v -> rate = (int) v)
				.number("resolution", () -> resolution, v -> resolution = (int) v)
				.flag("reporting", () -> reporting, v -> reporting = v).flag("remote", () -> remote, v -> remote = v)
				.flag("wrap", () -> wrap, v -> wrap = v).flag("doubled", () -> doubled, v -> doubled = v)
				.flag("wheel", () -> wheel, v -> wheel = v)
				.number("lastRates", () -> lastRates, v -> lastRates = (int) v)
				.number("buttons", () -> buttons, v -> buttons = (int) v);
	}

	@Override
	void command(int value) {
		if (wrap && value != WRAP_OFF && value != 0xff) {
			send(value);
			return;
		}
		switch (value) {
			case SET_RESOLUTION, SET_RATE -> awaitData(value);
			case 0xe9 -> send(ACKNOWLEDGE, status(), resolution, rate);
			case 0xeb -> {
				send(ACKNOWLEDGE);
				sendPacket(0, 0, 0);
			}
			case 0xf2 -> send(ACKNOWLEDGE, wheel ? 3 : 0);
			case 0xfe -> resend();
			case 0xff -> {
				reset();
				send(ACKNOWLEDGE, SELF_TEST_PASSED, 0);
			}
			default -> send(setMode(value) ? ACKNOWLEDGE : RESEND);
		}
	}

	/** Commands that only set something; false for what is no command. */
	private boolean setMode(int value) {
		switch (value) {
			case 0xe6 -> doubled = false;
			case 0xe7 -> doubled = true;
			case 0xea -> remote = false;
			case WRAP_OFF -> wrap = false;
			case 0xee -> wrap = true;
			case 0xf0 -> remote = true;
			case 0xf4 -> reporting = true;
			case 0xf5 -> reporting = false;
			case 0xf6 -> setDefaults();
			default -> {
				return false;
			}
		}
		return true;
	}

	private int status() {
		int order = (buttons & 1) << 2 | (buttons & 2) >> 1 | (buttons & 4) >> 1;
		return (remote ? STATUS_REMOTE : 0) | (reporting ? STATUS_REPORTING : 0) | (doubled ? STATUS_DOUBLE : 0)
				| order;
	}

	@Override
	void data(int pending, int value) {
		if (pending == SET_RESOLUTION) {
			resolution = value & 3;
		} else {
			rate = value;
			lastRates = (lastRates << 8 | value & 0xff) & 0xffffff;
			wheel |= lastRates == WHEEL_SEQUENCE;
		}
		send(ACKNOWLEDGE);
	}

	/** Movements wait outside while a packet does not fit; without a guest that listens they are lost, as on a desk. */
	@Override
	public int room() {
		return reporting ? free() / PACKET * EVENT : Integer.MAX_VALUE;
	}

	@Override
	public void receive(byte[] events) {
		for (int i = 0; i + EVENT <= events.length; i += EVENT) {
			buttons = events[i] & 7;
			if (reporting && !remote) {
				sendPacket(events[i + 1], events[i + 2], events[i + 3]);
			}
		}
	}

	private void sendPacket(int x, int y, int z) {
		send(ALWAYS | buttons | (x < 0 ? NEGATIVE_X : 0) | (y < 0 ? NEGATIVE_Y : 0), x & 0xff, y & 0xff);
		if (wheel) {
			// The wheel counts towards the user.
			send(-z & 0xff);
		}
	}
}
