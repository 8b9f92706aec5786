/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memtest86+ of Debian's package tests the guest's memory, one whole pass, which takes a quarter of an hour and more. */
@SuppressWarnings("nls")
@EnabledIfSystemProperty(named = "hyperstep.nightly", matches = "true")
class MemoryTestTest {
	private static final long MEMORY = 64L << 20, LONGEST = 400_000_000_000L;
	private static final Pattern NO_ERRORS = Pattern.compile("Errors: +0\\b"), PASSED = Pattern.compile("Pass: +1\\b");

	@ParameterizedTest
	@CsvSource({ "VMX,1", "SVM,1", "VMX,4", "SVM,4" })
	void memtestFindsNoErrorInAWholePass(Virtualization virtualization, int cpus) throws Exception {
		Path image = LinuxGuest.installed("/boot/memtest86+x64.bin", "memtest86+");
		try (LinuxGuest test = LinuxGuest.withModules(virtualization, cpus, "linux64", image, "", List.of(), MEMORY)) {
			test.await("first error count", () -> NO_ERRORS.matcher(test.screen()).find(), LONGEST);
			test.await("whole pass without an error", () -> {
				String screen = test.screen();
				assertTrue(NO_ERRORS.matcher(screen).find(), screen);
				return PASSED.matcher(screen).find();
			}, LONGEST);
		}
	}
}
