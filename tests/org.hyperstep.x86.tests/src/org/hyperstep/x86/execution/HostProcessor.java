/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;

/** This machine's processor, asked through a small C program what an instruction does. */
@SuppressWarnings("nls")
final class HostProcessor implements AutoCloseable {
	/** Linear address of the instruction, here and in the emulator. */
	static final int INSTRUCTION = 0x1000_8000;
	/** Memory that both have; the window in it is filled before, and compared after, each case. */
	static final int ARENA = 0x2000_0000, ARENA_SIZE = 0x1_0000, WINDOW = 0x2000_8000, WINDOW_SIZE = 512;
	private static final int CODE_FIELD = 22;
	private static final int REQUEST = 2 + CODE_FIELD + 19 * 8 + 512 + 24 + X87.SIZE,
			RESULT = 22 * 8 + 512 + 16 + X87.SIZE;

	/** Where an instruction runs. */
	enum Mode {
		LONG(0), COMPATIBILITY(1),
		/** 64-bit mode; the instruction may go anywhere near. */
		LONG_BRANCH(2),
		/** Compatibility mode; the instruction may go anywhere near. */
		COMPATIBILITY_BRANCH(3);

		private final int flags;

		Mode(int flags) {
			this.flags = flags;
		}

		boolean branches() {
			return (flags & 2) != 0;
		}

		boolean compatibility() {
			return (flags & 1) != 0;
		}

		static Mode of(boolean compatibility, boolean branches) {
			return values()[(compatibility ? 1 : 0) | (branches ? 2 : 0)];
		}
	}

	/** One instruction with the state it starts from. XMM registers as in ExtendedState. */
	record Case(byte[] code, Mode mode, long[] registers, long flags, long seed, long mxcsr, long[] xmm, long[] upper,
			X87 x87, Patch patch) {
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

	/** The state it leaves; {@code trap} is 0, or the vector plus 1; {@code address} is CR2 after a page fault, else 0. */
	record Outcome(long trap, long address, long rip, long[] registers, long flags, long memory, long mxcsr,
			long[] xmm, long[] upper, X87 x87, Patch stored) {
	}

	private final Process process;
	private final OutputStream requests;
	private final DataInputStream results;
	private @Nullable Thread writer;

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

	/** Begins to execute a batch. The batch before it must have been {@link #receive received}. */
	void send(List<Case> cases) {
		ByteBuffer out = ByteBuffer.allocate(4 + cases.size() * REQUEST).order(ByteOrder.LITTLE_ENDIAN);
		out.putInt(cases.size());
		for (Case each : cases) {
			out.put((byte) each.code.length).put((byte) each.mode.flags).put(each.code)
					.put(new byte[CODE_FIELD - each.code.length]);
			put(out, each.registers);
			out.putLong(each.flags).putLong(each.seed).putLong(each.mxcsr);
			put(out, each.xmm);
			put(out, each.upper);
			out.putLong(each.patch.offset).putLong(each.patch.low).putLong(each.patch.high);
			each.x87.put(out);
		}
		writer = Thread.ofPlatform().start(() -> {
			try {
				requests.write(out.array());
				requests.flush();
			} catch (IOException e) {
				throw new UncheckedIOException(e);
			}
		});
	}

	/** Executes a batch. */
	Outcome[] execute(List<Case> cases) throws IOException, InterruptedException {
		send(cases);
		return receive(cases);
	}

	/** What the batch that was sent has left. */
	Outcome[] receive(List<Case> cases) throws IOException, InterruptedException {
		byte[] bytes = new byte[cases.size() * RESULT];
		results.readFully(bytes);
		Thread sending = writer;
		if (sending != null) {
			sending.join();
		}
		ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
		Outcome[] outcomes = new Outcome[cases.size()];
		for (int i = 0; i < outcomes.length; i++) {
			long trap = in.getLong();
			long address = in.getLong();
			long rip = in.getLong();
			long[] registers = get(in, 16);
			long flags = in.getLong();
			long memory = in.getLong();
			long mxcsr = in.getLong();
			long[] xmm = get(in, 32);
			long[] upper = get(in, 32);
			Patch stored = new Patch(cases.get(i).patch.offset, in.getLong(), in.getLong());
			outcomes[i] = new Outcome(trap, address, rip, registers, flags, memory, mxcsr, xmm, upper, X87.get(in),
					stored);
		}
		return outcomes;
	}

	private static void put(ByteBuffer out, long[] values) {
		out.asLongBuffer().put(values);
		out.position(out.position() + 8 * values.length);
	}

	private static long[] get(ByteBuffer in, int count) {
		long[] values = new long[count];
		in.asLongBuffer().get(values);
		in.position(in.position() + 8 * count);
		return values;
	}

	/** Whether both left the same x87 registers. */
	static boolean sameRegisters(X87 one, X87 other) {
		return Arrays.equals(one.significands, other.significands) && Arrays.equals(one.words, other.words);
	}

	@Override
	public void close() {
		process.destroy();
	}
}
