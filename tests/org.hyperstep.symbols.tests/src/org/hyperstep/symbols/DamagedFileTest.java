/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.hyperstep.symbols.elf.ElfFile;
import org.hyperstep.symbols.elf.ElfSection;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is done to a file, reading it either works or is a SymbolFileException, and queries never throw. The cases follow from a
 * fixed seed; {@code -Dhyperstep.nightly=true} runs 100,000 of them.
 */
@SuppressWarnings("nls")
class DamagedFileTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 100_000 : 4_000;
	/** Far above what a file of some kilobytes takes on any machine, far below a loop without end. */
	private static final long LONGEST_NANOSECONDS = TimeUnit.SECONDS.toNanos(20);
	private static final List<String> INTERESTING = List.of(".debug_info", ".debug_abbrev", ".debug_line", ".debug_str",
			".debug_line_str",
			".debug_ranges", ".debug_rnglists", ".debug_addr", ".debug_str_offsets", ".symtab", ".strtab", ".shstrtab");

	@ParameterizedTest
	@ValueSource(strings = { "-O2 -gdwarf-5", "-O2 -gdwarf-4", "-O0 -gdwarf-5 -gz", "-O2 -gdwarf-5 -gsplit-dwarf",
			"-O2 -gdwarf-4 -m32 -mno-sse" })
	void damagedFileIsReadOrRefused(String options) throws IOException, SymbolFileException {
		CompiledProgram program = CompiledProgram.with(options.split(" "));
		byte[] sound = program.bytes();
		List<ElfSection> sections = program.read().elf().sections().stream().filter(s -> INTERESTING.contains(s.name()))
				.toList();
		Random random = new Random(20260101);
		int read = 0;
		for (int i = 0; i < CASES / 5; i++) {
			byte[] bytes = damage(sound, sections, random);
			long start = System.nanoTime();
			try {
				askEverything(SymbolFile.of(Path.of("damaged.elf"), bytes));
				read++;
			} catch (SymbolFileException e) {
				assertTrue(e.getMessage().startsWith("damaged.elf: "));
			} catch (RuntimeException | Error e) {
				throw new AssertionError("case " + i + " of " + options, e);
			}
			assertTrue(System.nanoTime() - start < LONGEST_NANOSECONDS,
					"case " + i + " of " + options + " takes too long");
		}
		assertTrue(read > 0, "every damaged file was refused: the damage no longer reaches what is behind the headers");
	}

	@ParameterizedTest
	@ValueSource(strings = { "-O2 -gdwarf-5", "-O0 -gdwarf-5 -gz" })
	void everyTruncationIsReadOrRefused(String options) throws IOException {
		byte[] sound = CompiledProgram.with(options.split(" ")).bytes();
		int step = Boolean.getBoolean("hyperstep.nightly") ? 1 : 61;
		for (int length = 0; length < sound.length; length += step) {
			try {
				askEverything(SymbolFile.of(Path.of("truncated.elf"), Arrays.copyOf(sound, length)));
			} catch (SymbolFileException e) {
				assertTrue(e.getMessage().startsWith("truncated.elf: "));
			}
		}
	}

	/** Flips bits and writes extreme values, mostly into the sections that are read and sometimes into the headers. */
	private static byte[] damage(byte[] sound, List<ElfSection> sections, Random random) {
		byte[] bytes = sound.clone();
		for (int n = 1 + random.nextInt(4); n > 0; n--) {
			int at = random.nextInt(bytes.length);
			if (random.nextInt(10) != 0) {
				ElfSection section = sections.get(random.nextInt(sections.size()));
				at = (int) (section.offset() + random.nextLong(section.size()));
			}
			switch (random.nextInt(4)) {
				case 0 -> bytes[at] = (byte) 0xff;
				case 1 -> bytes[at] = 0;
				case 2 -> bytes[at] = (byte) random.nextInt();
				default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
			}
			if (random.nextInt(8) == 0) {
				Arrays.fill(bytes, at, Math.min(bytes.length, at + 8), (byte) (random.nextBoolean() ? 0xff : 0));
			}
		}
		return bytes;
	}

	private static void askEverything(SymbolFile symbols) throws SymbolFileException {
		for (Symbol symbol : symbols.symbols().subList(0, Math.min(50, symbols.symbols().size()))) {
			symbols.symbol(symbol.name());
			symbols.afterPrologue(symbol.name());
			for (long linear = symbol.linear(); linear < symbol.linear() + 40; linear += 3) {
				symbols.symbolAt(linear);
				symbols.sourceAt(linear);
				symbols.functionAt(linear);
				symbols.inlinedAt(linear);
				symbols.lineRange(linear);
			}
		}
		symbols.afterPrologue("no such function");
		symbols.sourceFiles().forEach(SourceFile::path);
		for (int line = 1; line < 25; line++) {
			symbols.linesOf("main.c", line);
			symbols.breakpointAddresses("inline.h", line);
		}
		try {
			ElfFile file = symbols.elf();
			file.notes();
		} finally {
			symbols.checkAll();
		}
	}
}
