/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.format;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.decode.CodeSize;

/** The disassembler of GNU binutils, asked about many instructions at once. */
@SuppressWarnings("nls")
final class Objdump {

	/** Distance between two instructions; the longest one and a long NOP fit. */
	static final int SLOT = 32;
	/** Address of the first slot. */
	static final long ORIGIN = 0x400000;

	/** What objdump makes of the bytes at the start of a slot. */
	record Answer(int length, String text) {
	}

	private Objdump() {
	}

	/** The answers for each slot of {@code image}; null where objdump was out of step with the slots. */
	static @Nullable Answer[] disassemble(CodeSize codeSize, Syntax syntax, byte[] image) throws IOException {
		return disassemble(codeSize, syntax, image, image.length / SLOT,
				List.of("-b", "binary", "--adjust-vma=" + ORIGIN));
	}

	/** The answers for encodings behind which nothing is: each is a section of its own. */
	static @Nullable Answer[] disassembleApart(CodeSize codeSize, List<byte[]> encodings) throws IOException {
		return disassemble(codeSize, Syntax.INTEL, SectionImage.of(encodings), encodings.size(), List.of());
	}

	private static @Nullable Answer[] disassemble(CodeSize codeSize, Syntax syntax, byte[] image, int slots,
			List<String> options) throws IOException {
		Path file = Files.createTempFile("encodings", ".bin");
		try {
			Files.write(file, image);
			String machine = switch (codeSize) {
				case CODE16 -> "i8086";
				case CODE32 -> "i386";
				case CODE64 -> "i386:x86-64";
			};
			// Near branches as Intel's processors take them: prefix 66 has no effect in 64-bit mode.
			List<String> command = new ArrayList<>(
					List.of("objdump", "-D", "-z", "-w", "--insn-width=16", "-m", machine, "-M",
							"intel64," + (syntax == Syntax.INTEL ? "intel" : "att")));
			command.addAll(options);
			command.add(file.toString());
			return read(start(command), slots);
		} finally {
			Files.delete(file);
		}
	}

	private static Process start(List<String> command) {
		try {
			return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		} catch (IOException e) {
			throw new AssertionError("objdump cannot be run; install it (Debian package: binutils)", e);
		}
	}

	private static @Nullable Answer[] read(Process process, int slots) throws IOException {
		@Nullable
		Answer[] answers = new @Nullable Answer[slots];
		try (BufferedReader reader = process.inputReader(StandardCharsets.US_ASCII)) {
			for (String line = reader.readLine(); line != null; line = reader.readLine()) {
				int colon = line.indexOf(":\t");
				if (colon > 0) {
					long offset = Long.parseLong(line.substring(0, colon).strip(), 16) - ORIGIN;
					if (offset % SLOT == 0) {
						answers[(int) (offset / SLOT)] = answer(line, colon + 2);
					}
				}
			}
		}
		return answers;
	}

	private static Answer answer(String line, int bytes) {
		int text = line.indexOf('\t', bytes);
		String hex = line.substring(bytes, text < 0 ? line.length() : text).strip();
		return new Answer((hex.length() + 1) / 3, text < 0 ? "" : line.substring(text + 1).stripTrailing());
	}
}
