/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random instruction streams from random machine states never throw out of the engine, never hang it, and give the same
 * result on two processors with different pasts. {@code -Dhyperstep.nightly=true} runs 10 million of them,
 * {@code -Dhyperstep.streams=N} so many, {@code -Dhyperstep.streams.first=SEED} from another seed on. All processors of
 * the host share the work, in portions whose streams depend on nothing but their seeds.
 */
@SuppressWarnings("nls")
class InstructionStreamTest {
	private static final int STREAMS = Integer.getInteger("hyperstep.streams",
			Boolean.getBoolean("hyperstep.nightly") ? 10_000_000 : 20_000);
	private static final long FIRST = Long.getLong("hyperstep.streams.first", 0);
	private static final int INSTRUCTIONS = 150, PORTION = 5_000;
	/** Streams that the second processor executes in the meantime, so that it has seen others. */
	private static final int APART = 7;

	@Test
	@Timeout(value = 12, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void randomStreamsEndAndGiveTheSameResultTwice() {
		long images = STREAMS / Vendor.values().length;
		Map<String, Integer> outcomes = new TreeMap<>();
		LongStream.range(0, (images + PORTION - 1) / PORTION).parallel()
				.mapToObj(portion -> compare(FIRST + portion * PORTION,
						FIRST + Math.min(images, (portion + 1) * PORTION)))
				.forEachOrdered(part -> part.forEach((what, count) -> outcomes.merge(what, count, Integer::sum)));
		assertTrue(outcomes.keySet().stream().anyMatch(what -> what.contains("HOST_INTERRUPT")), outcomes.toString());
		System.out.println(outcomes);
	}

	/** Images from one seed up to before another, each on two processors of each vendor. */
	private static Map<String, Integer> compare(long first, long end) {
		Map<String, Integer> outcomes = new TreeMap<>();
		Pair[] pairs = { new Pair(Vendor.INTEL), new Pair(Vendor.AMD) };
		RandomImage image = new RandomImage();
		RandomImage past = new RandomImage();
		for (long seed = first; seed < end; seed++) {
			image.fill(seed);
			if (seed % APART == 0) {
				past.fill(seed / 2);
			}
			for (Pair pair : pairs) {
				outcomes.merge(pair.compare(image, seed % APART == 0 ? past : image), 1, Integer::sum);
			}
		}
		return outcomes;
	}

	/** Two processors of a vendor. */
	private static final class Pair {
		private final Vendor vendor;
		private final RandomMachine one, other;

		Pair(Vendor vendor) {
			this.vendor = vendor;
			ProcessorModel model = ProcessorModel.of(vendor, Level.V3, 0, 1);
			one = new RandomMachine(model);
			other = new RandomMachine(model);
		}

		/** Returns what came of an image; the other processor has executed a past before, if that is not the image itself. */
		String compare(RandomImage image, RandomImage past) {
			String result = run(one, image);
			if (past != image) {
				run(other, past);
			}
			String again = run(other, image);
			if (!result.equals(again) || !one.memoryEquals(other)) {
				assertEquals(result, again, vendor + ", seed " + image.seed() + ": "
						+ RegisterImage.differences(one.state(), other.state()));
				throw new AssertionError(vendor + ", seed " + image.seed() + ": memory differs");
			}
			return vendor + " " + result.split(" ")[1];
		}

		private String run(RandomMachine machine, RandomImage image) {
			try {
				return machine.run(image, INSTRUCTIONS);
			} catch (RuntimeException | StackOverflowError e) {
				throw new AssertionError(vendor + ", seed " + image.seed(), e);
			}
		}
	}
}
