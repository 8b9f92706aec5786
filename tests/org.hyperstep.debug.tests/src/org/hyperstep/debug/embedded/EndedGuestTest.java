/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetConfiguration;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;

/** What is left of a guest that has ended: a launch stays in the Debug view until the user removes it. */
@SuppressWarnings("nls")
class EndedGuestTest {
	/** More than any test's Java virtual machine has. */
	private static final long TOGETHER = 2 * Runtime.getRuntime().maxMemory();

	@Test
	void closedTargetsKeepNothingOfTheGuestsMemory() throws Exception {
		Path image = GuestFixture.image(Sample.TICKER);
		long memory = Runtime.getRuntime().maxMemory() / 4 & -(1L << 20);
		List<Target> ended = new ArrayList<>();
		for (long all = 0; all < TOGETHER; all += memory) {
			Target target = GuestFixture
					.await(EmbeddedTargets.launch(TargetConfiguration.of(image).withMemory(memory)));
			target.close();
			ended.add(target);
		}
		assertEquals(0, ended.stream().filter(Target::running).count());
	}
}
