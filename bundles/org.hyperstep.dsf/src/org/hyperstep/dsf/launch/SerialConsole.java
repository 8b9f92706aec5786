/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.hyperstep.debug.SerialLine;

/**
 * Carries the guest's serial output to a text stream on a thread of its own: a console may be slow, and the guest must not
 * wait for it. What comes faster than a console can show it is dropped, the oldest first, and the gap is marked.
 */
@ThreadSafe
final class SerialConsole implements SerialLine.Sink {
	private static final int MOST_WAITING = 4 << 20;

	private final TextStream output;
	private final Runnable atEnd;
	private final Deque<byte[]> waiting = new ArrayDeque<>();
	private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPLACE).onUnmappableCharacter(CodingErrorAction.REPLACE);
	private ByteBuffer undecoded = ByteBuffer.allocate(0);
	private int bytesWaiting;
	private long bytesDropped;
	private boolean closed;

	/**
	 * Starts carrying.
	 *
	 * @param atEnd run on the same thread when all has been carried after {@link #close}
	 */
	SerialConsole(String name, TextStream output, Runnable atEnd) {
		this.output = output;
		this.atEnd = atEnd;
		Thread.ofPlatform().daemon().name(name).start(this::carry);
	}

	@Override
	public synchronized void received(byte[] bytes) {
		waiting.add(bytes);
		bytesWaiting += bytes.length;
		while (bytesWaiting > MOST_WAITING && waiting.size() > 1) {
			int oldest = waiting.remove().length;
			bytesWaiting -= oldest;
			bytesDropped += oldest;
		}
		notifyAll();
	}

	/** No more comes. */
	synchronized void close() {
		closed = true;
		notifyAll();
	}

	private void carry() {
		try {
			for (String text = next(); !text.isEmpty(); text = next()) {
				output.append(text);
			}
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
		} finally {
			atEnd.run();
		}
	}

	/** Waits for output; empty when there will be none any more. */
	private synchronized String next() throws InterruptedException {
		StringBuilder text = new StringBuilder();
		while (text.isEmpty() && !(closed && waiting.isEmpty())) {
			while (waiting.isEmpty() && !closed) {
				wait();
			}
			if (bytesDropped > 0) {
				text.append('\n').append(Messages.bind(Messages.Process_dropped, bytesDropped)).append('\n');
				bytesDropped = 0;
			}
			while (!waiting.isEmpty()) {
				text.append(decode(waiting.remove()));
			}
			bytesWaiting = 0;
		}
		return text.toString();
	}

	/** A character may arrive in two pieces: its beginning waits for the rest. */
	private CharBuffer decode(byte[] bytes) {
		ByteBuffer input = ByteBuffer.allocate(undecoded.remaining() + bytes.length).put(undecoded).put(bytes).flip();
		CharBuffer decoded = CharBuffer.allocate(input.remaining() + 1);
		decoder.decode(input, decoded, false);
		undecoded = input;
		return decoded.flip();
	}
}
