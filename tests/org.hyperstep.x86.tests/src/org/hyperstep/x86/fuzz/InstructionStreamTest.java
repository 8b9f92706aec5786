/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random instruction streams from random machine states never throw out of the engine, never hang it, and give the same
 * result on two processors with different pasts. {@code -Dhyperstep.nightly=true} runs 10 million of them,
 * {@code -Dhyperstep.streams=N} so many, {@code -Dhyperstep.streams.first=SEED} from another seed on.
 */
@SuppressWarnings("nls")
class InstructionStreamTest {
	private static final int STREAMS = Integer.getInteger("hyperstep.streams",
			Boolean.getBoolean("hyperstep.nightly") ? 10_000_000 : 20_000);
	private static final long FIRST = Long.getLong("hyperstep.streams.first", 0);
	private static final int INSTRUCTIONS = 150;
	/** Streams that the second processor executes in the meantime, so that it has seen others. */
	private static final int APART = 7;

	@Test
	@Timeout(value = 12, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void randomStreamsEndAndGiveTheSameResultTwice() {
		Arrays.stream(Vendor.values()).parallel().forEach(InstructionStreamTest::compare);
	}

	private static void compare(Vendor vendor) {
		ProcessorModel model = ProcessorModel.of(vendor, Level.V3, 0, 1);
		RandomMachine machine = new RandomMachine(model);
		RandomMachine other = new RandomMachine(model);
		Map<String, Integer> outcomes = new TreeMap<>();
		for (long seed = FIRST; seed < FIRST + STREAMS / Vendor.values().length; seed++) {
			RandomImage image = new RandomImage(seed);
			String result = run(machine, image);
			outcomes.merge(result.split(" ")[1], 1, Integer::sum);
			if (seed % APART == 0) {
				run(other, new RandomImage(seed / 2));
			}
			String again = run(other, image);
			if (!result.equals(again)) {
				assertEquals(result, again, vendor + ", seed " + seed + ": "
						+ RegisterImage.differences(machine.state(), other.state()));
			}
		}
		assertTrue(outcomes.containsKey("HOST_INTERRUPT"), outcomes.toString());
		System.out.println(vendor + ": " + outcomes);
	}

	private static String run(RandomMachine machine, RandomImage image) {
		try {
			return machine.run(image, INSTRUCTIONS);
		} catch (RuntimeException | StackOverflowError e) {
			throw new AssertionError("seed " + image.seed, e);
		}
	}
}
