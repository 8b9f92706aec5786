/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.journal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.hyperstep.debug.JournalEntry;

/** The packets of one virtual CPU; their layout is declared by {@link CtfMetadata}. */
final class CtfStream implements AutoCloseable {
	private static final int PACKET_BYTES = 1 << 16;
	private static final int MAGIC = 0xc1fc1fc1;
	private static final int STREAM_ID = 0;
	private static final int HEADER_BYTES = 4 + 4 + 8 + 8 + 8 + 8 + 8 + 4;
	/** Header, context and fields of the largest event. */
	private static final int MOST_EVENT_BYTES = 1 + 8 + 1 + 8 + 8 + 8 + 4 + 8;

	private final OutputStream out;
	private final int cpu;
	private final long lost;
	private final ByteBuffer packet = ByteBuffer.allocate(PACKET_BYTES).order(ByteOrder.LITTLE_ENDIAN);
	private long first;
	private long last;

	/** A stream of one CPU before whose first event so many events of the journal were lost. */
	CtfStream(OutputStream out, int cpu, long lost) {
		this.out = out;
		this.cpu = cpu;
		this.lost = lost;
		packet.position(HEADER_BYTES);
	}

	void write(JournalEntry entry) throws IOException {
		if (packet.remaining() < MOST_EVENT_BYTES) {
			flush();
		}
		if (packet.position() == HEADER_BYTES) {
			first = entry.virtualNanos();
		}
		last = entry.virtualNanos();
		packet.put((byte) entry.kind().ordinal()).putLong(entry.virtualNanos());
		packet.put((byte) entry.level()).putLong(entry.number()).putLong(entry.retired()).putLong(entry.linear());
		for (CtfMetadata.Field field : CtfMetadata.fields(entry.kind())) {
			field.put(packet, entry);
		}
	}

	private void flush() throws IOException {
		int content = packet.position();
		packet.putInt(0, MAGIC).putInt(4, STREAM_ID).putLong(8, first).putLong(16, last);
		packet.putLong(24, (long) content * Byte.SIZE).putLong(32, (long) content * Byte.SIZE);
		packet.putLong(40, lost).putInt(48, cpu);
		out.write(packet.array(), 0, content);
		packet.position(HEADER_BYTES);
	}

	@Override
	public void close() throws IOException {
		try (out) {
			if (packet.position() > HEADER_BYTES) {
				flush();
			}
		}
	}
}
