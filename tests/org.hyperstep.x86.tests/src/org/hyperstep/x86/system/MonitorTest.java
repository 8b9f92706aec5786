/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.memory.AddressMonitor;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** "MONITOR/MWAIT Usage": what arms the monitor, what triggers it, and who may. */
@SuppressWarnings("nls")
class MonitorTest {
	private static final int LINE = 0x5_0040;
	private final SystemFixture fixture = new SystemFixture().longMode(0);
	private final PrivilegedInstructions instructions = fixture.unit.privilegedInstructions;
	private final AddressMonitor monitor = fixture.unit.monitor;

	@Test
	void storeIntoTheLineTriggersWhateverItsValue() {
		instructions.monitor(LINE + 5, 3);
		assertTrue(monitor.armed());
		fixture.unit.mmu.write32(LINE - 4, 0);
		fixture.unit.mmu.write32(LINE + 64, 1);
		assertTrue(monitor.armed(), "beside the line");
		fixture.unit.mmu.write8(LINE + 63, 0);
		assertFalse(monitor.armed());
	}

	@Test
	void deviceAndWarmTranslationTriggerToo() {
		fixture.unit.mmu.write8(LINE, 1);
		instructions.monitor(LINE, 3);
		fixture.unit.mmu.write64(LINE - 4, 0);
		assertFalse(monitor.armed(), "a store that overlaps, by a translation that was there before");
		instructions.monitor(LINE, 3);
		fixture.memory.copyIn(LINE + 8, new byte[8], 0, 8);
		assertFalse(monitor.armed(), "a device's");
	}

	@Test
	void initAndAnEventThroughTheIdtEndTheWatch() {
		instructions.monitor(LINE, 3);
		fixture.gate64(6, SystemFixture.CODE64, 0x8000, 0x8e, 0);
		fixture.unit.events.deliverFault(fixture.unit.fault.undefinedInstruction());
		assertFalse(monitor.armed());
		instructions.monitor(LINE, 3);
		fixture.unit.initialize();
		assertFalse(monitor.armed());
	}

	@Test
	void hintsExtensionsAndPrivilegeAreChecked() {
		fixture.state.general[CpuState.RCX] = 1;
		assertEquals("13(0)", fixture.outcome(() -> instructions.monitor(LINE, 3)));
		assertEquals("none", fixture.outcome(() -> instructions.mwait(3)), "interrupts as break events");
		fixture.state.general[CpuState.RCX] = 2;
		assertEquals("13(0)", fixture.outcome(() -> instructions.mwait(3)));
		fixture.state.general[CpuState.RCX] = 0;
		assertEquals("14(0)", fixture.outcome(() -> instructions.monitor(0x4000_0000, 3)));
		fixture.state.cpl = 3;
		assertEquals("6", fixture.outcome(() -> instructions.monitor(LINE, 3)));
		assertEquals("6", fixture.outcome(() -> instructions.mwait(3)));
	}

	@Test
	void firmwareCanSwitchItOffAndOnAmdGiveItToUsers() {
		ModelSpecificRegisters registers = fixture.unit.modelSpecificRegisters;
		assertTrue((leaf1(fixture) & 8) != 0);
		registers.write(MsrRow.MISC_ENABLE.index, 1);
		assertEquals(0, leaf1(fixture) & 8);
		assertEquals("6", fixture.outcome(() -> instructions.mwait(3)));
		SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1)).longMode(0);
		amd.state.cpl = 3;
		assertEquals("6", amd.outcome(() -> amd.unit.privilegedInstructions.mwait(3)));
		amd.unit.modelSpecificRegisters.write(MsrRow.HWCR.index, 1 << 24 | 1 << 10);
		assertEquals("none", amd.outcome(() -> amd.unit.privilegedInstructions.mwait(3)));
		amd.unit.modelSpecificRegisters.write(MsrRow.HWCR.index, 1 << 24 | 1 << 9);
		assertEquals(0, leaf1(amd) & 8);
	}

	private static int leaf1(SystemFixture of) {
		int[] answer = new int[4];
		of.unit.privilegedInstructions.identify(1, 0, answer);
		return answer[2];
	}

	@Test
	void leaf5TellsTheLineAndTheExtensions() {
		int[] answer = new int[4];
		fixture.unit.model.cpuid(5, 0, answer);
		assertEquals(64, answer[0]);
		assertEquals(64, answer[1]);
		assertEquals(3, answer[2]);
		ProcessorModel without = fixture.unit.model.with(Feature.MONITOR, false);
		without.cpuid(5, 0, answer);
		assertEquals(0, answer[0] | answer[1] | answer[2] | answer[3]);
	}
}
