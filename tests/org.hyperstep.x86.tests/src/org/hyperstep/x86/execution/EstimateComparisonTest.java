/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.x86.decode.InstructionForm;
import org.hyperstep.x86.decode.InstructionTable;
import org.hyperstep.x86.execution.CaseGenerator.Generated;
import org.junit.jupiter.api.Test;

/** RCPPS, RSQRTPS and relatives: as near to this machine's processor as the manual's bound on each one's error lets them be. */
@SuppressWarnings("nls")
class EstimateComparisonTest {
	private static final int CASES = Boolean.getBoolean("hyperstep.nightly") ? 400_000 : 8_000, BATCH = 1000;
	private static final double BOUND = 1.5 * 0x1p-12;

	@Test
	void estimatesAreWithinTheirBoundOfTheHosts() throws Exception {
		List<InstructionForm> rows = InstructionTable.forms().stream()
				.filter(row -> row.mnemonic().name().matches("V?R(CP|SQRT)[PS]S")).toList();
		assertEquals(8, rows.size());
		CaseGenerator generator = new CaseGenerator(0xe57, rows);
		EmulatedProcessor emulated = new EmulatedProcessor();
		try (HostProcessor host = new HostProcessor()) {
			for (int done = 0; done < CASES; done += BATCH) {
				List<Generated> batch = new ArrayList<>();
				for (int k = 0; k < BATCH; k++) {
					batch.add(generator.next());
				}
				HostProcessor.Outcome[] expected = host.execute(batch.stream().map(Generated::start).toList());
				for (int k = 0; k < BATCH; k++) {
					compare(batch.get(k), expected[k], emulated.execute(batch.get(k).start()));
				}
			}
		}
	}

	private static void compare(Generated generated, HostProcessor.Outcome host, HostProcessor.Outcome here) {
		String text = generated.instruction().mnemonic().name();
		assertEquals(host.trap(), here.trap(), text);
		assertEquals(host.mxcsr(), here.mxcsr(), text);
		for (int k = 0; k < 32; k++) {
			compare(text, host.xmm()[k], here.xmm()[k]);
			compare(text, host.upper()[k], here.upper()[k]);
		}
	}

	private static void compare(String text, long host, long here) {
		for (int shift = 0; shift < 64; shift += 32) {
			float expected = Float.intBitsToFloat((int) (host >>> shift));
			float actual = Float.intBitsToFloat((int) (here >>> shift));
			if (host != here && !isNear(expected, actual)) {
				assertEquals(Integer.toHexString((int) (host >>> shift)), Integer.toHexString((int) (here >>> shift)),
						text);
			}
		}
	}

	/** Both have an error of the bound at most; what is about the smallest normal number may be flushed to zero, or not. */
	private static boolean isNear(float expected, float actual) {
		if (expected == 0 && Math.copySign(1, expected) == Math.copySign(1, actual)) {
			return Math.abs(actual) <= Float.MIN_NORMAL * (1 + 2 * BOUND);
		}
		return Math.abs((double) expected - actual) <= 2 * BOUND * Math.abs((double) expected);
	}
}
