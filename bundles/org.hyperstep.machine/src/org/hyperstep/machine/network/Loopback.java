/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import org.hyperstep.machine.Machine;

/** A plug whose wires are connected: every frame comes back at once. */
final class Loopback implements Network {
	private Card card = frame -> {
	};

	@Override
	public void plugIn(Machine machine, Card newCard) {
		card = newCard;
	}

	@Override
	public void transmit(byte[] frame) {
		card.receive(frame);
	}

	@Override
	public void close() {
		// Nothing is open.
	}
}
