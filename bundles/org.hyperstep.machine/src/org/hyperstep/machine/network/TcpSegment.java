/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.nio.ByteBuffer;

import org.eclipse.jdt.annotation.Nullable;

/**
 * A TCP segment (RFC 9293, "Header Format").
 *
 * @param from  source port
 * @param to    destination port
 * @param flags control bits
 */
record TcpSegment(int from, int to, int sequence, int acknowledged, int flags, int window, byte[] data) {
	static final int FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16;
	/** The option that names the largest segment, with which a connection is opened. */
	private static final int SEGMENT_SIZE_OPTION = 0x02040000;

	/** The segment, or null if it is none. */
	static @Nullable TcpSegment parse(ByteBuffer bytes) {
		if (bytes.capacity() < Packet.TCP_HEADER) {
			return null;
		}
		int header = (bytes.get(12) & 0xf0) >> 2;
		if (header < Packet.TCP_HEADER || header > bytes.capacity()) {
			return null;
		}
		byte[] data = new byte[bytes.capacity() - header];
		bytes.get(header, data);
		return new TcpSegment(bytes.getShort(0) & 0xffff, bytes.getShort(2) & 0xffff, bytes.getInt(4), bytes.getInt(8),
				bytes.get(13) & 0x3f, bytes.getShort(14) & 0xffff, data);
	}

	boolean has(int flag) {
		return (flags & flag) != 0;
	}

	boolean isOpening() {
		return (flags & (SYN | ACK | RST | FIN)) == SYN;
	}

	boolean resets() {
		return has(RST);
	}

	/** Sequence numbers that it takes. */
	int length() {
		return data.length + (has(SYN) ? 1 : 0) + (has(FIN) ? 1 : 0);
	}

	/** Its bytes, the checksum still 0; {@code largest} is the largest segment taken, or 0 to say nothing. */
	byte[] toBytes(int largest) {
		int header = Packet.TCP_HEADER + (largest == 0 ? 0 : 4);
		ByteBuffer bytes = ByteBuffer.allocate(header + data.length).putShort((short) from).putShort((short) to)
				.putInt(sequence).putInt(acknowledged).put((byte) (header << 2)).put((byte) flags)
				.putShort((short) window).putInt(0);
		if (largest != 0) {
			bytes.putInt(SEGMENT_SIZE_OPTION | largest);
		}
		return bytes.put(data).array();
	}

	/** The reset that answers a segment of no connection ("Reset Generation"). */
	static byte[] refusal(TcpSegment arrived) {
		boolean acknowledges = arrived.has(ACK);
		return new TcpSegment(arrived.to, arrived.from, acknowledges ? arrived.acknowledged : 0,
				acknowledges ? 0 : arrived.sequence + arrived.length(), acknowledges ? RST : RST | ACK, 0, new byte[0])
				.toBytes(0);
	}
}
