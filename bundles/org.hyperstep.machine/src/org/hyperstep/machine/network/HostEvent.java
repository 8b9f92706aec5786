/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.nio.ByteBuffer;

/**
 * What the host did on a connection, as it passes the input gate.
 *
 * @param bytes the data; for WRITTEN how many bytes were, in four bytes
 */
record HostEvent(int connection, Kind kind, byte[] bytes) {
	/** Kinds of events. */
	enum Kind {
		CONNECTED, DATA, FINISHED, FAILED, WRITTEN
	}

	private static final Kind[] KINDS = Kind.values();
	private static final int HEAD = 9;

	byte[] toBytes() {
		return ByteBuffer.allocate(HEAD + bytes.length).putInt(connection).put((byte) kind.ordinal())
				.putInt(bytes.length)
				.put(bytes).array();
	}

	static HostEvent read(ByteBuffer from) {
		int connection = from.getInt();
		Kind kind = KINDS[from.get()];
		byte[] bytes = new byte[from.getInt()];
		from.get(bytes);
		return new HostEvent(connection, kind, bytes);
	}
}
