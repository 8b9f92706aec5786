/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.machine.bus.DeviceState;

/** The error status register (Intel SDM, "Error Handling"): errors gather unseen until a write makes them readable. */
@SuppressWarnings("nls")
final class ErrorStatus {
	/** Kinds of errors, as bits of the register. */
	static final int SEND_ILLEGAL_VECTOR = 1 << 5, RECEIVED_ILLEGAL_VECTOR = 1 << 6, ILLEGAL_REGISTER = 1 << 7;

	private int gathered;
	private int readable;

	void reset() {
		gathered = 0;
		readable = 0;
	}

	/** Notes an error; returns whether it is the first of its kind since the last write. */
	boolean note(int error) {
		boolean first = (gathered & error) == 0;
		gathered |= error;
		return first;
	}

	/** A write of the register, whatever the value. */
	void update() {
		readable = gathered;
		gathered = 0;
	}

	int read() {
		return readable;
	}

	DeviceState state() {
		return new DeviceState().number("gathered", () -> gathered, v -> gathered = (int) v).number("readable",
				() -> readable, v -> readable = (int) v);
	}
}
