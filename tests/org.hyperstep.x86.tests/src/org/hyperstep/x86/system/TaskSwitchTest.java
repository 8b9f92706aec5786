/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.SystemFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.event.EventArbiter.Boundary;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class TaskSwitchTest {
	/** The other task: its TSS, and a task gate to it. */
	private static final int OTHER = 0x4000, OTHER_SELECTOR = 0x70, TASK_GATE = 0x78;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final FarTransfers far = fixture.unit.farTransfers;

	@BeforeEach
	void twoTasks() {
		fixture.protectedMode(0);
		state.cr0 &= ~CpuState.CR0_TS;
		available(0x67);
		fixture.descriptor(TSS_SELECTOR, 0x00008b0030000fffL);
		fixture.descriptor(TASK_GATE, (long) OTHER_SELECTOR << 16 | 0xe5L << 40);
		field(32, 0x7000);
		field(36, 2);
		field(40, 0xaaaa);
		field(56, 0xb000);
		field(76, CODE32);
		for (int offset : new int[] { 72, 80, 84, 88, 92 }) {
			field(offset, DATA);
		}
	}

	private void available(int limit) {
		fixture.descriptor(OTHER_SELECTOR, 0x0000890000000000L | (long) OTHER << 16 | limit);
	}

	private void field(int offset, long value) {
		fixture.memory.write(OTHER + offset, 4, value);
	}

	private long saved(int offset, int size) {
		return fixture.memory.read(TSS + offset, size);
	}

	private boolean busy(int selector) {
		return (fixture.memory.read(GDT + selector + 5, 1) & 2) != 0;
	}

	/** What the new task meets before its first instruction, as "vector(error code)". */
	private String waiting() {
		if (!fixture.unit.events.takeFaultOfNewTask()) {
			return "none";
		}
		GuestFault fault = fixture.unit.fault;
		return fault.vector() + "(" + Integer.toHexString(fault.errorCode()) + ")";
	}

	@Test
	void jumpSavesTheOldTaskAndLoadsTheNewOne() {
		state.general[CpuState.RBX] = 0x1234_5678;
		assertEquals(0x7000, far.jump(OTHER_SELECTOR, 0xffff, 32, 0x8007));
		assertEquals(0x8007, saved(32, 4));
		assertEquals(2, saved(36, 4));
		assertEquals(0x1234_5678, saved(52, 4));
		assertEquals(CODE32, saved(76, 2));
		assertEquals(0xaaaa, state.general[CpuState.RAX]);
		assertEquals(0xb000, state.general[CpuState.RSP]);
		assertEquals(OTHER_SELECTOR, state.segments[CpuState.TR].selector);
		assertEquals(OTHER, state.segments[CpuState.TR].base);
		assertTrue((state.cr0 & CpuState.CR0_TS) != 0, "CR0.TS");
		assertEquals("none", waiting());
	}

	@Test
	void jumpMovesTheBusyFlagAndNestsNothing() {
		far.jump(OTHER_SELECTOR, 0, 32, 0x8007);
		assertFalse(busy(TSS_SELECTOR));
		assertTrue(busy(OTHER_SELECTOR));
		assertEquals(0, state.rflags & CpuState.NT);
	}

	@Test
	void callNestsAndIretReturns() {
		assertEquals(0x7000, far.call(TASK_GATE, 0, 32, 0x8007));
		assertTrue(busy(TSS_SELECTOR) && busy(OTHER_SELECTOR));
		assertTrue((state.rflags & CpuState.NT) != 0);
		assertEquals(TSS_SELECTOR, fixture.memory.read(OTHER, 2));
		state.rip = 0x7100;
		assertEquals(0x8007, fixture.unit.interruptReturn.iret(32, 1));
		assertEquals(TSS_SELECTOR, state.segments[CpuState.TR].selector);
		assertFalse(busy(OTHER_SELECTOR));
		assertTrue(busy(TSS_SELECTOR));
		assertEquals(0, state.rflags & CpuState.NT);
		assertEquals(0x7101, fixture.memory.read(OTHER + 32, 4), "behind IRET");
		assertEquals(0, fixture.memory.read(OTHER + 37, 1) & 0x40, "NT of the image is clear");
	}

	@Test
	void busyTaskIsNotCalled() {
		far.call(OTHER_SELECTOR, 0, 32, 0x8007);
		assertEquals("13(70)", fixture.outcome(() -> far.call(OTHER_SELECTOR, 0, 32, 0)));
		assertEquals("13(70)", fixture.outcome(() -> far.jump(TASK_GATE, 0, 32, 0)));
		assertEquals("13(38)", fixture.outcome(() -> far.jump(TSS_SELECTOR, 0, 32, 0)));
	}

	@Test
	void checksOfTheTssComeInTheOldTask() {
		available(0x66);
		assertEquals("10(70)", fixture.outcome(() -> far.jump(OTHER_SELECTOR, 0, 32, 0)));
		fixture.descriptor(OTHER_SELECTOR, 0x0000090040000067L);
		assertEquals("11(70)", fixture.outcome(() -> far.jump(OTHER_SELECTOR, 0, 32, 0)));
		fixture.descriptor(TASK_GATE, (long) DATA << 16 | 0xe5L << 40);
		assertEquals("13(10)", fixture.outcome(() -> far.jump(TASK_GATE, 0, 32, 0)));
		fixture.descriptor(TASK_GATE, (long) OTHER_SELECTOR << 16 | 0x65L << 40);
		assertEquals("11(78)", fixture.outcome(() -> far.jump(TASK_GATE, 0, 32, 0)));
		assertEquals(TSS_SELECTOR, state.segments[CpuState.TR].selector);
	}

	@Test
	void privilegeIsThatOfTheGateElseOfTheTss() {
		fixture.protectedMode(3);
		assertEquals("13(70)", fixture.outcome(() -> far.jump(OTHER_SELECTOR, 0, 32, 0)));
		assertEquals(0x7000, far.jump(TASK_GATE, 0, 32, 0));
		assertEquals(0, state.cpl);
	}

	@Test
	void iretToATaskThatIsNotBusyFaults() {
		state.rflags |= CpuState.NT;
		fixture.memory.write(TSS, 2, OTHER_SELECTOR);
		assertEquals("10(70)", fixture.outcome(() -> fixture.unit.interruptReturn.iret(32, 1)));
		assertTrue((state.rflags & CpuState.NT) != 0);
	}

	@Test
	void badSegmentsFaultInTheNewTask() {
		field(80, 0);
		assertEquals(0x7000, far.jump(OTHER_SELECTOR, 0, 32, 0x8007));
		assertEquals("10(0)", waiting());
		assertEquals(OTHER_SELECTOR, state.segments[CpuState.TR].selector);
		assertEquals(0x8007, saved(32, 4));
	}

	@Test
	void eachSegmentHasItsFault() {
		for (String row : new String[] { "96 8 10(8)", "76 10 10(10)", "76 58 11(58)", "80 8 10(8)", "80 28 10(28)",
				"84 60 10(60)", "88 58 11(58)", "92 78 10(78)" }) {
			String[] parts = row.split(" ");
			twoTasks();
			fixture.descriptor(NOT_PRESENT, parts[0].equals("76") ? 0x00cf1b000000ffffL : 0x00cf13000000ffffL);
			field(Integer.parseInt(parts[0]), Integer.parseInt(parts[1], 16));
			far.jump(OTHER_SELECTOR, 0, 32, 0);
			assertEquals(parts[2], waiting(), row);
			field(96, 0);
		}
	}

	@Test
	void eventThroughATaskGatePushesItsErrorCodeThere() {
		fixture.gate32(Vector.GP, OTHER_SELECTOR, 0, 0x85);
		fixture.unit.events.deliverFault(fixture.unit.fault.generalProtection(0x48));
		assertEquals(0x7000, state.rip);
		assertEquals(0x48, fixture.stacked(0, 4));
		assertEquals(0xb000 - 4, state.general[CpuState.RSP]);
		assertEquals(0x8000, saved(32, 4));
		assertTrue((saved(36, 4) & CpuState.RF) != 0, "a fault sets RF in the image");
		assertTrue((state.rflags & CpuState.NT) != 0);
	}

	@Test
	void debugTrapFlagOfTheTssTrapsBeforeTheFirstInstruction() {
		field(100, 1);
		fixture.gate32(Vector.DB, CODE32, 0x6000, 0x8e);
		state.rip = far.jump(OTHER_SELECTOR, 0, 32, 0x8007);
		assertEquals(Boundary.FREE, fixture.unit.events.boundary());
		assertEquals(0x6000, state.rip);
		assertEquals(0x7000, fixture.stacked(0, 4));
		assertEquals(0xffff8ff0L, state.dr6);
	}

	@Test
	void localBreakpointsEndWithTheirTask() {
		state.dr7 = 0x7ff;
		far.jump(OTHER_SELECTOR, 0, 32, 0x8007);
		assertEquals(0x6aa, state.dr7);
	}

	@Test
	void sixteenBitTaskKeepsItsFieldsElsewhere() {
		fixture.descriptor(OTHER_SELECTOR, 0x000081004000002bL);
		for (int i = 0; i < 0x2c; i += 2) {
			fixture.memory.write(OTHER + i, 2, 0);
		}
		fixture.memory.write(OTHER + 14, 2, 0x7000);
		fixture.memory.write(OTHER + 20, 2, 0xcccc);
		fixture.memory.write(OTHER + 26, 2, 0xb000);
		fixture.memory.write(OTHER + 36, 2, CODE16);
		fixture.memory.write(OTHER + 38, 2, DATA);
		assertEquals(0x7000, far.call(OTHER_SELECTOR, 0, 32, 0x8007));
		assertEquals("none", waiting());
		assertEquals(0xffff_ccccL, state.general[CpuState.RCX]);
		assertEquals(0xffff_b000L, state.general[CpuState.RSP]);
		assertTrue(state.segments[CpuState.FS].unusable());
		state.rip = 0x7002;
		assertEquals(0x8007, fixture.unit.interruptReturn.iret(16, 1));
		assertEquals(0x7003, fixture.memory.read(OTHER + 14, 2));
	}

	@Test
	void taskOfVirtual8086Mode() {
		field(36, CpuState.VM | 2);
		field(76, 0x1234);
		far.jump(OTHER_SELECTOR, 0, 32, 0);
		assertEquals("none", waiting());
		assertEquals(3, state.cpl);
		assertEquals(0x12340, state.segments[CpuState.CS].base);
		assertEquals(DATA << 4, state.segments[CpuState.SS].base);
	}

	@Test
	void longModeHasNoTaskSwitches() {
		fixture.longMode(0);
		assertEquals("13(70)", fixture.outcome(() -> far.jump(OTHER_SELECTOR, 0, 32, 0)));
		state.rflags |= CpuState.NT;
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.interruptReturn.iret(64, 2)));
	}
}
