/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;

/** A small freestanding program, compiled by the host's gcc with given options, and what the tools of binutils say about it. */
@SuppressWarnings("nls")
record CompiledProgram(Path directory, Path file) {

	/** Lines are numbered in the tests: edit with care. */
	static final String MAIN = """
			#include "lib/inline.h"
			int result;

			/* a comment between functions */
			static int sum(int count)
			{
				int total = 0;
				for (int i = 0; i < count; i++)
					total += square(i);
				return total;
			}

			__attribute__((noinline)) int twice(int n)
			{

				return square(n) + helper(n);
			}

			int start(void)
			{
				result = sum(10);
				result += twice(result);
				return square(result);
			}
			""";
	static final String INLINE = """
			extern int helper(int n);
			static inline __attribute__((always_inline)) int square(int n)
			{
				return n * n + 1;
			}
			""";
	static final String HELPER = """
			static int calls;
			int helper(int n)
			{
				calls++;
				return n < 0 ? -n : n;
			}
			""";
	static final String ENTRY = """
			.globl _start
			.type _start, @function
			_start:
				call start
			halt:
				hlt
				jmp halt
			""";

	private static final Map<List<String>, CompiledProgram> COMPILED = new ConcurrentHashMap<>();

	/** The program compiled with these options; compiled once for all tests. */
	static CompiledProgram with(String... options) {
		return COMPILED.computeIfAbsent(List.of(options), CompiledProgram::compile);
	}

	private static CompiledProgram compile(List<String> options) {
		try {
			Path directory = Files.createTempDirectory("symbols");
			Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
			Files.createDirectory(directory.resolve("lib"));
			Files.writeString(directory.resolve("main.c"), MAIN);
			Files.writeString(directory.resolve("lib/inline.h"), INLINE);
			Files.writeString(directory.resolve("lib/helper.c"), HELPER);
			Files.writeString(directory.resolve("entry.S"), ENTRY);
			List<String> command = new ArrayList<>(
					List.of("gcc", "-ffreestanding", "-nostdlib", "-static", "-fno-pie", "-no-pie",
							"-fno-stack-protector", "-o", "program"));
			command.addAll(options);
			command.addAll(List.of("main.c", "lib/helper.c", "entry.S"));
			run(directory, command);
			return new CompiledProgram(directory, directory.resolve("program"));
		} catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	private static void delete(Path directory) {
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
		} catch (IOException e) {
			throw new UncheckedIOException(e);
		}
	}

	/** Standard output of a tool; a test that needs a tool which is not there is skipped, and says so. */
	static List<String> run(Path directory, List<String> command) {
		try {
			Path errors = Files.createTempFile("tool", ".txt");
			Process process = new ProcessBuilder(command).directory(directory.toFile()).redirectError(errors.toFile())
					.start();
			List<String> lines = process.inputReader().lines().toList();
			if (process.waitFor() != 0) {
				throw new IllegalStateException(command + " failed: " + Files.readString(errors));
			}
			Files.delete(errors);
			return lines;
		} catch (IOException e) {
			System.err.println(
					"SKIPPED: this test needs '" + command.get(0) + "' (Debian: gcc, binutils): " + e.getMessage());
			Assumptions.abort("no " + command.get(0));
			throw new UncheckedIOException(e);
		} catch (InterruptedException e) {
			throw new IllegalStateException(e);
		}
	}

	List<String> tool(String... command) {
		return run(directory, List.of(command));
	}

	SymbolFile read() throws SymbolFileException {
		return SymbolFile.read(file);
	}

	byte[] bytes() throws IOException {
		return Files.readAllBytes(file);
	}

	/** A row of {@code objdump --dwarf=decodedline}; line 0 ends a sequence. */
	record Row(String file, int line, long linear, boolean statement) {
	}

	List<Row> objdumpRows() {
		List<Row> rows = new ArrayList<>();
		for (String text : tool("objdump", "--dwarf=decodedline", "program")) {
			String[] words = text.trim().split("\\s+");
			if (words.length >= 3 && words[2].startsWith("0x")) {
				int line = words[1].equals("-") ? 0 : Integer.parseInt(words[1]);
				rows.add(new Row(words[0], line, Long.parseUnsignedLong(words[2].substring(2), 16),
						words[words.length - 1].equals("x")));
			}
		}
		return rows;
	}

	/** A defined symbol as {@code nm -S} prints it; the size is 0 where it prints none. */
	record NmSymbol(long linear, long size, char type, String name) {
	}

	List<NmSymbol> nmSymbols() {
		List<NmSymbol> symbols = new ArrayList<>();
		for (String text : tool("nm", "-S", "--defined-only", "program")) {
			String[] words = text.trim().split("\\s+");
			long size = words.length == 4 ? Long.parseUnsignedLong(words[1], 16) : 0;
			symbols.add(new NmSymbol(Long.parseUnsignedLong(words[0], 16), size, words[words.length - 2].charAt(0),
					words[words.length - 1]));
		}
		return symbols;
	}

	/** Line by {@code addr2line} for each address; 0 where it knows none. */
	List<Integer> addr2line(List<Long> addresses) {
		List<String> command = new ArrayList<>(List.of("addr2line", "-e", "program"));
		addresses.forEach(linear -> command.add(Long.toHexString(linear.longValue())));
		return run(directory, command).stream().map(text -> {
			String line = text.replaceAll(" .*", "").substring(text.lastIndexOf(':') + 1);
			return Integer.valueOf(line.equals("?") ? 0 : Integer.parseInt(line));
		}).toList();
	}
}
