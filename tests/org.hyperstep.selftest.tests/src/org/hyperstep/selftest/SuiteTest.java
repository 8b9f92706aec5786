/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every check of every suite passes. */
@SuppressWarnings("nls")
class SuiteTest {
	/** 100,000 programs each time, five million in nightly mode. */
	private static final long PROGRAMS = Boolean.getBoolean("hyperstep.nightly") ? 5_000_000 : 100_000;
	private static final Suite.Options OPTIONS = new Suite.Options(PROGRAMS, 1);

	private static Stream<DynamicTest> tests(Suite suite) {
		return suite.checks(OPTIONS).stream().map(check -> DynamicTest.dynamicTest(check.name(), () -> {
			Check.Result result = check.run(suite.label());
			assertTrue(result.passed(), result.text());
		}));
	}

	@TestFactory
	Stream<DynamicTest> debugRegisters() {
		return tests(Suite.DEBUG_REGISTERS);
	}

	@TestFactory
	Stream<DynamicTest> timerStorm() {
		return tests(Suite.TIMER_STORM);
	}

	@TestFactory
	Stream<DynamicTest> rules() {
		return tests(Suite.RULES);
	}

	@TestFactory
	Stream<DynamicTest> nested() {
		return tests(Suite.NESTED);
	}

	@TestFactory
	Stream<DynamicTest> nonStop() {
		return tests(Suite.NON_STOP);
	}

	/** On all processors at once. */
	@Test
	void transparentStepping() {
		List<Check.Result> failed = Suite.TRANSPARENT_STEPPING.checks(OPTIONS).parallelStream()
				.map(check -> check.run(Suite.TRANSPARENT_STEPPING.label())).filter(result -> !result.passed())
				.toList();
		assertTrue(failed.isEmpty(), failed.toString());
	}

	@ParameterizedTest
	@EnumSource
	void everySuiteHasChecks(Suite suite) {
		assertFalse(suite.checks(Suite.Options.DEFAULT).isEmpty());
	}
}
