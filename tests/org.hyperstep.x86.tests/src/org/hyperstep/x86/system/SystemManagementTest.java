/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.state.SegmentState;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@SuppressWarnings("nls")
class SystemManagementTest {
	private static final long MAP = 0x3_8000;

	private static SystemFixture guest(Vendor vendor) {
		SystemFixture fixture = new SystemFixture(ProcessorModel.of(vendor, Level.V3, 0, 1)).longMode(3);
		for (int i = 0; i < 16; i++) {
			fixture.state.general[i] = 0x1111_1111_1111_1111L * i;
		}
		fixture.state.segments[CpuState.FS].base = 0x7fff_1234_5678L;
		fixture.state.rip = 0x8123;
		fixture.state.rflags = 2 | CpuState.IF | CpuState.ZF;
		return fixture;
	}

	private static String describe(CpuState state) {
		StringBuilder text = new StringBuilder(Arrays.toString(Arrays.copyOf(state.general, 16)));
		for (SegmentState segment : state.segments) {
			text.append(' ').append(segment.selector).append(':').append(segment.base).append(':')
					.append(segment.limit).append(':').append(segment.accessRights);
		}
		return text + " " + state.rip + " " + state.rflags + " " + state.cr0 + " " + state.cr3 + " " + state.cr4 + " "
				+ state.efer + " " + state.gdtrBase + " " + state.gdtrLimit + " " + state.idtrBase + " "
				+ state.idtrLimit + " " + state.dr6 + " " + state.dr7 + " " + state.cpl + " " + state.activity;
	}

	@ParameterizedTest
	@EnumSource
	void rsmGivesBackEverythingThatAnSmiSaved(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		String before = describe(fixture.state);
		fixture.unit.systemManagement.enter();
		fixture.state.general[CpuState.RBX] = 7;
		fixture.unit.systemManagement.rsm(2);
		assertEquals(before, describe(fixture.state));
		assertFalse(fixture.state.inSystemManagementMode);
	}

	@ParameterizedTest
	@EnumSource
	void handlerBeginsAtSmbaseIn16BitCodeWithFlatSegments(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		CpuState state = fixture.state;
		fixture.unit.systemManagement.enter();
		assertEquals(0x8000, state.rip);
		assertEquals(0x3000, state.segments[CpuState.CS].selector);
		assertEquals(0x3_0000, state.segments[CpuState.CS].base);
		assertEquals(0xffff_ffffL, state.segments[CpuState.DS].limit);
		assertEquals(2, state.rflags);
		assertEquals(0, state.cr4 | state.efer | state.cpl);
		assertEquals(0, state.cr0 & (CpuState.CR0_PE | CpuState.CR0_PG | CpuState.CR0_EM | CpuState.CR0_TS));
		assertTrue(state.interruptibility.blockingByNmi);
		assertFalse(state.segments[CpuState.CS].defaultBig());
	}

	@ParameterizedTest
	@EnumSource
	void registersLieWhereTheManualPutsThem(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		boolean amd = vendor == Vendor.AMD;
		fixture.unit.systemManagement.enter();
		assertEquals(0x1111_1111_1111_1111L * 3, fixture.memory.read(MAP + (amd ? 0x7fe0 : 0x7f74), 8), "RBX");
		assertEquals(-1L, fixture.memory.read(MAP + (amd ? 0x7f80 : 0x7f1c), 8), "R15");
		assertEquals(0x8123, fixture.memory.read(MAP + (amd ? 0x7f78 : 0x7fd8), 8), "RIP");
		assertEquals(0x3_0000, fixture.memory.read(MAP + (amd ? 0x7f00 : 0x7ef8), 4), "SMBASE");
		assertEquals(SystemFixture.USER_CODE64 | 3, fixture.memory.read(MAP + (amd ? 0x7e10 : 0x7fac), 2), "CS");
		assertEquals(SystemFixture.GDT, fixture.memory.read(MAP + (amd ? 0x7e68 : 0x7e8c), 4), "GDT base");
		assertEquals(1, fixture.memory.read(MAP + 0x7efe, 1) >> 1, "SMBASE relocation");
	}

	@ParameterizedTest
	@EnumSource
	void smbaseIsRelocatedByRsmWhichTakesTheRestFromTheOldPlace(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		String before = describe(fixture.state);
		fixture.unit.systemManagement.enter();
		fixture.memory.write(MAP + (vendor == Vendor.AMD ? 0x7f00 : 0x7ef8), 4, 0x5_0000);
		fixture.unit.systemManagement.rsm(2);
		assertEquals(before, describe(fixture.state));
		fixture.unit.systemManagement.enter();
		assertEquals(0x5000, fixture.state.segments[CpuState.CS].selector);
		assertEquals(0x8123, fixture.memory.read(0x5_8000 + (vendor == Vendor.AMD ? 0x7f78 : 0x7fd8), 8));
	}

	@ParameterizedTest
	@EnumSource
	void haltIsResumedUnlessTheHandlerClearsItsRestart(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		fixture.state.activity = Activity.HALTED;
		fixture.unit.systemManagement.enter();
		assertEquals(Activity.ACTIVE, fixture.state.activity);
		fixture.unit.systemManagement.rsm(2);
		assertEquals(Activity.HALTED, fixture.state.activity);
		fixture.unit.systemManagement.enter();
		fixture.memory.write(MAP + (vendor == Vendor.AMD ? 0x7ec9 : 0x7f02), 1, 0);
		fixture.unit.systemManagement.rsm(2);
		assertEquals(Activity.ACTIVE, fixture.state.activity);
	}

	@ParameterizedTest
	@EnumSource
	void rsmOutsideIsUndefined(Vendor vendor) {
		SystemFixture fixture = guest(vendor);
		assertEquals("6", fixture.outcome(() -> fixture.unit.systemManagement.rsm(2)));
	}

	@ParameterizedTest
	@EnumSource
	void savedControlRegistersThatAreIllegalShutDown(Vendor vendor) {
		boolean amd = vendor == Vendor.AMD;
		for (long[] illegal : new long[][] { { amd ? 0x7f58 : 0x7ff8, CpuState.CR0_PG },
				{ amd ? 0x7f58 : 0x7ff8, CpuState.CR0_PE | CpuState.CR0_NW }, { amd ? 0x7f48 : 0x7e40, 1 << 15 },
				{ amd ? 0x7ed0 : 0x7fe0, 2 } }) {
			SystemFixture fixture = guest(vendor);
			fixture.unit.systemManagement.enter();
			fixture.memory.write(MAP + illegal[0], 8, illegal[1]);
			fixture.unit.systemManagement.rsm(2);
			assertEquals(Activity.SHUTDOWN, fixture.state.activity, Long.toHexString(illegal[1]));
		}
	}
}
