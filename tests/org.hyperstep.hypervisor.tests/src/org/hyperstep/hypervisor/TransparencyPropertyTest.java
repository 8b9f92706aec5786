/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * For every program, start state, virtualization and mechanism: the guest's registers, memory and pending events after N
 * debugger steps equal those after N freely executed instructions under the same schedule of interrupts.
 */
@SuppressWarnings("nls")
class TransparencyPropertyTest {
	private static final int PROGRAMS = Boolean.getBoolean("hyperstep.nightly") ? 5000 : 60, SNIPPETS = 40;
	private static final long LONGEST = 2_000_000;
	private static final int LOW_MEMORY = 0x9_0000;

	@ParameterizedTest
	@EnumSource
	void steppedProgramsEqualFreeOnes(StepCase column) {
		for (int seed = 1; seed <= PROGRAMS; seed++) {
			assertSame(column, seed, EventMask.NONE);
		}
	}

	@ParameterizedTest
	@EnumSource
	void maskedStepsEqualMaskedRuns(StepCase column) {
		for (int seed = 1; seed <= PROGRAMS; seed++) {
			assertSame(column, 1_000_000 + seed, EventMask.ALL);
		}
	}

	private static void assertSame(StepCase column, long seed, EventMask mask) {
		GeneratedProgram program = new GeneratedProgram(seed, SNIPPETS, !mask.interrupts());
		BareGuest free = program.load(column.virtualization);
		BareGuest stepped = program.load(column.virtualization);
		free.cpu.setMask(mask);
		stepped.cpu.setMask(mask);
		stepped.cpu.setStepMechanism(column.mechanism);
		VcpuStop end = free.guest.run(LONGEST);
		assertInstanceOf(VcpuStop.MachineExit.class, end, "program " + seed);
		VcpuStop stop;
		do {
			stop = stepped.cpu.step();
		} while (stop instanceof VcpuStop.StepDone);
		String name = column + ", program " + seed;
		assertEquals(end, stop, name);
		assertEquals(free.cpu.retired(), stepped.cpu.retired(), name);
		for (GuestRegister register : GuestRegister.values()) {
			assertEquals(free.cpu.read(register), stepped.cpu.read(register), name + ": " + register);
		}
		assertEquals(free.cpu.pendingEvents(), stepped.cpu.pendingEvents(), name);
		assertArrayEquals(memory(free, 0, LOW_MEMORY), memory(stepped, 0, LOW_MEMORY), name);
		assertArrayEquals(memory(free, BareGuest.CODE, 0x20_0000), memory(stepped, BareGuest.CODE, 0x20_0000), name);
	}

	private static byte[] memory(BareGuest guest, long from, int length) {
		byte[] bytes = new byte[length];
		assertEquals(length, guest.cpu.memory().readPhysical(from, bytes, 0, length));
		return bytes;
	}
}
