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
import java.util.Arrays;
import java.util.List;

/** This machine's processor, asked through a small C program what an instruction does. */
@SuppressWarnings("nls")
final class HostProcessor implements AutoCloseable {
	/** Where the instruction is placed when the emulator executes it; no case depends on it. */
	static final int ARENA = 0x2000_0000, WINDOW = 0x2000_8000, WINDOW_SIZE = 512;
	private static final int REQUEST = 16 + 19 * 8 + 512 + 24 + X87.SIZE,
			RESULT = 20 * 8 + 512 + 16 + X87.SIZE;

	/** One instruction with the state it starts from. XMM registers as in ExtendedState, then the upper halves of YMM. */
	record Case(byte[] code, long[] registers, long flags, long seed, long mxcsr, long[] xmm, X87 x87,
			Patch patch) {
	}

	/** 16 bytes at an offset in the window, if it is not 0; the rest of it comes from the seed. */
	record Patch(int offset, long low, long high) {
		/** The window as the seed has it. */
		static final Patch NONE = new Patch(0, 0, 0);
	}

	/** The x87 without its pointers; registers as ST(0) to ST(7). */
	record X87(int control, int status, int tags, long[] significands, int[] words) {
		static final int SIZE = 112;

		/** As after FNINIT. */
		static X87 initial() {
			return new X87(0x37f, 0, 0xffff, new long[8], new int[8]);
		}

		/** Whether all of both is the same. */
		boolean equalTo(X87 other) {
			return control == other.control && status == other.status && tags == other.tags
					&& Arrays.equals(significands, other.significands) && Arrays.equals(words, other.words);
		}

		@Override
		public String toString() {
			StringBuilder text = new StringBuilder("  cw %04x sw %04x tw %04x".formatted(control, status, tags));
			for (int k = 0; k < 8; k++) {
				text.append(" %04x:%016x".formatted(words[k], significands[k]));
			}
			return text.toString();
		}

		private void put(ByteBuffer out) {
			int start = out.position();
			out.putInt(control).putInt(status).putInt(tags).putLong(0).putLong(0);
			for (int k = 0; k < 8; k++) {
				out.putLong(significands[k]).putShort((short) words[k]);
			}
			out.position(start + SIZE);
		}

		private static X87 get(ByteBuffer in) {
			int start = in.position();
			int control = in.getInt() & 0xffff;
			int status = in.getInt() & 0xffff;
			int tags = in.getInt() & 0xffff;
			in.position(start + 28);
			long[] significands = new long[8];
			int[] words = new int[8];
			for (int k = 0; k < 8; k++) {
				significands[k] = in.getLong();
				words[k] = in.getShort() & 0xffff;
			}
			in.position(start + SIZE);
			return new X87(control, status, tags, significands, words);
		}
	}

	/** The state it leaves; {@code trap} is 0, or the vector plus 1. */
	record Outcome(long trap, long[] registers, long flags, long memory, long mxcsr, long[] xmm, X87 x87,
			Patch stored) {
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
			out.putLong(each.patch.offset).putLong(each.patch.low).putLong(each.patch.high);
			each.x87.put(out);
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
			long[] xmm = get(in, 64);
			Patch stored = new Patch(cases.get(i).patch.offset, in.getLong(), in.getLong());
			outcomes[i] = new Outcome(trap, registers, flags, memory, mxcsr, xmm, X87.get(in), stored);
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
