/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.time.Alarm;

/**
 * The gateway's TCP: connections that the guest opens to the named ports go on to the host. What the host does arrives as
 * {@link HostEvent}s through the input gate. The number of connections and the bytes of each are bounded.
 */
@SuppressWarnings("nls")
final class TcpForwarder implements InputGate.Receiver, Closeable {
	/** The channel in the input gate. */
	static final String CHANNEL = "network";
	private static final int MOST_CONNECTIONS = 64;
	private static final long RETRANSMIT = 200_000_000;

	private final Machine machine;
	private final Set<Integer> ports;
	private final Consumer<byte[]> sender;
	private final Map<Integer, TcpConnection> connections = new TreeMap<>();
	private final Alarm retransmission;
	private int made;

	TcpForwarder(Machine machine, Set<Integer> ports, Consumer<byte[]> sender) {
		this.machine = machine;
		this.ports = ports;
		this.sender = sender;
		machine.input().connect(CHANNEL, this);
		retransmission = machine.time().alarm(this::retransmit);
	}

	// From the guest

	/** A segment to the gateway. */
	void receive(ByteBuffer segment) {
		TcpSegment arrived = TcpSegment.parse(segment);
		if (arrived == null) {
			return;
		}
		TcpConnection connection = find(arrived);
		if (connection != null) {
			connection.receive(arrived);
			settle(connection);
		} else if (arrived.isOpening() && ports.contains(arrived.to()) && connections.size() < MOST_CONNECTIONS) {
			open(arrived);
		} else if (!arrived.resets()) {
			sender.accept(TcpSegment.refusal(arrived));
		}
	}

	private @Nullable TcpConnection find(TcpSegment segment) {
		for (TcpConnection connection : connections.values()) {
			if (connection.guestPort == segment.from() && connection.port == segment.to()) {
				return connection;
			}
		}
		return null;
	}

	private void open(TcpSegment opening) {
		int number = made++;
		TcpConnection connection = new TcpConnection(number, opening, sender);
		connections.put(number, connection);
		// A replayed run has its host's side in the record.
		if (!machine.input().isReplaying()) {
			HostConnection host = new HostConnection(number, opening.to(),
					event -> machine.input().offer(CHANNEL, event));
			connection.host = host;
			host.start();
		}
	}

	/** Hands the guest's bytes to the host, drops what has ended, and keeps the alarm set while something is unanswered. */
	private void settle(TcpConnection connection) {
		HostConnection host = connection.host;
		byte[] bytes = connection.takeForHost();
		int acknowledged = connection.takeAcknowledged();
		if (host != null) {
			host.taken(acknowledged);
		}
		if (host != null && bytes.length > 0) {
			host.write(bytes);
		}
		if (host != null && connection.guestHasFinished()) {
			host.finishWriting();
		}
		if (connection.isOver()) {
			connections.remove(connection.number);
			if (host != null) {
				host.close();
			}
		}
		if (retransmission.deadline() == Long.MAX_VALUE
				&& connections.values().stream().anyMatch(TcpConnection::isUnanswered)) {
			retransmission.set(machine.time().now() + RETRANSMIT);
		}
	}

	private void retransmit() {
		List<TcpConnection> all = new ArrayList<>(connections.values());
		for (TcpConnection connection : all) {
			connection.retransmit();
			settle(connection);
		}
	}

	// From the host

	@Override
	public int room() {
		return Integer.MAX_VALUE;
	}

	@Override
	public void receive(byte[] bytes) {
		ByteBuffer events = ByteBuffer.wrap(bytes);
		while (events.hasRemaining()) {
			HostEvent event = HostEvent.read(events);
			if (!connections.containsKey(event.connection())) {
				continue;
			}
			TcpConnection connection = connections.get(event.connection());
			switch (event.kind()) {
				case CONNECTED -> connection.accept();
				case DATA -> connection.send(event.bytes());
				case FINISHED -> connection.finish();
				case FAILED -> connection.reset();
				case WRITTEN -> connection.written(ByteBuffer.wrap(event.bytes()).getInt());
			}
			settle(connection);
		}
	}

	@Override
	public void close() {
		for (TcpConnection connection : connections.values()) {
			HostConnection host = connection.host;
			if (host != null) {
				host.close();
			}
		}
		connections.clear();
	}
}
