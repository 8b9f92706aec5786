/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.event.EventArbiter.Boundary;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class FastSystemCallsTest {
	private final SystemFixture intel = new SystemFixture();
	private final SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1));

	private static void star(SystemFixture fixture) {
		fixture.state.star = 0x0023_0010L << 32;
		fixture.state.lstar = 0xffff_8000_0000_1000L;
		fixture.state.cstar = 0xffff_8000_0000_2000L;
		fixture.state.syscallMask = CpuState.TF | CpuState.IF;
	}

	@Test
	void syscallSavesRipAndFlagsAndMasks() {
		for (SystemFixture fixture : new SystemFixture[] { intel, amd }) {
			fixture.longMode(3);
			star(fixture);
			fixture.state.rflags = 2 | CpuState.IF | CpuState.CF;
			assertEquals(0xffff_8000_0000_1000L, fixture.unit.fastSystemCalls.syscall(0x8002));
			assertEquals(0x8002, fixture.state.general[CpuState.RCX]);
			assertEquals(2 | CpuState.IF | CpuState.CF, fixture.state.general[11]);
			assertEquals(2 | CpuState.CF, fixture.state.rflags);
			assertEquals(0x10, fixture.state.segments[CpuState.CS].selector);
			assertEquals(0x18, fixture.state.segments[CpuState.SS].selector);
			assertEquals(0, fixture.state.cpl);
		}
	}

	@Test
	void maskedTrapFlagTakesNoTrapAfterSyscall() {
		intel.longMode(3);
		star(intel);
		intel.state.rflags |= CpuState.TF;
		intel.unit.events.stateChanged();
		assertEquals(Boundary.ONE_INSTRUCTION, intel.unit.events.boundary());
		intel.state.rip = intel.unit.fastSystemCalls.syscall(0x8002);
		intel.unit.events.instructionCompleted();
		assertEquals(Boundary.FREE, intel.unit.events.boundary());
		assertEquals(CpuState.TF, intel.state.general[11] & CpuState.TF);
	}

	@Test
	void sysretThatSetsTrapFlagTrapsAtOnce() {
		intel.longMode(0);
		star(intel);
		intel.state.general[11] = 2 | CpuState.TF;
		intel.state.rip = intel.unit.fastSystemCalls.sysret(true);
		intel.unit.events.instructionCompleted();
		assertTrue(intel.state.interruptibility.pendingDebugExceptions != 0);
	}

	@Test
	void syscallInCompatibilityModeIsAmdsOnly() {
		for (SystemFixture fixture : new SystemFixture[] { intel, amd }) {
			fixture.longMode(3);
			star(fixture);
			fixture.state.segments[CpuState.CS].set(0x23, 0, 0xffff_ffffL, 0xc0fb);
		}
		assertEquals("6", intel.outcome(() -> intel.unit.fastSystemCalls.syscall(0x8002)));
		assertEquals(0xffff_8000_0000_2000L, amd.unit.fastSystemCalls.syscall(0x8002));
	}

	@Test
	void syscallNeedsSce() {
		intel.longMode(3);
		intel.state.efer &= ~CpuState.EFER_SCE;
		assertEquals("6", intel.outcome(() -> intel.unit.fastSystemCalls.syscall(0x8002)));
	}

	@Test
	void sysretReturnsToLevelThree() {
		intel.longMode(0);
		star(intel);
		intel.state.general[CpuState.RCX] = 0x8002;
		intel.state.general[11] = -1;
		assertEquals(0x8002, intel.unit.fastSystemCalls.sysret(true));
		assertEquals(0x33, intel.state.segments[CpuState.CS].selector);
		assertEquals(0x2b, intel.state.segments[CpuState.SS].selector);
		assertEquals(3, intel.state.cpl);
		assertEquals(0x3c7fd7, intel.state.rflags, "RF and VM are not loaded");
		assertEquals("13(0)", intel.outcome(() -> intel.unit.fastSystemCalls.sysret(true)));
	}

	@Test
	void sysretToANonCanonicalAddressFaultsAtLevelZeroOnIntelOnly() {
		intel.longMode(0);
		amd.longMode(0);
		star(intel);
		star(amd);
		intel.state.general[CpuState.RCX] = 1L << 47;
		amd.state.general[CpuState.RCX] = 1L << 47;
		assertEquals("13(0)", intel.outcome(() -> intel.unit.fastSystemCalls.sysret(true)));
		assertEquals(0, intel.state.cpl);
		assertEquals(1L << 47, amd.unit.fastSystemCalls.sysret(true));
		assertEquals(3, amd.state.cpl);
	}

	@Test
	void amdsSysretLeavesTheHiddenPartOfSs() {
		amd.longMode(0);
		star(amd);
		amd.state.segments[CpuState.SS].set(0, 0, 0, 1 << 16);
		amd.unit.fastSystemCalls.sysret(true);
		assertTrue(amd.state.segments[CpuState.SS].unusable());
		assertEquals(0x2b, amd.state.segments[CpuState.SS].selector);
	}

	@Test
	void sysenterAndSysexitUseTheirSelectors() {
		intel.longMode(3);
		intel.state.sysenterCs = 0x10;
		intel.state.sysenterEip = 0x1000;
		intel.state.sysenterEsp = 0x2000;
		intel.state.rflags |= CpuState.IF;
		assertEquals(0x1000, intel.unit.fastSystemCalls.sysenter());
		assertEquals(0x2000, intel.state.general[CpuState.RSP]);
		assertEquals(0, intel.state.rflags & CpuState.IF);
		assertEquals(0x18, intel.state.segments[CpuState.SS].selector);
		intel.state.general[CpuState.RDX] = 0x8002;
		intel.state.general[CpuState.RCX] = 0x9000;
		assertEquals(0x8002, intel.unit.fastSystemCalls.sysexit(true));
		assertEquals(0x33, intel.state.segments[CpuState.CS].selector);
		assertEquals(0x3b, intel.state.segments[CpuState.SS].selector);
		amd.longMode(3);
		assertEquals("6", amd.outcome(amd.unit.fastSystemCalls::sysenter), "AMD has it in legacy mode only");
	}

	@Test
	void swapgsExchangesTheBases() {
		intel.longMode(0);
		intel.state.segments[CpuState.GS].base = 1;
		intel.state.kernelGsBase = 2;
		intel.unit.fastSystemCalls.swapgs();
		assertEquals(2, intel.state.segments[CpuState.GS].base);
		assertEquals(1, intel.state.kernelGsBase);
		intel.longMode(3);
		assertEquals("13(0)", intel.outcome(intel.unit.fastSystemCalls::swapgs));
	}
}
