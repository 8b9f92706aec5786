/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.SystemFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class InterruptReturnTest {
	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;

	private void push(int size, long... items) {
		for (int i = 0; i < items.length; i++) {
			fixture.memory.write(state.general[CpuState.RSP] + (long) i * size, size, items[i]);
		}
	}

	private long iret(int operandSize) {
		return fixture.unit.interruptReturn.iret(operandSize, 1);
	}

	@Test
	void realModePopsWords() {
		state.general[CpuState.RSP] = 0x9000;
		push(2, 0x1234, 0xf000, 0x7202);
		assertEquals(0x1234, iret(16));
		assertEquals(0x9006, state.general[CpuState.RSP]);
		assertEquals(0x7202, state.rflags);
	}

	@Test
	void sameLevelKeepsTheStack() {
		fixture.protectedMode(0);
		push(4, 0x1234, CODE32, CpuState.TF | CpuState.IF | 2);
		assertEquals(0x1234, iret(32));
		assertEquals(0x900c, state.general[CpuState.RSP]);
		assertEquals(CpuState.TF | CpuState.IF | 2, state.rflags);
		assertTrue(fixture.unit.events.attention != 0);
	}

	@Test
	void outerLevelPopsTheStackAndDropsInnerSegments() {
		fixture.protectedMode(0);
		push(4, 0x1234, USER_CODE32 | 3, 2, 0xb000, USER_DATA | 3);
		assertEquals(0x1234, iret(32));
		assertEquals(3, state.cpl);
		assertEquals(0xb000, state.general[CpuState.RSP]);
		assertTrue(state.segments[CpuState.DS].unusable());
	}

	@Test
	void userCannotChangeInterruptFlagAndIopl() {
		fixture.protectedMode(3);
		push(4, 0x1234, USER_CODE32 | 3, CpuState.IF | CpuState.IOPL | CpuState.CF | 2);
		iret(32);
		assertEquals(CpuState.CF | 2, state.rflags);
		fixture.protectedMode(3);
		state.rflags |= CpuState.IOPL;
		push(4, 0x1234, USER_CODE32 | 3, CpuState.IF | 2);
		iret(32);
		assertEquals(CpuState.IF | CpuState.IOPL | 2, state.rflags);
	}

	@Test
	void longModeAlwaysPopsTheStack() {
		fixture.longMode(0);
		push(8, 0x1234, CODE64, 2, 0xb000, 0);
		assertEquals(0x1234, iret(64));
		assertEquals(0xb000, state.general[CpuState.RSP]);
		assertTrue(state.segments[CpuState.SS].unusable());
		assertEquals(0, state.cpl);
	}

	@Test
	void longModeReturnsToUserAndToCompatibilityMode() {
		fixture.longMode(0);
		push(8, 0x1234, USER_CODE64 | 3, 0x202, 0xb000, USER_DATA | 3);
		assertEquals(0x1234, iret(64));
		assertEquals(3, state.cpl);
		assertTrue(state.in64BitMode());
		fixture.longMode(0);
		push(8, 0x1234, USER_CODE32 | 3, 0x202, 0xb000, USER_DATA | 3);
		iret(64);
		assertFalse(state.in64BitMode());
	}

	@Test
	void longModeFaults() {
		fixture.longMode(0);
		push(8, 0x8000_0000_0000L, CODE64, 2, 0xb000, DATA);
		assertEquals("13(0)", fixture.outcome(() -> iret(64)));
		push(8, 0x1234, USER_CODE64 | 3, 2, 0xb000, 0);
		assertEquals("13(0)", fixture.outcome(() -> iret(64)));
		push(8, 0x1234, USER_CODE64 | 3, 2, 0xb000, DATA | 3);
		assertEquals("13(10)", fixture.outcome(() -> iret(64)));
		state.rflags |= CpuState.NT;
		assertEquals("13(0)", fixture.outcome(() -> iret(64)));
		assertEquals(0x9000, state.general[CpuState.RSP]);
	}

	@Test
	void entersVirtual8086Mode() {
		fixture.protectedMode(0);
		push(4, 0x1234, 0x2000, CpuState.VM | CpuState.IF | 2, 0x8000, 0x3000, 0x4000, 0x5000, 0x6000, 0x7000);
		assertEquals(0x1234, iret(32));
		assertTrue(state.virtual8086());
		assertEquals(3, state.cpl);
		assertEquals(0x20000, state.segments[CpuState.CS].base);
		assertEquals(0x30000, state.segments[CpuState.SS].base);
		assertEquals(0x40000, state.segments[CpuState.ES].base);
		assertEquals(0x70000, state.segments[CpuState.GS].base);
		assertEquals(0x8000, state.general[CpuState.RSP]);
	}

	@Test
	void virtual8086NeedsIoPrivilege() {
		fixture.protectedMode(3);
		state.rflags |= CpuState.VM;
		assertEquals("13(0)", fixture.outcome(() -> iret(16)));
		state.rflags |= CpuState.IOPL;
		state.segments[CpuState.SS].set(0, 0, 0xffff, 0xf3);
		push(2, 0x1234, 0x2000, CpuState.IF | 2);
		assertEquals(0x1234, iret(16));
		assertEquals(CpuState.VM | CpuState.IOPL | CpuState.IF | 2, state.rflags, "IOPL stays");
	}

	@Test
	void nmisAreUnblockedEvenByAnIretThatFaults() {
		fixture.protectedMode(0);
		state.interruptibility.blockingByNmi = true;
		push(4, 0x1234, 0, 2);
		assertEquals("13(0)", fixture.outcome(() -> iret(32)));
		assertFalse(state.interruptibility.blockingByNmi);
	}

	@Test
	void resumeFlagIsLoadedAndStaysForOneInstruction() {
		fixture.protectedMode(0);
		push(4, 0x1234, CODE32, CpuState.RF | 2);
		iret(32);
		fixture.unit.events.instructionCompleted();
		assertEquals(CpuState.RF | 2, state.rflags);
	}
}
