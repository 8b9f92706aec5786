/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

import org.hyperstep.machine.network.HostEvent.Kind;

/**
 * The host's end of a forwarded connection: two daemon threads that block on a socket to 127.0.0.1. They read no more than
 * the guest has acknowledged plus a window; what they are to write is bounded by the window that the guest is given. The
 * methods are called on the machine's thread and do not block.
 */
@SuppressWarnings("nls")
final class HostConnection {
	private static final int CHUNK = 16 << 10, CONNECT_TIMEOUT = 5000;
	/** In the queue: no more bytes will come. */
	private static final byte[] END = {};

	private final int number;
	private final int port;
	private final Consumer<byte[]> events;
	private final Socket socket = new Socket();
	private final BlockingQueue<byte[]> toWrite = new LinkedBlockingQueue<>();
	private final Semaphore mayRead = new Semaphore(TcpConnection.WINDOW);
	private boolean finished;

	HostConnection(int number, int port, Consumer<byte[]> events) {
		this.number = number;
		this.port = port;
		this.events = events;
	}

	void start() {
		Thread thread = new Thread(this::read, "Hyperstep network " + port);
		thread.setDaemon(true);
		thread.start();
	}

	void write(byte[] bytes) {
		toWrite.add(bytes);
	}

	void finishWriting() {
		if (!finished) {
			finished = true;
			toWrite.add(END);
		}
	}

	/** The guest has taken bytes: as many more may be read. */
	void taken(int count) {
		mayRead.release(count);
	}

	void close() {
		try {
			socket.close();
		} catch (IOException e) {
			// It is of no more use either way.
		}
		toWrite.add(END);
		mayRead.release(CHUNK);
	}

	private void tell(Kind kind, byte[] bytes) {
		events.accept(new HostEvent(number, kind, bytes).toBytes());
	}

	private void read() {
		try {
			socket.connect(new InetSocketAddress(InetAddress.getByAddress(new byte[] { 127, 0, 0, 1 }), port),
					CONNECT_TIMEOUT);
			tell(Kind.CONNECTED, END);
			Thread writer = new Thread(this::write, "Hyperstep network " + port + " writer");
			writer.setDaemon(true);
			writer.start();
			byte[] chunk = new byte[CHUNK];
			while (true) {
				mayRead.acquire(CHUNK);
				int count = socket.getInputStream().read(chunk);
				mayRead.release(CHUNK - Math.max(0, count));
				if (count < 0) {
					tell(Kind.FINISHED, END);
					return;
				}
				tell(Kind.DATA, Arrays.copyOf(chunk, count));
			}
		} catch (IOException e) {
			tell(Kind.FAILED, END);
		} catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}

	private void write() {
		try {
			while (true) {
				byte[] bytes = toWrite.take();
				if (bytes.length == 0) {
					socket.shutdownOutput();
					return;
				}
				socket.getOutputStream().write(bytes);
				tell(Kind.WRITTEN, ByteBuffer.allocate(4).putInt(bytes.length).array());
			}
		} catch (IOException e) {
			// The reading thread finds the same and tells.
		} catch (InterruptedException e) {
			Thread.currentThread().interrupt();
		}
	}
}
