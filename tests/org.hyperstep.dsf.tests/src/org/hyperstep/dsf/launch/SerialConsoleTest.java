/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

/** The way of the guest's serial output to a console. */
@SuppressWarnings("nls")
class SerialConsoleTest {
	private static final int SEVERAL_MEGABYTES = 6 << 20;

	private final TextStream stream = new TextStream();
	private final CompletableFuture<Boolean> ended = new CompletableFuture<>();
	private final SerialConsole console = new SerialConsole("test", stream, () -> ended.complete(Boolean.TRUE));

	private String allText() throws Exception {
		console.close();
		ended.get(LaunchedGuest.PATIENCE_SECONDS, TimeUnit.SECONDS);
		return stream.getContents();
	}

	@Test
	void bytesArriveInOrderAndBeforeTheEnd() throws Exception {
		StringBuilder sent = new StringBuilder();
		for (int i = 0; i < 1000; i++) {
			String line = "line " + i + "\n";
			sent.append(line);
			console.received(line.getBytes(StandardCharsets.UTF_8));
		}
		assertEquals(sent.toString(), allText());
	}

	@Test
	void charactersMayArriveInPieces() throws Exception {
		String text = "größer als 1 € – 漢字 🙂";
		for (byte piece : text.getBytes(StandardCharsets.UTF_8)) {
			console.received(new byte[] { piece });
		}
		assertEquals(text, allText());
	}

	@Test
	void bytesThatAreNoTextAreReplaced() throws Exception {
		console.received(new byte[] { 'a', (byte) 0xff, 'b' });
		assertEquals("a\ufffdb", allText());
	}

	@Test
	void aSlowReaderLosesTheOldestOutputAndIsToldSo() throws Exception {
		CountDownLatch reading = new CountDownLatch(1);
		CountDownLatch goOn = new CountDownLatch(1);
		stream.addListener((text, monitor) -> {
			reading.countDown();
			try {
				goOn.await();
			} catch (InterruptedException stop) {
				Thread.currentThread().interrupt();
			}
		});
		console.received("first\n".getBytes(StandardCharsets.UTF_8));
		reading.await();
		byte[] much = "x".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
		for (int sent = 0; sent < SEVERAL_MEGABYTES; sent += much.length) {
			console.received(much);
		}
		console.received("last\n".getBytes(StandardCharsets.UTF_8));
		goOn.countDown();
		String text = allText();
		assertTrue(text.startsWith("first\n"));
		assertTrue(text.endsWith("last\n"));
		assertTrue(text.contains("bytes of output are not shown"));
		assertTrue(text.length() < SEVERAL_MEGABYTES);
	}
}
