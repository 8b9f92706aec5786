/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.SystemFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class FarTransfersTest {
	private static final int GATE = 0x70;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final FarTransfers far = fixture.unit.farTransfers;

	private void callGate(int selector, long offset, int rights, int parameters) {
		fixture.descriptor(GATE, offset & 0xffff | (long) selector << 16 | (long) parameters << 32
				| (long) rights << 40 | (offset >>> 16 & 0xffff) << 48);
		fixture.descriptor(GATE + 8, offset >>> 32);
	}

	@Test
	void realModeJumpLoadsTheSegment() {
		assertEquals(0x1234, far.jump(0xf000, 0x1234, 16, 0));
		assertEquals(0xf0000, state.segments[CpuState.CS].base);
		assertEquals("13(0)", fixture.outcome(() -> far.jump(0, 0x1_0000, 32, 0)));
	}

	@Test
	void jumpSwitchesBetweenTheCodeSizes() {
		fixture.longMode(0);
		assertEquals(0x1234, far.jump(CODE32, 0x1234, 32, 0));
		assertTrue(!state.in64BitMode());
		assertEquals(0x5678, far.jump(CODE64, 0x5678, 32, 0));
		assertTrue(state.in64BitMode());
	}

	@Test
	void directTransfersCheckPrivilege() {
		fixture.protectedMode(0);
		assertEquals("13(8)", fixture.outcome(() -> far.jump(CODE32 | 3, 0, 32, 0)));
		assertEquals("13(20)", fixture.outcome(() -> far.jump(USER_CODE32, 0, 32, 0)));
		assertEquals("13(10)", fixture.outcome(() -> far.jump(DATA, 0, 32, 0)));
		assertEquals("13(0)", fixture.outcome(() -> far.jump(0, 0, 32, 0)));
		fixture.protectedMode(3);
		assertEquals(0x77, far.jump(CONFORMING, 0x77, 32, 0));
		assertEquals(CONFORMING | 3, state.segments[CpuState.CS].selector, "CPL stays");
		fixture.descriptor(CODE16, 0x008f1b000000ffffL).protectedMode(0);
		assertEquals("11(50)", fixture.outcome(() -> far.jump(CODE16, 0, 32, 0)));
	}

	@Test
	void offsetBeyondTheLimitFaults() {
		fixture.protectedMode(0).descriptor(CODE16, 0x00009b000000ffffL);
		assertEquals("13(0)", fixture.outcome(() -> far.jump(CODE16, 0x1_0000, 32, 0)));
		fixture.longMode(0);
		assertEquals("13(0)", fixture.outcome(() -> far.jump(CODE64, 0x8000_0000_0000L, 64, 0)));
	}

	@Test
	void callPushesAndRetReturns() {
		fixture.protectedMode(0);
		assertEquals(0x1000, far.call(CODE32, 0x1000, 32, 0x8007));
		assertEquals(0x8ff8, state.general[CpuState.RSP]);
		assertEquals(0x8007, fixture.stacked(0, 4));
		assertEquals(CODE32, fixture.stacked(1, 4));
		assertEquals(0x8007, far.ret(32, 8));
		assertEquals(0x9008, state.general[CpuState.RSP]);
	}

	@Test
	void callGateSwitchesStackAndCopiesParameters() {
		fixture.protectedMode(3);
		fixture.memory.write(TSS + 4, 4, 0xa000);
		fixture.memory.write(TSS + 8, 4, DATA);
		fixture.memory.write(0x9000, 8, 0x2222_2222_1111_1111L);
		callGate(CODE32, 0x6000, 0xec, 2);
		assertEquals(0x6000, far.call(GATE | 3, 0, 32, 0x8007));
		assertEquals(0, state.cpl);
		assertEquals(CODE32, state.segments[CpuState.CS].selector);
		assertEquals(0xa000 - 24, state.general[CpuState.RSP]);
		assertEquals(0x8007, fixture.stacked(0, 4));
		assertEquals(USER_CODE32 | 3, fixture.stacked(1, 4));
		assertEquals(0x1111_1111, fixture.stacked(2, 4));
		assertEquals(0x2222_2222, fixture.stacked(3, 4));
		assertEquals(0x9000, fixture.stacked(4, 4));
		assertEquals(USER_DATA | 3, fixture.stacked(5, 4));
		state.segments[CpuState.DS].set(DATA, 0, 0xffff_ffffL, 0xc093);
		assertEquals(0x8007, far.ret(32, 8));
		assertEquals(3, state.cpl);
		assertEquals(0x9008, state.general[CpuState.RSP]);
		assertTrue(state.segments[CpuState.DS].unusable(), "an inner data segment is dropped");
		assertTrue(!state.segments[CpuState.ES].unusable());
	}

	@Test
	void callGateChecksItsLevel() {
		fixture.protectedMode(3);
		callGate(CODE32, 0x6000, 0x8c, 0);
		assertEquals("13(70)", fixture.outcome(() -> far.call(GATE, 0, 32, 0x8007)));
		callGate(CODE32, 0x6000, 0x6c, 0);
		assertEquals("11(70)", fixture.outcome(() -> far.call(GATE, 0, 32, 0x8007)));
		callGate(CODE32, 0x6000, 0xec, 0);
		assertEquals("13(8)", fixture.outcome(() -> far.jump(GATE, 0, 32, 0)), "JMP does not change the level");
	}

	@Test
	void longModeCallGatePushesEightBytesAndANullStackSegment() {
		fixture.longMode(3);
		fixture.memory.write(TSS + 4, 8, 0xa000);
		state.gdtrLimit = 0x7f;
		callGate(CODE64, 0x6000, 0xec, 0);
		assertEquals(0x6000, far.call(GATE, 0, 64, 0x8007));
		assertEquals(0xa000 - 32, state.general[CpuState.RSP]);
		assertEquals(0x8007, fixture.stacked(0, 8));
		assertEquals(0x9000, fixture.stacked(2, 8));
		assertEquals(0, state.segments[CpuState.SS].selector);
		assertEquals(0x8007, far.ret(64, 0));
		assertEquals(3, state.cpl);
	}

	@Test
	void returnToAnInnerLevelFaults() {
		fixture.protectedMode(3);
		fixture.memory.write(0x9000, 8, 0x8000 | (long) CODE32 << 32);
		assertEquals("13(8)", fixture.outcome(() -> far.ret(32, 0)));
		assertEquals(0x9000, state.general[CpuState.RSP]);
	}
}
