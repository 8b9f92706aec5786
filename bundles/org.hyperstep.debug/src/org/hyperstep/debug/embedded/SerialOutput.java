/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.io.ByteArrayOutputStream;

import org.hyperstep.debug.engine.SerialBuffer;
import org.hyperstep.machine.input.SerialSink;

/** Gathers what the guest sends in a slice, so that listeners get chunks rather than bytes. On the engine's thread. */
final class SerialOutput implements SerialSink {
	private static final int LARGEST_CHUNK = 4096;

	private final ByteArrayOutputStream gathered = new ByteArrayOutputStream();
	private final SerialBuffer line;

	SerialOutput(SerialBuffer line) {
		this.line = line;
	}

	@Override
	public void write(int value) {
		gathered.write(value);
		if (gathered.size() >= LARGEST_CHUNK) {
			flush();
		}
	}

	/** Hands on what was gathered. */
	void flush() {
		if (gathered.size() > 0) {
			byte[] chunk = gathered.toByteArray();
			gathered.reset();
			line.received(chunk);
		}
	}
}
