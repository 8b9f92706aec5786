/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.machine.bus.DeviceState;

/** An event of which at most one waits: NMI, SMI, INIT or start-up. */
@SuppressWarnings("nls")
final class LatchedEvent {
	private final PendingInterrupt.Kind kind;
	private boolean pending;
	private int vector = -1;
	private long since;
	private String source = "";

	LatchedEvent(PendingInterrupt.Kind kind) {
		this.kind = kind;
	}

	/** Latches it; one that waits already stays as it was raised first. */
	void raise(int startupVector, String from, long time) {
		if (!pending) {
			pending = true;
			vector = startupVector;
			since = time;
			source = from;
		}
	}

	void clear() {
		pending = false;
		vector = -1;
		since = 0;
	}

	boolean isPending() {
		return pending;
	}

	/** The start-up vector, or -1. */
	int vector() {
		return vector;
	}

	PendingInterrupt describe() {
		return new PendingInterrupt(kind, vector, source, since);
	}

	String name() {
		return kind.name();
	}

	DeviceState state() {
		return new DeviceState().flag("pending", () -> pending, v -> pending = v)
				.number("vector", () -> vector, v -> vector = (int) v).number("since", () -> since, v -> since = v);
	}
}
