/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.symbols;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

import org.hyperstep.symbols.CompiledProgram.NmSymbol;
import org.hyperstep.symbols.CompiledProgram.Row;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the readers say must be what objdump, nm and addr2line say, for every version of DWARF and every way to store it. */
@SuppressWarnings("nls")
class BinutilsAgreementTest {
	private static final String M32 = "-m32 -mno-sse ";

	@ParameterizedTest
	@ValueSource(strings = { "-O0 -gdwarf-2", "-O2 -gdwarf-2", "-O0 -gdwarf-3", "-O2 -gdwarf-3", "-O0 -gdwarf-4",
			"-O2 -gdwarf-4", "-O0 -gdwarf-5",
			"-O2 -gdwarf-5", "-O0 -gdwarf-5 -gz", "-O2 -gdwarf-4 -gz=zlib-gnu", "-O2 -gdwarf-5 -gdwarf64",
			"-O0 -gdwarf-4 -gdwarf64",
			"-O2 -gdwarf-5 -gsplit-dwarf", "-O2 -gdwarf-4 -gsplit-dwarf",
			"-O2 -gdwarf-5 -ffunction-sections -Wl,--gc-sections",
			"-O2 -gdwarf-5 -flto", M32 + "-O0 -gdwarf-4", M32 + "-O2 -gdwarf-5", M32 + "-O0 -gdwarf-5 -gz",
			"-O2 -gdwarf-5 -Wl,-Ttext=0xffffffff81000000 -mcmodel=kernel" })
	void agreesWithBinutils(String options) throws SymbolFileException {
		CompiledProgram program = CompiledProgram.with(options.split(" "));
		SymbolFile symbols = program.read();
		symbols.checkAll();
		rowsAreThoseOfObjdump(program, symbols);
		symbolsAreThoseOfNm(program, symbols);
		functionsAreThoseOfNm(program, symbols);
		if (options.contains("-O0")) {
			// rows that are no statements, which optimized code has, are treated as gdb does, not as addr2line
			linesAreThoseOfAddr2line(program, symbols);
		}
	}

	private static void rowsAreThoseOfObjdump(CompiledProgram program, SymbolFile symbols) {
		List<Row> rows = program.objdumpRows().stream()
				.filter(row -> row.line() != 0 && symbols.symbolAt(row.linear()).isPresent()).toList();
		assertFalse(rows.isEmpty());
		Set<String> places = rows.stream().map(row -> row.file() + ":" + row.line())
				.collect(Collectors.toCollection(TreeSet::new));
		for (String place : places) {
			String file = place.substring(0, place.indexOf(':'));
			int line = Integer.parseInt(place.substring(place.indexOf(':') + 1));
			Set<String> expected = rows.stream().filter(row -> place.equals(row.file() + ":" + row.line()))
					.map(row -> Long.toHexString(row.linear()) + " " + row.statement())
					.collect(Collectors.toCollection(TreeSet::new));
			Set<String> actual = symbols.linesOf(file, line).stream()
					.map(entry -> Long.toHexString(entry.linear()) + " " + entry.statement())
					.collect(Collectors.toCollection(TreeSet::new));
			assertEquals(expected, actual, place);
		}
	}

	private static void symbolsAreThoseOfNm(CompiledProgram program, SymbolFile symbols) {
		Set<String> expected = program.nmSymbols().stream()
				.map(s -> Long.toHexString(s.linear()) + " " + s.size() + " " + s.name())
				.collect(Collectors.toCollection(TreeSet::new));
		Set<String> actual = symbols.symbols().stream()
				.map(s -> Long.toHexString(s.linear()) + " " + s.size() + " " + s.name())
				.collect(Collectors.toCollection(TreeSet::new));
		assertEquals(expected, actual);
		for (NmSymbol symbol : program.nmSymbols()) {
			assertEquals(symbol.linear(), symbols.symbol(symbol.name()).orElseThrow().linear());
		}
	}

	private static void functionsAreThoseOfNm(CompiledProgram program, SymbolFile symbols) {
		for (NmSymbol function : program.nmSymbols()) {
			boolean isFunction = Character.toLowerCase(function.type()) == 't' && function.size() != 0;
			for (long linear = function.linear(); isFunction
					&& linear != function.linear() + function.size(); linear++) {
				assertEquals(function.name(), symbols.symbolAt(linear).orElseThrow().name());
				FunctionRange range = symbols.functionAt(linear).orElseThrow();
				assertEquals(function.name().replaceAll("\\..*", ""), range.name());
				assertEquals(function.linear(), range.low());
				assertEquals(function.linear() + function.size(), range.high());
			}
		}
	}

	private static void linesAreThoseOfAddr2line(CompiledProgram program, SymbolFile symbols) {
		List<Long> addresses = new ArrayList<>();
		for (NmSymbol function : program.nmSymbols()) {
			for (long i = 0; Character.toLowerCase(function.type()) == 't' && i < Math.max(1, function.size()); i++) {
				addresses.add(Long.valueOf(function.linear() + i));
			}
		}
		List<Integer> lines = program.addr2line(addresses);
		assertTrue(lines.stream().anyMatch(line -> line.intValue() != 0));
		for (int i = 0; i < addresses.size(); i++) {
			int line = symbols.sourceAt(addresses.get(i).longValue()).map(SourceLocation::line)
					.orElse(Integer.valueOf(0)).intValue();
			assertEquals(lines.get(i).intValue(), line, Long.toHexString(addresses.get(i).longValue()));
		}
	}
}
