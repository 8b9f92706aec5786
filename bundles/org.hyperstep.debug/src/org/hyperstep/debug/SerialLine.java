/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** A serial line of the guest, both ways. Thread-safe. */
public interface SerialLine {

	/** Receives what the guest sends, on the engine's thread. */
	@FunctionalInterface
	interface Sink {
		/** One chunk; the array is the sink's to keep. */
		void received(byte[] bytes);
	}

	/** Adds a sink; what the guest has sent before is handed to it first (the last 64 KiB). */
	void addSink(Sink sink);

	void removeSink(Sink sink);

	/** Sends bytes to the guest; they arrive as fast as the line's rate allows. */
	void send(byte[] bytes);
}
