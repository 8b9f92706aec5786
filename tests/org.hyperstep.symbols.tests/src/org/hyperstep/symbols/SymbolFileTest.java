/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.hyperstep.symbols.CompiledProgram.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("nls")
class SymbolFileTest {
	private static final long SLIDE = 0x1e00_0000;

	private final CompiledProgram plain = CompiledProgram.with("-O0", "-gdwarf-5");
	private final CompiledProgram optimized = CompiledProgram.with("-O2", "-gdwarf-5");

	private static int lineAt(SymbolFile symbols, long linear) {
		return symbols.sourceAt(linear).orElseThrow().line();
	}

	@Test
	void breakpointOnALineIsItsFirstStatement() throws SymbolFileException {
		long[] addresses = plain.read().breakpointAddresses("main.c", 7);
		assertEquals(1, addresses.length);
		List<Row> rows = plain.objdumpRows().stream().filter(row -> row.file().equals("main.c") && row.line() == 7)
				.toList();
		assertEquals(rows.get(0).linear(), addresses[0]);
	}

	@Test
	void breakpointOnALineWithoutCodeMovesToTheNextLineWithCode() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		assertArrayEquals(symbols.breakpointAddresses("main.c", 16), symbols.breakpointAddresses("main.c", 15));
		assertEquals(6, lineAt(symbols, symbols.breakpointAddresses("main.c", 4)[0]));
	}

	@Test
	void breakpointBeyondTheLastLineIsNowhere() throws SymbolFileException {
		assertEquals(0, plain.read().breakpointAddresses("main.c", 1000).length);
		assertEquals(0, plain.read().breakpointAddresses("absent.c", 1).length);
	}

	@Test
	void loopHeadHasOneBreakpointAtItsLowestAddress() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		assertTrue(symbols.linesOf("main.c", 8).size() > 1);
		assertArrayEquals(new long[] { symbols.linesOf("main.c", 8).get(0).linear() },
				symbols.breakpointAddresses("main.c", 8));
	}

	@Test
	void lineOfAnInlinedFunctionHasABreakpointInEachExpansion() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		long[] addresses = symbols.breakpointAddresses("lib/inline.h", 4);
		Set<String> functions = Arrays.stream(addresses)
				.mapToObj(linear -> symbols.functionAt(linear).orElseThrow().name())
				.collect(Collectors.toSet());
		assertEquals(Set.of("sum", "twice", "start"), functions);
		for (long linear : addresses) {
			assertEquals("square", symbols.inlinedAt(linear).get(0).name());
		}
	}

	@Test
	void inlinedFunctionTellsTheLineOfItsCall() throws SymbolFileException {
		SymbolFile symbols = optimized.read();
		FunctionRange twice = symbols.functionAt(symbols.symbol("twice").orElseThrow().linear()).orElseThrow();
		boolean found = false;
		for (long linear = twice.low(); linear < twice.high(); linear++) {
			for (InlinedFunction inlined : symbols.inlinedAt(linear)) {
				assertEquals("square", inlined.name());
				assertEquals(16, inlined.callLine());
				found = true;
			}
		}
		assertTrue(found);
	}

	@Test
	void fileIsFoundByNamePathAndLastComponents() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		List<LineEntry> expected = symbols.linesOf("lib/helper.c", 4);
		assertFalse(expected.isEmpty());
		assertEquals(expected, symbols.linesOf("helper.c", 4));
		assertEquals(expected, symbols.linesOf(plain.directory().resolve("lib/helper.c").toString(), 4));
		assertEquals(expected, symbols.linesOf("./lib/../lib/helper.c", 4));
		assertEquals(List.of(), symbols.linesOf("elper.c", 4));
	}

	@ParameterizedTest
	@ValueSource(strings = { "-gdwarf-2", "-gdwarf-3", "-gdwarf-4", "-gdwarf-5" })
	void sourcePathIsTheFileCompiled(String version) throws SymbolFileException {
		CompiledProgram program = CompiledProgram.with("-O0", version);
		SymbolFile symbols = program.read();
		for (String function : List.of("start", "helper", "_start")) {
			SourceLocation location = symbols.sourceAt(symbols.symbol(function).orElseThrow().linear()).orElseThrow();
			assertTrue(Files.exists(Path.of(location.path())), location.toString());
			assertEquals(program.directory().toString(), location.compilationDirectory());
		}
		assertTrue(symbols.sourceFiles().stream().anyMatch(file -> file.path().endsWith("/lib/inline.h")));
	}

	@Test
	void afterPrologueIsTheSecondLineEntryOfAFunctionWithAFrame() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		for (String function : List.of("start", "sum", "twice", "helper")) {
			long low = symbols.symbol(function).orElseThrow().linear();
			long second = plain.objdumpRows().stream().mapToLong(Row::linear).filter(linear -> linear > low).min()
					.orElseThrow();
			assertEquals(Optional.of(Long.valueOf(second)), symbols.afterPrologue(function));
		}
	}

	@Test
	void afterPrologueOfAFunctionWithoutAFrameIsItsEntry() throws SymbolFileException {
		SymbolFile symbols = optimized.read();
		assertEquals(Optional.of(Long.valueOf(symbols.symbol("helper").orElseThrow().linear())),
				symbols.afterPrologue("helper"));
		assertEquals(Optional.empty(), symbols.afterPrologue("absent"));
		assertEquals(Optional.empty(), symbols.afterPrologue("result"));
	}

	@Test
	void afterPrologueWithoutDebugInformationPassesTheFrameSetUp() throws SymbolFileException {
		SymbolFile symbols = CompiledProgram.with("-O0", "-g0", "-fcf-protection=none").read();
		long low = symbols.symbol("helper").orElseThrow().linear();
		assertEquals(Optional.of(Long.valueOf(low + 4)), symbols.afterPrologue("helper")); // PUSH RBP; MOV RBP, RSP
		assertEquals("helper", symbols.functionAt(low + 1).orElseThrow().name());
		assertTrue(symbols.sourceAt(low).isEmpty());
	}

	@Test
	void lineRangeHoldsTheConsecutiveRowsOfALine() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		long start = symbols.breakpointAddresses("main.c", 21)[0];
		long next = symbols.breakpointAddresses("main.c", 22)[0];
		for (long linear = start; linear < next; linear++) {
			assertEquals(Optional.of(new AddressRange(start, next)), symbols.lineRange(linear));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "-O0", "-O1", "-O2", "-O3" })
	void lineRangeEndsOnlyWhereAnotherStatementBegins(String level) throws SymbolFileException {
		CompiledProgram program = CompiledProgram.with(level, "-gdwarf-5");
		SymbolFile symbols = program.read();
		Set<Long> statements = program.objdumpRows().stream().filter(row -> row.statement() || row.line() == 0)
				.map(Row::linear)
				.collect(Collectors.toSet());
		for (Row row : program.objdumpRows()) {
			if (row.line() != 0) {
				AddressRange range = symbols.lineRange(row.linear()).orElseThrow();
				assertTrue(range.contains(row.linear()));
				assertTrue(statements.contains(Long.valueOf(range.high())), range.toString());
			}
		}
	}

	@Test
	void rebasedFileMovesEveryAddress() throws SymbolFileException {
		SymbolFile linked = plain.read();
		SymbolFile moved = linked.rebased(SLIDE - 16).rebased(16);
		long start = linked.symbol("start").orElseThrow().linear();
		assertEquals(start + SLIDE, moved.symbol("start").orElseThrow().linear());
		assertEquals("start", moved.symbolAt(start + SLIDE + 1).orElseThrow().name());
		assertEquals(linked.sourceAt(start), moved.sourceAt(start + SLIDE));
		assertEquals(linked.functionAt(start).orElseThrow().high() + SLIDE,
				moved.functionAt(start + SLIDE).orElseThrow().high());
		assertEquals(linked.afterPrologue("start").orElseThrow().longValue() + SLIDE,
				moved.afterPrologue("start").orElseThrow().longValue());
		assertEquals(linked.linesOf("main.c", 9).get(0).linear() + SLIDE, moved.linesOf("main.c", 9).get(0).linear());
		assertEquals(linked.breakpointAddresses("main.c", 9)[0] + SLIDE, moved.breakpointAddresses("main.c", 9)[0]);
		assertEquals(linked.lineRange(start).orElseThrow().high() + SLIDE,
				moved.lineRange(start + SLIDE).orElseThrow().high());
		assertTrue(moved.symbolAt(start).isEmpty());
		assertEquals(linked.symbols().get(0).linear() + SLIDE, moved.symbols().get(0).linear());
	}

	@Test
	void symbolAtIsTheNearestLabelWhereNoFunctionContainsTheAddress() throws SymbolFileException {
		SymbolFile symbols = plain.read();
		Symbol halt = symbols.symbol("halt").orElseThrow();
		assertEquals(Symbol.Kind.LABEL, halt.kind());
		assertEquals(halt, symbols.symbolAt(halt.linear() + 1).orElseThrow());
		assertEquals(Symbol.Kind.OBJECT, symbols.symbol("result").orElseThrow().kind());
		assertTrue(symbols.symbolAt(symbols.symbol("result").orElseThrow().linear()).isEmpty());
	}

	@Test
	void strippedFileHasNoSymbolsAndNoProblems() throws SymbolFileException {
		plain.tool("strip", "-o", "stripped", "program");
		SymbolFile symbols = SymbolFile.read(plain.directory().resolve("stripped"));
		symbols.checkAll();
		assertTrue(symbols.symbols().isEmpty());
		assertTrue(symbols.sourceFiles().isEmpty());
	}

	@Test
	void fileOfDebugInformationAloneAnswersLikeTheWholeFile() throws SymbolFileException {
		plain.tool("objcopy", "--only-keep-debug", "program", "program.debug");
		SymbolFile symbols = SymbolFile.read(plain.directory().resolve("program.debug"));
		assertArrayEquals(plain.read().breakpointAddresses("main.c", 9), symbols.breakpointAddresses("main.c", 9));
		assertEquals(plain.read().symbols(), symbols.symbols());
	}

	@Test
	void prologueEndMarksWhereAFunctionBreakpointGoes() throws Exception {
		Files.writeString(plain.directory().resolve("marked.s"), """
				.file 1 "marked.src"
				.globl _start
				.type _start, @function
				_start:
				.loc 1 10
				nop
				.loc 1 11
				nop
				.loc 1 12 7 prologue_end
				nop
				.size _start, . - _start
				""");
		plain.tool("gcc", "-c", "-o", "marked.o", "marked.s");
		plain.tool("ld", "-o", "marked", "marked.o");
		SymbolFile symbols = SymbolFile.read(plain.directory().resolve("marked"));
		long low = symbols.symbol("_start").orElseThrow().linear();
		assertEquals(Optional.of(Long.valueOf(low + 2)), symbols.afterPrologue("_start"));
		assertEquals(7, symbols.sourceAt(low + 2).orElseThrow().column());
	}
}
