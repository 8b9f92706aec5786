/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.hyperstep.machine.Pc;
import org.hyperstep.machine.input.InputRecord;
import org.junit.jupiter.api.Test;

/** The machine's own network as a guest's TCP/IP sees it, and a host's server behind it. */
@SuppressWarnings("nls")
class UserNetworkTest {
	private static final byte[] CARD = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	private static final int GUEST_PORT = 40000, WAIT = 10_000;

	private final Pc pc = new Pc();
	private final Deque<byte[]> received = new ArrayDeque<>();

	private Network network(Integer... ports) {
		Network network = new NetworkRequest(false, Set.of(ports)).make();
		network.plugIn(pc.machine, received::add);
		return network;
	}

	private static byte[] fromGuest(int type, byte[] contents) {
		return ByteBuffer.allocate(14 + contents.length).put(Packet.GATEWAY_HARDWARE).put(CARD).putShort((short) type)
				.put(contents).array();
	}

	private static byte[] segment(int port, int sequence, int acknowledged, int flags, byte[] data) {
		byte[] segment = new TcpSegment(GUEST_PORT, port, sequence, acknowledged, flags, 0xffff, data).toBytes(0);
		return fromGuest(0x800, Packet.ip(UserNetwork.GUEST, UserNetwork.GATEWAY, Packet.TCP, segment));
	}

	@Test
	void addressesAreResolvedAndGiven() {
		try (Network network = network()) {
			ByteBuffer request = ByteBuffer.allocate(28).putLong(0x0001_0800_0604_0001L).put(CARD)
					.putInt(UserNetwork.GUEST).position(24).putInt(UserNetwork.GATEWAY);
			network.transmit(fromGuest(0x806, request.array()));
			ByteBuffer reply = ByteBuffer.wrap(received.remove());
			assertEquals(0x0806, reply.getShort(12));
			assertEquals(2, reply.getShort(20));
			assertEquals(UserNetwork.GATEWAY, reply.getInt(28));
			ByteBuffer discover = ByteBuffer.allocate(244).put((byte) 1).put((byte) 1).put((byte) 6).position(4)
					.putInt(0x12345678).putInt(236, 0x63825363).put(240, (byte) 53).put(241, (byte) 1)
					.put(242, (byte) 1).put(243, (byte) 0xff);
			network.transmit(fromGuest(0x800, Packet.ip(0, -1, Packet.UDP, Packet.udp(68, 67, discover.array()))));
			ByteBuffer offer = ByteBuffer.wrap(received.remove());
			assertEquals(0x12345678, offer.getInt(42 + 4));
			assertEquals(UserNetwork.GUEST, offer.getInt(42 + 16));
			assertEquals(2, offer.get(42 + 242));
			assertEquals(0xffff, Packet.sum(offer.array(), 14, 20, 0));
		} catch (IOException e) {
			throw new AssertionError(e);
		}
	}

	@Test
	void portsThatWereNotNamedRefuse() throws IOException {
		try (Network network = network(80)) {
			network.transmit(segment(81, 100, 0, TcpSegment.SYN, new byte[0]));
			ByteBuffer reply = ByteBuffer.wrap(received.remove());
			assertEquals(TcpSegment.RST | TcpSegment.ACK, reply.get(34 + 13));
			assertEquals(101, reply.getInt(34 + 8));
			assertEquals(false, pc.machine.input().isWaiting());
		}
	}

	/** Plays a guest that sends a request and reads the reply to its end. Returns the reply. */
	private byte[] exchange(Network network, int port, byte[] request, List<byte[]> heard) throws Exception {
		ByteArrayOutputStream reply = new ByteArrayOutputStream();
		int sequence = 1000;
		int expected = 0;
		boolean sent = false;
		network.transmit(segment(port, sequence++, 0, TcpSegment.SYN, new byte[0]));
		while (true) {
			byte[] frame = nextFrame();
			heard.add(frame);
			TcpSegment segment = parse(frame);
			if (segment.has(TcpSegment.SYN)) {
				expected = segment.sequence() + 1;
			} else {
				assertEquals(expected, segment.sequence());
				reply.write(segment.data());
				expected += segment.length();
			}
			if (segment.length() > 0) {
				network.transmit(segment(port, sequence, expected, TcpSegment.ACK, new byte[0]));
			}
			if (!sent) {
				sent = true;
				for (int at = 0; at < request.length; at += 1000) {
					byte[] part = Arrays.copyOfRange(request, at, Math.min(request.length, at + 1000));
					network.transmit(segment(port, sequence, expected, TcpSegment.ACK, part));
					sequence += part.length;
				}
				network.transmit(segment(port, sequence++, expected, TcpSegment.ACK | TcpSegment.FIN, new byte[0]));
			}
			if (segment.has(TcpSegment.FIN)) {
				return reply.toByteArray();
			}
		}
	}

