/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.RegisterFile;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.debug.TargetListener;
import org.hyperstep.samples.Sample;

/** A sample guest under the engine, with the waiting that tests need. */
@SuppressWarnings("nls")
final class GuestFixture implements AutoCloseable {
	private static final long PATIENCE_SECONDS = 120;

	final Target target;
	private final ByteArrayOutputStream serial = new ByteArrayOutputStream();
	private final CompletableFuture<ExitStatus> end = new CompletableFuture<>();

	private GuestFixture(Target target) {
		this.target = target;
		target.serial().addSink(this::received);
		target.addListener(new TargetListener() {
			@Override
			public void exited(Target ended, ExitStatus status) {
				end.complete(status);
			}
		});
	}

	static GuestFixture launch(TargetConfiguration configuration) throws Exception {
		return new GuestFixture(await(EmbeddedTargets.launch(configuration)));
	}

	/** The image of a sample in a temporary directory. */
	static Path image(Sample sample) throws IOException {
		Path directory = Files.createTempDirectory("hyperstep-test");
		directory.toFile().deleteOnExit();
		Path image = sample.copyTo(directory);
		image.toFile().deleteOnExit();
		return image;
	}

	static <T> T await(CompletableFuture<T> future) throws Exception {
		try {
			return future.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
		} catch (ExecutionException failure) {
			throw failure.getCause() instanceof Exception cause ? cause : failure;
		} catch (TimeoutException late) {
			throw new AssertionError("no answer in " + PATIENCE_SECONDS + " s", late);
		}
	}

	private synchronized void received(byte[] bytes) {
		serial.writeBytes(bytes);
	}

	synchronized String serialOutput() {
		return serial.toString(StandardCharsets.ISO_8859_1);
	}

	long address(String symbol) {
		return target.symbols().symbol(symbol).orElseThrow(() -> new AssertionError("no symbol " + symbol)).linear();
	}

	StopEvent runTo(String symbol) throws Exception {
		return await(target.runTo(0, address(symbol)));
	}

	StopEvent step(StepKind kind) throws Exception {
		return await(target.step(0, kind));
	}

	RegisterFile registers() throws Exception {
		return await(target.registers(0));
	}

	/** Lets the guest run to its end. */
	ExitStatus runToEnd() throws Exception {
		await(target.resume());
		return await(end);
	}

	CompletableFuture<ExitStatus> end() {
		return end;
	}

	@Override
	public void close() {
		target.close();
	}
}
