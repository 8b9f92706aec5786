/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;

/** What a keyboard and a mouse have in common: bytes that wait for the controller, and commands with one data byte. */
abstract class Ps2Device {
	static final int ACKNOWLEDGE = 0xfa, RESEND = 0xfe, SELF_TEST_PASSED = 0xaa, NO_COMMAND = 0;
	/** Bytes that wait at most. */
	static final int QUEUE = 32;

	private final int[] queue = new int[QUEUE];
	private int first;
	private int count;
	/** The command whose data byte comes next. */
	private int command;
	private int lastSent;
	private Runnable sent = () -> {
	};

	/** Says whom to tell that a byte waits. */
	final void onSent(Runnable listener) {
		sent = listener;
	}

	void reset() {
		java.util.Arrays.fill(queue, 0);
		first = 0;
		count = 0;
		command = NO_COMMAND;
		lastSent = 0;
	}

	@SuppressWarnings("nls")
	DeviceState state() {
		return new DeviceState().numbers("queue", queue).number("first", () -> first, v -> first = (int) v)
				.number("count", () -> count, v -> count = (int) v)
				.number("command", () -> command, v -> command = (int) v)
				.number("lastSent", () -> lastSent, v -> lastSent = (int) v);
	}

	final boolean hasByte() {
		return count > 0;
	}

	final int free() {
		return QUEUE - count;
	}

	/** Takes the first byte that waits. */
	final int take() {
		lastSent = queue[first];
		first = (first + 1) % QUEUE;
		count--;
		return lastSent;
	}

	final void send(int... bytes) {
		for (int value : bytes) {
			if (count < QUEUE) {
				queue[(first + count++) % QUEUE] = value;
			}
		}
		sent.run();
	}

	/** Forgets what waits: each command of the host does that. */
	final void dropWaiting() {
		count = 0;
	}

	final void resend() {
		send(lastSent);
	}

	/** A byte from the host. */
	final void receive(int value) {
		int pending = command;
		command = NO_COMMAND;
		dropWaiting();
		if (pending != NO_COMMAND) {
			data(pending, value);
		} else {
			command(value);
		}
	}

	/** The command's data byte comes next. */
	final void awaitData(int pending) {
		command = pending;
		send(ACKNOWLEDGE);
	}

	abstract void command(int value);

	abstract void data(int pending, int value);
}
