/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;

/**
 * A network 10.0.2.0/24 with the guest as 10.0.2.15 and one other station, 10.0.2.2: it answers ARP, DHCP and ping, and
 * carries TCP to the ports of 127.0.0.1 that the user named. Everything else goes nowhere. What the host sends passes the
 * input gate, so that runs replay.
 */
@SuppressWarnings("nls")
final class UserNetwork implements Network {
	static final int GATEWAY = 0x0a000202, GUEST = 0x0a00020f;
	private static final int MASK = 0xffffff00, ADDRESS_LENGTH = 6, SOURCE = 6, TYPE = 12;
	private static final int ARP_LENGTH = 28, ARP_REQUEST = 1, ARP_REPLY = 2;
	private static final int DHCP_SERVER = 67, DHCP_CLIENT = 68, DHCP_MAGIC = 0x63825363, DHCP_OPTIONS = 240;
	private static final int DISCOVER = 1, OFFER = 2, REQUEST = 3, ACKNOWLEDGE = 5, LEASE = 86400;
	private static final int ECHO = 8, ECHO_REPLY = 0, ICMP_HEADER = 8;

	private final Set<Integer> ports;
	private Card card = frame -> {
	};
	private final byte[] guestHardware = new byte[ADDRESS_LENGTH];
	private @Nullable TcpForwarder forwarder;

	UserNetwork(Set<Integer> ports) {
		this.ports = ports;
	}

	@Override
	public void plugIn(Machine machine, Card newCard) {
		card = newCard;
		forwarder = new TcpForwarder(machine, ports, segment -> send(Packet.TCP, GATEWAY, GUEST, segment));
	}

	@Override
	public void close() throws IOException {
		TcpForwarder open = forwarder;
		if (open != null) {
			open.close();
		}
	}

	private void send(int protocol, int from, int to, byte[] contents) {
		card.receive(Packet.frame(guestHardware, Packet.TYPE_IP, Packet.ip(from, to, protocol, contents)));
	}

	@Override
	public void transmit(byte[] frame) {
		System.arraycopy(frame, SOURCE, guestHardware, 0, ADDRESS_LENGTH);
		int type = (frame[TYPE] & 0xff) << 8 | frame[TYPE + 1] & 0xff;
		ByteBuffer contents = ByteBuffer.wrap(frame, HEADER, frame.length - HEADER).slice();
		if (type == Packet.TYPE_ARP) {
			resolve(contents);
		} else if (type == Packet.TYPE_IP) {
			route(contents);
		}
	}

	/** RFC 826. */
	private void resolve(ByteBuffer request) {
		if (request.capacity() < ARP_LENGTH || request.getShort(6) != ARP_REQUEST || request.getInt(24) != GATEWAY) {
			return;
		}
		byte[] asker = new byte[ADDRESS_LENGTH];
		request.get(8, asker);
		ByteBuffer reply = ByteBuffer.allocate(ARP_LENGTH).putLong(0x0001_0800_0604_0000L | ARP_REPLY)
				.put(Packet.GATEWAY_HARDWARE).putInt(GATEWAY).put(asker).putInt(request.getInt(14));
		card.receive(Packet.frame(asker, Packet.TYPE_ARP, reply.array()));
	}

	/** Looks at packets that are whole; fragments and what has a wrong length are dropped. */
	private void route(ByteBuffer packet) {
		if (packet.capacity() < Packet.IP_HEADER || (packet.get(0) & 0xf0) != 0x40) {
			return;
		}
		int header = (packet.get(0) & 0xf) * 4;
		int length = packet.getShort(2) & 0xffff;
		boolean fragment = (packet.getShort(6) & 0x3fff) != 0;
		if (header < Packet.IP_HEADER || length < header || length > packet.capacity() || fragment) {
			return;
		}
		int to = packet.getInt(16);
		ByteBuffer contents = packet.slice(header, length - header);
		TcpForwarder tcp = forwarder;
		switch (packet.get(9)) {
			case Packet.UDP -> configure(contents);
			case Packet.ICMP -> {
				if (to == GATEWAY) {
					echo(contents, packet.getInt(12));
				}
			}
			case Packet.TCP -> {
				if (to == GATEWAY && tcp != null) {
					tcp.receive(contents);
				}
			}
			default -> {
				// Nobody here speaks it.
			}
		}
	}

	/** RFC 792, "Echo or Echo Reply Message". */
	private void echo(ByteBuffer request, int asker) {
		if (request.capacity() < ICMP_HEADER || request.get(0) != ECHO) {
			return;
		}
		byte[] reply = new byte[request.capacity()];
		request.get(0, reply);
		reply[0] = ECHO_REPLY;
		reply[2] = 0;
		reply[3] = 0;
		int check = ~Packet.sum(reply, 0, reply.length, 0);
		reply[2] = (byte) (check >> 8);
		reply[3] = (byte) check;
		send(Packet.ICMP, GATEWAY, asker, reply);
	}

	/** RFC 2131: the guest's address never changes. */
	private void configure(ByteBuffer datagram) {
		int start = Packet.UDP_HEADER;
		if (datagram.capacity() < start + DHCP_OPTIONS || (datagram.getShort(2) & 0xffff) != DHCP_SERVER
				|| datagram.getInt(start + DHCP_OPTIONS - 4) != DHCP_MAGIC) {
			return;
		}
		int kind = messageType(datagram, start + DHCP_OPTIONS);
		if (kind != DISCOVER && kind != REQUEST) {
			return;
		}
		ByteBuffer reply = ByteBuffer.allocate(300);
		byte[] head = new byte[44];
		datagram.get(start, head);
		reply.put(head, 0, 12).put(0, (byte) 2).position(16);
		reply.putInt(GUEST).putInt(GATEWAY).position(28);
		reply.put(head, 28, 16).putInt(DHCP_OPTIONS - 4, DHCP_MAGIC).position(DHCP_OPTIONS);
		reply.put((byte) 53).put((byte) 1).put((byte) (kind == DISCOVER ? OFFER : ACKNOWLEDGE));
		for (int[] option : new int[][] { { 54, GATEWAY }, { 1, MASK }, { 3, GATEWAY }, { 51, LEASE } }) {
			reply.put((byte) option[0]).put((byte) 4).putInt(option[1]);
		}
		reply.put((byte) 0xff);
		send(Packet.UDP, GATEWAY, -1, Packet.udp(DHCP_SERVER, DHCP_CLIENT, reply.array()));
	}

	private static int messageType(ByteBuffer datagram, int options) {
		for (int at = options; at + 2 < datagram.capacity() && datagram.get(at) != -1;) {
			if (datagram.get(at) == 53) {
				return datagram.get(at + 2);
			}
			at += datagram.get(at) == 0 ? 1 : 2 + (datagram.get(at + 1) & 0xff);
		}
		return 0;
	}
}
