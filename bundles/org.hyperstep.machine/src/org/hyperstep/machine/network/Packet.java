/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.nio.ByteBuffer;

/** Makes Ethernet frames with IPv4 in them, checksums included (RFC 791, RFC 768, RFC 9293). Numbers are big-endian. */
final class Packet {
	static final int IP_HEADER = 20, UDP_HEADER = 8, TCP_HEADER = 20;
	static final int ICMP = 1, TCP = 6, UDP = 17;
	static final int TYPE_IP = 0x0800, TYPE_ARP = 0x0806;
	private static final int TTL = 64, DO_NOT_FRAGMENT = 0x4000, CHECKSUM_AT = 10;

	private Packet() {
	}

	/** The network's own hardware address. */
	static final byte[] GATEWAY_HARDWARE = { 0x52, 0x55, 10, 0, 2, 2 };

	/** A frame from the gateway. */
	static byte[] frame(byte[] to, int type, byte[] contents) {
		return ByteBuffer.allocate(Network.HEADER + contents.length).put(to).put(GATEWAY_HARDWARE)
				.putShort((short) type)
				.put(contents).array();
	}

	/** An IPv4 packet; UDP and TCP get their checksum, which covers the addresses. */
	static byte[] ip(int from, int to, int protocol, byte[] contents) {
		ByteBuffer packet = ByteBuffer.allocate(IP_HEADER + contents.length);
		packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity()).putShort((short) 0)
				.putShort((short) DO_NOT_FRAGMENT).put((byte) TTL).put((byte) protocol).putShort((short) 0).putInt(from)
				.putInt(to);
		packet.putShort(CHECKSUM_AT, (short) ~sum(packet.array(), 0, IP_HEADER, 0));
		packet.put(contents);
		if (protocol == TCP || protocol == UDP) {
			int pseudo = (from >>> 16) + (from & 0xffff) + (to >>> 16) + (to & 0xffff) + protocol + contents.length;
			int check = ~sum(packet.array(), IP_HEADER, contents.length, pseudo) & 0xffff;
			packet.putShort(IP_HEADER + (protocol == TCP ? 16 : 6),
					(short) (check == 0 && protocol == UDP ? 0xffff : check));
		}
		return packet.array();
	}

	/** A UDP datagram whose checksum is still 0. */
	static byte[] udp(int from, int to, byte[] contents) {
		int length = UDP_HEADER + contents.length;
		return ByteBuffer.allocate(length).putShort((short) from).putShort((short) to).putShort((short) length)
				.putShort((short) 0).put(contents).array();
	}

	/** The Internet checksum's sum of 16-bit words, not complemented. */
	static int sum(byte[] bytes, int offset, int length, int start) {
		long sum = start;
		for (int i = 0; i < length; i += 2) {
			int low = i + 1 < length ? bytes[offset + i + 1] & 0xff : 0;
			sum += (bytes[offset + i] & 0xff) << 8 | low;
		}
		while (sum >>> 16 != 0) {
			sum = (sum & 0xffff) + (sum >>> 16);
		}
		return (int) sum;
	}
}
