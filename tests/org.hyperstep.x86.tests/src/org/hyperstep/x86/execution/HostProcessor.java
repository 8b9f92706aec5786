/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** This machine's processor, asked through a small C program what an instruction does. */
@SuppressWarnings("nls")
final class HostProcessor implements AutoCloseable {
	/** Where the instruction is placed when the emulator executes it; no case depends on it. */
	static final int ARENA = 0x2000_0000, WINDOW = 0x2000_8000, WINDOW_SIZE = 512;
	private static final int REQUEST = 16 + 19 * 8 + 256, RESULT = 20 * 8 + 256;

	/** One instruction with the state it starts from. XMM registers as in ExtendedState. */
	record Case(byte[] code, long[] registers, long flags, long seed, long mxcsr, long[] xmm) {
	}

	/** The state it leaves; {@code trap} is 0, or the vector plus 1. */
	record Outcome(long trap, long[] registers, long flags, long memory, long mxcsr, long[] xmm) {
	}

	private final Process process;
	private final OutputStream requests;
	private final DataInputStream results;

	HostProcessor() throws IOException, InterruptedException {
		Path directory = Files.createTempDirectory("oracle");
		Path source = directory.resolve("oracle.c");
		try (InputStream resource = HostProcessor.class.getResourceAsStream("oracle.c")) {
			if (resource == null) {
				throw new AssertionError("oracle.c is not on the class path");
			}
			Files.copy(resource, source, StandardCopyOption.REPLACE_EXISTING);
		}
		Path program = directory.resolve("oracle");
		try {
			Process compiler = new ProcessBuilder("gcc", "-O1", "-o", program.toString(), source.toString()).inheritIO()
					.start();
			if (compiler.waitFor() != 0) {
				throw new AssertionError("gcc failed on oracle.c");
			}
		} catch (IOException e) {
			throw new AssertionError("gcc cannot be run; install it (Debian package: gcc)", e);
		}
		process = new ProcessBuilder(program.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		requests = process.getOutputStream();
		results = new DataInputStream(process.getInputStream());
		for (Path file : List.of(source, program, directory)) {
			file.toFile().deleteOnExit();
		}
	}

	/** Executes a batch; small enough for the pipes not to fill. */
	Outcome[] execute(List<Case> cases) throws IOException {
		ByteBuffer out = ByteBuffer.allocate(cases.size() * REQUEST).order(ByteOrder.LITTLE_ENDIAN);
		for (Case each : cases) {
			out.put((byte) each.code.length).put(each.code).put(new byte[15 - each.code.length]);
			put(out, each.registers);
			out.putLong(each.flags).putLong(each.seed).putLong(each.mxcsr);
			put(out, each.xmm);
		}
		Thread writer = Thread.ofVirtual().start(() -> {
			try {
				requests.write(out.array());
				requests.flush();
			} catch (IOException e) {
				throw new IllegalStateException(e);
			}
		});
		byte[] bytes = new byte[cases.size() * RESULT];
		results.readFully(bytes);
		join(writer);
		ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		Outcome[] outcomes = new Outcome[cases.size()];
		for (int i = 0; i < outcomes.length; i++) {
			long trap = in.getLong();
			long[] registers = get(in, 16);
			long flags = in.getLong();
			long memory = in.getLong();
			long mxcsr = in.getLong();
			outcomes[i] = new Outcome(trap, registers, flags, memory, mxcsr, get(in, 32));
		}
		return outcomes;
	}

	private static void join(Thread thread) {
		try {
			thread.join();
		} catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	private static void put(ByteBuffer out, long[] values) {
		for (long value : values) {
			out.putLong(value);
		}
	}

	private static long[] get(ByteBuffer in, int count) {
		long[] values = new long[count];
		for (int i = 0; i < count; i++) {
			values[i] = in.getLong();
		}
		return values;
	}

	@Override
	public void close() {
		process.destroy();
	}
}
