/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.hyperstep.x86.virtualization.TouchedPages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A guest hypervisor with wrong VMCSs gets what the manual says, never an exception out of the engine or a hang. 3,000
 * rounds of fixed seeds; {@code -Dhyperstep.nightly=true} makes one million, {@code -Dhyperstep.structures=N} so many, on
 * all processors of the host.
 */
@SuppressWarnings("nls")
class VmcsFuzzTest {
	private static final int ROUNDS = Integer.getInteger("hyperstep.structures",
			Boolean.getBoolean("hyperstep.nightly") ? 1_000_000 : 3_000);
	/** Rounds of one seed, and those of them that a VMCS grows worse through. */
	private static final int PORTION = 1_000, SERIES = 50;
	private static final int INSTRUCTIONS = 60;
	private static final VmcsField[] FIELDS = VmcsField.values();
	private static final long[] EDGES = { 0, 1, -1, 0x1000, 0xfff, 1L << 31, 1L << 46, 0x8000_0000_0000_0000L,
			0xffff_ffffL };

	@Test
	@Timeout(value = 1, unit = TimeUnit.HOURS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void randomControlStructuresNeverBreakTheEngine() {
		IntStream.range(0, (ROUNDS + PORTION - 1) / PORTION).parallel()
				.forEach(portion -> launch(portion, Math.min(PORTION, ROUNDS - portion * PORTION)));
	}

	private static void launch(int seed, int rounds) {
		SplittableRandom random = new SplittableRandom(seed);
		GuestHypervisorFixture fixture = new GuestHypervisorFixture();
		TouchedPages pages = new TouchedPages(fixture.memory.physical);
		for (int round = 0; round < rounds; round++) {
			if (round % SERIES == 0) {
				pages.restore();
				fixture.relaunch(NOP + CPUID);
			}
			try {
				launch(fixture, random);
			} catch (RuntimeException | AssertionError e) {
				throw new AssertionError("seed " + seed + ", round " + round, e);
			}
		}
	}

	private static void launch(GuestHypervisorFixture fixture, SplittableRandom random) {
		mutate(fixture, random);
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.memory.load(fixture.state);
		fixture.state.cr4 |= CpuState.CR4_VMXE;
		fixture.state.activity = Activity.ACTIVE;
		fixture.processor.contexts().drop();
		fixture.processor.stateReplaced();
		long before = fixture.processor.retired();
		fixture.processor.setDeadline(before + INSTRUCTIONS);
		fixture.processor.run();
		assertTrue(fixture.processor.retired() - before < 1_000, "it did not end");
	}

	private static void mutate(GuestHypervisorFixture fixture, SplittableRandom random) {
		Vmcs vmcs = fixture.processor.vmx().currentVmcs();
		if (vmcs == null) {
			return;
		}
		vmcs.launched = false;
		for (int i = random.nextInt(1, 5); i > 0; i--) {
			VmcsField field = FIELDS[random.nextInt(FIELDS.length)];
			long value = switch (random.nextInt(3)) {
				case 0 -> vmcs.read(field) ^ 1L << random.nextInt(64);
				case 1 -> EDGES[random.nextInt(EDGES.length)];
				default -> random.nextLong();
			};
			vmcs.write(field, value);
		}
	}
}
