/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The guest's registers, memory and output after N steps equal those after N freely executed instructions under the
 * same schedule of interrupts.
 */
@SuppressWarnings("nls")
class TransparentSteppingTest {
	private static final int MEMORY = 64 << 20, CHUNK = 1 << 20;

	@ParameterizedTest
	@EnumSource
	void seamsSteppedEqualsSeamsRun(StepCase column) {
		assertSteppedEqualsRun(column, Sample.SEAMS, "");
	}

	@ParameterizedTest
	@EnumSource
	void tickerSteppedIntoItsHandlerEqualsTickerRun(StepCase column) {
		assertSteppedEqualsRun(column, Sample.TICKER, "rounds=1 period=300");
	}

	private static void assertSteppedEqualsRun(StepCase column, Sample sample, String commandLine) {
		SampleGuest free = new SampleGuest(sample, column, commandLine);
		SampleGuest stepped = new SampleGuest(sample, column, commandLine);
		VcpuStop end = free.runToStop();
		VcpuStop stop;
		do {
			stop = stepped.cpu.step();
		} while (stop instanceof VcpuStop.StepDone);
		assertInstanceOf(VcpuStop.MachineExit.class, stop, stop.toString());
		assertEquals(end, stop);
		assertEquals(free.serial(), stepped.serial());
		assertEquals(free.cpu.retired(), stepped.cpu.retired());
		assertEquals(free.guest.time(), stepped.guest.time());
		for (GuestRegister register : GuestRegister.values()) {
			assertEquals(free.cpu.read(register), stepped.cpu.read(register), register.name());
		}
		assertSameMemory(free, stepped);
	}

	private static void assertSameMemory(SampleGuest one, SampleGuest other) {
		byte[] first = new byte[CHUNK];
		byte[] second = new byte[CHUNK];
		for (int at = 0; at < MEMORY; at += CHUNK) {
			int length = one.cpu.memory().readPhysical(at, first, 0, CHUNK);
			assertEquals(length, other.cpu.memory().readPhysical(at, second, 0, CHUNK));
			assertArrayEquals(first, second, "memory from 0x" + Integer.toHexString(at) + " on");
		}
	}
}
