/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.util.Arrays;
import java.util.function.Consumer;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The gateway's end of a connection that the guest opened (RFC 9293). Segments arrive in order on this cable; one that does
 * not is answered by what was expected, and comes again.
 */
final class TcpConnection {
	/** Bytes that are kept in each direction. */
	static final int WINDOW = 0xffff;
	private static final int LARGEST_SEGMENT = 1460, MOST_ATTEMPTS = 20;
	/** Our first sequence number: any will do where nobody can guess it from outside. */
	private static final int FIRST = 0x10000;
	private static final byte[] NONE = {};

	final int number;
	final int guestPort;
	final int port;
	/** The host's end; null in a replayed run. */
	@Nullable
	HostConnection host;
	private final Consumer<byte[]> sender;
	/** The next byte that is expected of the guest. */
	private int expected;
	/** The first byte that the guest has not acknowledged, and the next one to be sent. */
	private int unacknowledged = FIRST;
	private int next = FIRST;
	private int guestWindow;
	private boolean accepted;
	private boolean finishing;
	private boolean finishSent;
	private boolean guestFinished;
	private boolean over;
	private int attempts;
	/** Bytes of the host's from {@code unacknowledged} on, the SYN and FIN not counted. */
	private byte[] toGuest = NONE;
	private byte[] toHost = NONE;
	/** Bytes given to the host that it has not written yet. */
	private int unwritten;
	private int acknowledgedBytes;

	TcpConnection(int number, TcpSegment opening, Consumer<byte[]> sender) {
		this.number = number;
		guestPort = opening.from();
		port = opening.to();
		expected = opening.sequence() + 1;
		guestWindow = opening.window();
		this.sender = sender;
	}

	private void send(int sequence, int flags, byte[] data, int largest) {
		int window = Math.max(0, WINDOW - unwritten - toHost.length);
		sender.accept(new TcpSegment(port, guestPort, sequence, expected, flags, window, data).toBytes(largest));
	}

	// The guest

	void receive(TcpSegment segment) {
		if (segment.resets()) {
			over = true;
			return;
		}
		if (!accepted) {
			return;
		}
		guestWindow = segment.window();
		if (segment.has(TcpSegment.ACK)) {
			acknowledge(segment.acknowledged());
		}
		if (segment.length() > 0) {
			take(segment);
			send(next, TcpSegment.ACK, NONE, 0);
		}
		pump();
		over |= finishSent && guestFinished && unacknowledged == next;
	}

	private void acknowledge(int upTo) {
		int count = upTo - unacknowledged;
		if (count <= 0 || count > next - unacknowledged) {
			return;
		}
		attempts = 0;
		// The SYN is acknowledged first, the FIN last; neither is among the bytes.
		int bytes = Math.min(toGuest.length, unacknowledged == FIRST ? count - 1 : count);
		toGuest = Arrays.copyOfRange(toGuest, bytes, toGuest.length);
		acknowledgedBytes += bytes;
		unacknowledged = upTo;
	}

	private void take(TcpSegment segment) {
		int known = expected - segment.sequence();
		if (segment.has(TcpSegment.SYN) || known < 0 || known > segment.length() || guestFinished) {
			return;
		}
		int from = Math.min(known, segment.data().length);
		int count = Math.min(segment.data().length - from, Math.max(0, WINDOW - unwritten - toHost.length));
		toHost = concatenate(toHost, Arrays.copyOfRange(segment.data(), from, from + count));
		expected += count;
		if (segment.has(TcpSegment.FIN) && from + count == segment.data().length) {
			guestFinished = true;
			expected++;
		}
	}

	private static byte[] concatenate(byte[] first, byte[] second) {
		byte[] both = Arrays.copyOf(first, first.length + second.length);
		System.arraycopy(second, 0, both, first.length, second.length);
		return both;
	}

	/** Sends what the guest's window allows. */
	private void pump() {
		int start = unacknowledged == FIRST ? FIRST + 1 : unacknowledged;
		if (!accepted || unacknowledged == FIRST) {
			return;
		}
		int sent = finishSent ? toGuest.length : next - start;
		while (sent < toGuest.length && sent < guestWindow) {
			int count = Math.min(LARGEST_SEGMENT, Math.min(toGuest.length, guestWindow) - sent);
			send(next, TcpSegment.ACK | TcpSegment.PSH, Arrays.copyOfRange(toGuest, sent, sent + count), 0);
			sent += count;
			next += count;
		}
		if (finishing && !finishSent && sent == toGuest.length) {
			finishSent = true;
			send(next++, TcpSegment.ACK | TcpSegment.FIN, NONE, 0);
		}
	}

	/** Sends again what was not acknowledged; gives up after many attempts. */
	void retransmit() {
		if (!isUnanswered()) {
			return;
		}
		if (++attempts > MOST_ATTEMPTS) {
			reset();
		} else if (unacknowledged == FIRST) {
			send(FIRST, TcpSegment.SYN | TcpSegment.ACK, NONE, LARGEST_SEGMENT);
		} else {
			next = unacknowledged;
			finishSent = false;
			pump();
		}
	}

	/** Whether something is to be acknowledged, or waits for the guest's window. */
	boolean isUnanswered() {
		return !over && accepted && (unacknowledged != next || toGuest.length > 0);
	}

	// The host

	void accept() {
		accepted = true;
		next = FIRST + 1;
		send(FIRST, TcpSegment.SYN | TcpSegment.ACK, NONE, LARGEST_SEGMENT);
	}

	void send(byte[] bytes) {
		toGuest = concatenate(toGuest, bytes);
		pump();
	}

	void finish() {
		finishing = true;
		pump();
	}

	void reset() {
		over = true;
		send(next, TcpSegment.RST | TcpSegment.ACK, NONE, 0);
	}

	/** The host has written bytes; the window opens. */
	void written(int count) {
		boolean closed = unwritten + toHost.length >= WINDOW - LARGEST_SEGMENT;
		unwritten -= count;
		if (closed && accepted) {
			send(next, TcpSegment.ACK, NONE, 0);
		}
	}

	/** Bytes for the host. */
	byte[] takeForHost() {
		byte[] bytes = toHost;
		toHost = NONE;
		unwritten += bytes.length;
		return bytes;
	}

	/** Bytes of the host's that the guest has acknowledged since this was asked last. */
	int takeAcknowledged() {
		int count = acknowledgedBytes;
		acknowledgedBytes = 0;
		return count;
	}

	boolean guestHasFinished() {
		return guestFinished;
	}

	boolean isOver() {
		return over;
	}
}