	private static TcpSegment parse(byte[] frame) {
		ByteBuffer packet = ByteBuffer.wrap(frame, 34, frame.length - 34).slice();
		return java.util.Objects.requireNonNull(TcpSegment.parse(packet));
	}

	private byte[] nextFrame() throws InterruptedException {
		while (received.isEmpty()) {
			if (!pc.machine.input().isReplaying()) {
				assertTrue(pc.machine.input().isWaiting() || pc.machine.input().await(WAIT), "the host did nothing");
			}
			pc.pass(1000);
			pc.machine.input().letIn();
		}
		return received.remove();
	}

	/** A server that reads a request to its end and answers with its bytes twice. */
	private static Thread twice(ServerSocket server) {
		Thread thread = new Thread(() -> {
			try (Socket socket = server.accept()) {
				byte[] request = socket.getInputStream().readAllBytes();
				socket.getOutputStream().write(request);
				socket.getOutputStream().write(request);
			} catch (IOException e) {
				throw new AssertionError(e);
			}
		});
		thread.start();
		return thread;
	}

	@Test
	void aNamedPortIsReachedAndARecordedRunReplaysWithoutIt() throws Exception {
		byte[] request = new byte[30_000];
		new Random(1).nextBytes(request);
		List<byte[]> heard = new ArrayList<>();
		List<InputRecord> record;
		int port;
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }))) {
			port = server.getLocalPort();
			Thread thread = twice(server);
			try (Network network = network(port)) {
				byte[] reply = exchange(network, port, request, heard);
				assertEquals(60_000, reply.length);
				assertArrayEquals(request, Arrays.copyOf(reply, 30_000));
				assertArrayEquals(request, Arrays.copyOfRange(reply, 30_000, 60_000));
			}
			thread.join(WAIT);
			record = pc.machine.input().record();
		}
		UserNetworkTest again = new UserNetworkTest();
		try (Network network = again.network(port)) {
			again.pc.machine.input().replay(record);
			List<byte[]> heardAgain = new ArrayList<>();
			again.exchange(network, port, request, heardAgain);
			assertEquals(heard.size(), heardAgain.size());
			for (int i = 0; i < heard.size(); i++) {
				assertArrayEquals(heard.get(i), heardAgain.get(i));
			}
		}
	}

	@Test
	void aPortWhereNobodyListensResets() throws Exception {
		int port;
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }))) {
			port = server.getLocalPort();
		}
		try (Network network = network(port)) {
			network.transmit(segment(port, 5, 0, TcpSegment.SYN, new byte[0]));
			assertTrue(parse(nextFrame()).resets());
		}
	}

	@Test
	void hostileFramesAreDropped() throws IOException {
		Random random = new Random(4);
		byte[] syn = segment(80, 100, 0, TcpSegment.SYN, new byte[0]);
		try (Network network = network()) {
			for (int i = 0; i < 20_000; i++) {
				byte[] frame = random.nextBoolean() ? Arrays.copyOf(syn, 14 + random.nextInt(60)) : syn.clone();
				for (int flips = random.nextInt(5); flips > 0; flips--) {
					frame[12 + random.nextInt(frame.length - 12)] ^= (byte) (1 << random.nextInt(8));
				}
				network.transmit(frame);
				received.clear();
			}
		}
	}

	@Test
	void aRequestNamesItsPorts() throws Exception {
		assertEquals(new NetworkRequest(false, Set.of(80, 8080)), NetworkRequest.parse("user,port=80,port=8080"));
		assertEquals(new NetworkRequest(true, Set.of()), NetworkRequest.parse("loopback"));
		for (String bad : new String[] { "", "bridge", "user,port=0", "user,port=x", "loopback,port=1",
				"user,host=x" }) {
			assertThrows(NetworkException.class, () -> NetworkRequest.parse(bad));
		}
	}
}
