/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.io.Closeable;

import org.hyperstep.machine.Machine;

/** What is at the other end of a network card's cable. Confined to the machine's thread. */
public interface Network extends Closeable {
	/** Bytes of the longest Ethernet frame, without its checksum. */
	int LONGEST_FRAME = 1514;
	/** Bytes of an Ethernet header. */
	int HEADER = 14;

	/** The card. */
	@FunctionalInterface
	interface Card {
		/** Takes a frame for the guest; drops it when it has no room. */
		void receive(byte[] frame);
	}

	/** Plugs a card of a machine in. Called once, before anything else. */
	void plugIn(Machine machine, Card card);

	/** A frame that the guest sends, {@link #HEADER} to {@link #LONGEST_FRAME} bytes. */
	void transmit(byte[] frame);
}
