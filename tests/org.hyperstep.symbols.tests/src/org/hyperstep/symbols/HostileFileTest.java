/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files made to cost a reader as much time or memory as possible, and files that change under it. */
@SuppressWarnings("nls")
class HostileFileTest {
	private static final Duration BOUND = Duration.ofSeconds(30);
	private static final String CODE = """
			.globl _start
			.type _start, @function
			_start: nop
			.size _start, 1
			""";

	@TempDir
	Path directory = Path.of(".");

	private Path assemble(String source) throws IOException {
		Files.writeString(directory.resolve("hostile.s"), CODE + source);
		CompiledProgram.run(directory, List.of("as", "-o", "hostile.o", "hostile.s"));
		CompiledProgram.run(directory, List.of("ld", "-o", "hostile", "hostile.o"));
		return directory.resolve("hostile");
	}

	private void assertRefusedInTime(String source, String reason) throws IOException {
		Path file = assemble(source);
		SymbolFileException failure = assertTimeout(BOUND,
				() -> assertThrows(SymbolFileException.class, () -> SymbolFile.read(file).checkAll()));
		assertTrue(failure.getMessage().contains(reason), failure.getMessage());
	}

	private static String lineProgram(String tables) {
		return """
				.section .debug_line,""
				.4byte end - begin
				begin: .2byte 5
				.byte 8, 0
				.4byte program - header
				header: .byte 1, 1, 1, -5, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1
				%s
				program:
				end:
				""".formatted(tables);
	}

	@Test
	void directoriesThatShareALongNameAreRefused() throws IOException {
		assertRefusedInTime(".section .debug_line_str,\"\"\n.fill 4000, 1, 'a'\n.byte 0\n"
				+ lineProgram(".byte 1, 1, 0x1f\n.uleb128 200000\n.fill 200000, 4, 0\n.byte 0, 0"), "the same bytes");
	}

	@Test
	void fileNameWithoutReasonableEndIsRefused() throws IOException {
		assertRefusedInTime(".section .debug_line_str,\"\"\n.fill 400000, 1, 'a'\n.byte 0\n"
				+ lineProgram(".byte 1, 1, 0x1f\n.uleb128 1\n.4byte 0\n.byte 0, 0"), "more than 4096 bytes");
	}

	@Test
	void tableOfEntriesWithoutAnyByteIsRefused() throws IOException {
		assertRefusedInTime(lineProgram(".byte 0\n.uleb128 0x7fffffffffffffff\n.byte 0, 0"), "does not fit");
		assertRefusedInTime(lineProgram(".byte 1, 1, 0x19\n.uleb128 0x7fffffffffffffff\n.byte 0, 0"), "does not fit");
	}

	@Test
	void unitsThatOverlapTheirAbbreviationTablesAreRefused() throws IOException {
		assertRefusedInTime("""
				.section .debug_abbrev,""
				.set code, 128
				.rept 16000
				.uleb128 code
				.byte 0x11, 0, 3, 8, 0, 0
				.set code, code + 1
				.endr
				.byte 0
				.section .debug_info,""
				.set at, 0
				.rept 10000
				.4byte 10
				.2byte 4
				.4byte at * 8
				.byte 8
				.uleb128 128 + at
				.byte 0
				.set at, at + 1
				.endr
				""", "abbreviation tables refer to the same bytes");
	}

	@Test
	void attributesWithoutAnyByteAreBounded() throws IOException {
		assertRefusedInTime("""
				.section .debug_abbrev,""
				.byte 1, 0x11, 0
				.rept 100000
				.byte 3, 0x19
				.endr
				.byte 0, 0, 0
				.section .debug_info,""
				.4byte 8
				.2byte 4
				.4byte 0
				.byte 8, 1
				""", "more than 256 attributes");
	}

	@Test
	void symbolsThatShareALongNameAreRefused() throws IOException {
		StringBuilder source = new StringBuilder();
		String tail = "x".repeat(20_000);
		for (int i = 0; i < 4000; i++) {
			// the assembler stores only the longest of names that end alike
			source.append(".set ").append(tail, 0, 20_000 - i).append(", _start\n");
		}
		assertRefusedInTime(source.toString(), "symbol names refer to the same bytes");
	}

	@Test
	void siblingThatLeadsBackwardsIsRefused() throws IOException {
		assertRefusedInTime("""
				.section .debug_abbrev,""
				.byte 1, 0x11, 1, 0, 0
				.byte 2, 0x04, 1, 1, 0x13, 0, 0
				.byte 0
				.section .debug_info,""
				.4byte 15
				.2byte 4
				.4byte 0
				.byte 8, 1, 2
				.4byte 12
				.byte 0, 0
				""", "DW_AT_sibling leads backwards");
	}

	@Test
	void functionThatIsItsOwnOriginHasTheNameOfItsSymbol() throws IOException, SymbolFileException {
		Path file = assemble("""
				.section .debug_abbrev,""
				.byte 1, 0x11, 1, 0x11, 1, 0x12, 6, 0, 0
				.byte 2, 0x2e, 0, 0x31, 0x13, 0x11, 1, 0x12, 6, 0, 0
				.byte 0
				.section .debug_info,""
				.4byte end - begin
				begin: .2byte 4
				.4byte 0
				.byte 8
				.byte 1
				.8byte _start
				.4byte 1
				self: .byte 2
				.4byte self - begin + 4
				.8byte _start
				.4byte 1
				.byte 0
				end:
				""");
		SymbolFile symbols = SymbolFile.read(file);
		symbols.checkAll();
		assertEquals("_start",
				symbols.functionAt(symbols.symbol("_start").orElseThrow().linear()).orElseThrow().name());
	}

	@Test
	void largeFileIsReadWithoutCopyingIt() throws IOException, SymbolFileException {
		SymbolFile symbols = SymbolFile.read(enlarged());
		symbols.checkAll();
		assertEquals(CompiledProgram.with("-O0", "-gdwarf-5").read().symbols(), symbols.symbols());
	}

	@Test
	void fileThatShrinksWhileInUseIsAProblemAndNoCrash() throws IOException, SymbolFileException {
		Path file = enlarged();
		SymbolFile symbols = SymbolFile.read(file);
		long start = symbols.symbol("start").orElseThrow().linear();
		try (RandomAccessFile shrinking = new RandomAccessFile(file.toFile(), "rw")) {
			shrinking.setLength(0);
		}
		assertTrue(symbols.sourceAt(start).isEmpty());
		assertEquals("start", symbols.functionAt(start).orElseThrow().name());
		assertTrue(symbols.afterPrologue("start").isPresent());
		assertTrue(symbols.problems().stream()
				.anyMatch(problem -> problem.getMessage().contains("changed while it was in use")));
	}

	private Path enlarged() throws IOException {
		Path file = directory.resolve("large");
		Files.write(file, CompiledProgram.with("-O0", "-gdwarf-5").bytes());
		try (RandomAccessFile growing = new RandomAccessFile(file.toFile(), "rw")) {
			growing.setLength(32L << 20);
		}
		return file;
	}
}
