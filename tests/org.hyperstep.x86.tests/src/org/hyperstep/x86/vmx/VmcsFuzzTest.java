/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;

import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;

/** A guest hypervisor with wrong VMCSs gets what the manual says, never an exception out of the engine or a hang. */
@SuppressWarnings("nls")
class VmcsFuzzTest {
	private static final int ROUNDS = Boolean.getBoolean("hyperstep.nightly") ? 1_000_000 : 3_000;
	private static final VmcsField[] FIELDS = VmcsField.values();
	private static final long[] EDGES = { 0, 1, -1, 0x1000, 0xfff, 1L << 31, 1L << 46, 0x8000_0000_0000_0000L,
			0xffff_ffffL };

	@Test
	void randomControlStructuresNeverBreakTheEngine() {
		SplittableRandom random = new SplittableRandom(20);
		GuestHypervisorFixture fixture = launching(NOP + CPUID);
		for (int round = 0; round < ROUNDS; round++) {
			if (round % 50 == 0) {
				fixture = launching(NOP + CPUID);
			}
			mutate(fixture, random);
			fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
			fixture.memory.load(fixture.state);
			fixture.state.cr4 |= 1 << 13;
			fixture.state.activity = org.hyperstep.x86.state.CpuState.Activity.ACTIVE;
			fixture.processor.contexts().drop();
			fixture.processor.stateReplaced();
			long before = fixture.processor.retired();
			fixture.processor.setDeadline(before + 60);
			fixture.processor.run();
			assertTrue(fixture.processor.retired() - before < 1_000, "round " + round);
		}
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
