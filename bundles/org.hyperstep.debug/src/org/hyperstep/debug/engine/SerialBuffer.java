/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

import org.hyperstep.debug.SerialLine;

/** The guest's serial line: keeps the last of its output for sinks that come later. */
public final class SerialBuffer implements SerialLine {
	private static final int KEPT = 64 << 10;

	private final List<Sink> sinks = new CopyOnWriteArrayList<>();
	private byte[] kept = {};
	private Consumer<byte[]> toGuest = bytes -> {
	};

	/** Says where bytes for the guest go. */
	void connect(Consumer<byte[]> guest) {
		toGuest = guest;
	}

	/** The guest has sent bytes. On the engine's thread. */
	public void received(byte[] bytes) {
		for (Sink sink : keep(bytes)) {
			sink.received(bytes);
		}
	}

	private synchronized List<Sink> keep(byte[] bytes) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		all.writeBytes(kept);
		all.writeBytes(bytes);
		byte[] joined = all.toByteArray();
		kept = Arrays.copyOfRange(joined, Math.max(0, joined.length - KEPT), joined.length);
		return List.copyOf(sinks);
	}

	@Override
	public synchronized void addSink(Sink sink) {
		if (kept.length > 0) {
			sink.received(kept.clone());
		}
		sinks.add(sink);
	}

	@Override
	public void removeSink(Sink sink) {
		sinks.remove(sink);
	}

	@Override
	public void send(byte[] bytes) {
		toGuest.accept(bytes.clone());
	}
}
