/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionTable;
import org.junit.jupiter.api.Test;

/**
 * User-mode instructions leave what this machine's processor leaves: registers, flags, memory, exceptions, in 64-bit mode
 * and in compatibility mode. {@code -Dhyperstep.nightly=true} runs a hundred times as many cases;
 * {@code -Dhyperstep.oracle.only=REGEX} those of some mnemonics, {@code -Dhyperstep.oracle.cases=N} so many.
 */
@SuppressWarnings("nls")
class HostComparisonTest {
	private static final boolean NIGHTLY = Boolean.getBoolean("hyperstep.nightly");
	private static final long CASES = Long.getLong("hyperstep.oracle.cases", NIGHTLY ? 20_000_000 : 200_000);
	private static final String ONLY = System.getProperty("hyperstep.oracle.only", ".*");

	@Test
	void instructionsLeaveWhatTheHostLeaves() throws Exception {
		List<InstructionForm> rows = HostRows.compared().stream().filter(row -> row.mnemonic().name().matches(ONLY))
				.toList();
		HostComparison comparison = new HostComparison();
		long before = System.nanoTime();
		comparison.compare(rows, CASES, NIGHTLY ? 0x5eed_5eedL : 0x5eed);
		double seconds = (System.nanoTime() - before) / 1e9;
		System.out.printf("host oracle: %d cases of %d rows, %d differ, %.0f cases a second%n", comparison.count(),
				rows.size(), comparison.differing().values().stream().mapToInt(Integer::intValue).sum(),
				comparison.count() / seconds);
		assertTrue(comparison.differing().isEmpty(), () -> comparison.differing() + "\n" + comparison.reports());
	}

	@Test
	void eachRowIsComparedOrHasAReasonNotToBe() {
		Map<String, Integer> leftOut = HostRows.leftOut();
		leftOut.forEach((reason, rows) -> System.out.println("host oracle leaves out " + rows + " rows: " + reason));
		int others = leftOut.values().stream().mapToInt(Integer::intValue).sum();
		assertEquals(InstructionTable.forms().size(), HostRows.compared().size() + others);
		List<String> without = new ArrayList<>();
		for (InstructionForm row : HostRows.compared()) {
			try {
				new CaseGenerator(1, List.of(row)).next();
			} catch (AssertionError e) {
				without.add(row.toString());
			}
		}
		assertEquals(List.of(), without);
	}
}
