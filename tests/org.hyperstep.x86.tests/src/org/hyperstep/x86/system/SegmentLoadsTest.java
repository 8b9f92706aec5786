/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.SystemFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.SegmentState;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class SegmentLoadsTest {
	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;

	private String load(int segment, int selector) {
		return fixture.outcome(() -> fixture.unit.segmentLoads.load(segment, selector));
	}

	@Test
	void realModeChangesSelectorAndBaseAndKeepsTheLimit() {
		state.segments[CpuState.DS].limit = 0xffff_ffffL;
		load(CpuState.DS, 0x1234);
		assertEquals(0x12340, state.segments[CpuState.DS].base);
		assertEquals(0xffff_ffffL, state.segments[CpuState.DS].limit);
	}

	@Test
	void protectedModeReadsBaseLimitAndRights() {
		fixture.protectedMode(0).descriptor(DATA, 0x12c0_9234_5678_ffffL | 0xf_0000_0000_0000L);
		assertEquals("none", load(CpuState.ES, DATA));
		SegmentState es = state.segments[CpuState.ES];
		assertEquals(0x1234_5678L, es.base);
		assertEquals(0xffff_ffffL, es.limit);
		assertEquals(0xc093, es.accessRights);
		assertEquals(0x93, fixture.memory.read(GDT + DATA + 5, 1), "the accessed bit is set in memory");
	}

	@Test
	void dataSegmentsMayBeNullAndSsMayNot() {
		fixture.protectedMode(0);
		assertEquals("none", load(CpuState.DS, 3));
		assertTrue(state.segments[CpuState.DS].unusable());
		assertEquals("13(0)", load(CpuState.SS, 0));
	}

	@Test
	void longModeAllowsANullSsAtTheCurrentLevelBelowThree() {
		fixture.longMode(0);
		assertEquals("none", load(CpuState.SS, 0));
		assertEquals("13(0)", load(CpuState.SS, 1));
		fixture.longMode(3);
		assertEquals("13(0)", load(CpuState.SS, 3));
	}

	@Test
	void nullSelectorClearsTheBaseOnIntelAndKeepsItOnAmd() {
		fixture.longMode(0);
		state.segments[CpuState.FS].base = 0x1234;
		load(CpuState.FS, 0);
		assertEquals(0, state.segments[CpuState.FS].base);
		SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1)).longMode(0);
		amd.state.segments[CpuState.FS].base = 0x1234;
		amd.unit.segmentLoads.load(CpuState.FS, 0);
		assertEquals(0x1234, amd.state.segments[CpuState.FS].base);
	}

	@Test
	void selectorErrorsCarryTheSelectorWithoutRpl() {
		fixture.protectedMode(0);
		assertEquals("13(80)", load(CpuState.DS, 0x83));
		assertEquals("11(58)", load(CpuState.DS, NOT_PRESENT));
		assertEquals("12(58)", load(CpuState.SS, NOT_PRESENT));
		assertEquals("13(60)", load(CpuState.DS, EXECUTE_ONLY));
		assertEquals("13(8)", load(CpuState.SS, CODE32));
		assertEquals("13(38)", load(CpuState.DS, TSS_SELECTOR));
		assertEquals("13(4)", load(CpuState.DS, 4), "there is no LDT");
	}

	@Test
	void privilegeOfDataSegments() {
		fixture.protectedMode(3);
		assertEquals("13(10)", load(CpuState.DS, DATA));
		assertEquals("none", load(CpuState.DS, CONFORMING), "conforming code is readable from everywhere");
		assertEquals("13(28)", load(CpuState.SS, USER_DATA));
		assertEquals("none", load(CpuState.SS, USER_DATA | 3));
		fixture.protectedMode(0);
		assertEquals("13(10)", load(CpuState.DS, DATA | 3));
		assertEquals("none", load(CpuState.DS, USER_DATA));
		assertEquals("13(28)", load(CpuState.SS, USER_DATA));
	}

	@Test
	void expandDownSegmentCoversWhatIsAboveItsLimit() {
		SegmentState segment = new SegmentState();
		segment.set(DATA, 0, 0xfff, 0x97);
		assertEquals(false, segment.covers(0xfff, 1));
		assertEquals(true, segment.covers(0x1000, 4));
		assertEquals(false, segment.covers(0xfffe, 4));
		segment.set(DATA, 0, 0xfff, 0x4097);
		assertEquals(true, segment.covers(0xfffe, 4));
		segment.set(DATA, 0, 0xfff, 0x93);
		assertEquals(true, segment.covers(0xffc, 4));
		assertEquals(false, segment.covers(0xffd, 4));
	}

	@Test
	void ltrMarksTheTssBusyAndWantsAnAvailableOne() {
		fixture.protectedMode(0);
		assertEquals("none", fixture.outcome(() -> fixture.unit.descriptorTables.ltr(TSS_SELECTOR)));
		assertEquals(0x8b, fixture.memory.read(GDT + TSS_SELECTOR + 5, 1));
		assertEquals(0x8b, state.segments[CpuState.TR].accessRights);
		assertEquals(TSS, state.segments[CpuState.TR].base);
		assertEquals("13(38)", fixture.outcome(() -> fixture.unit.descriptorTables.ltr(TSS_SELECTOR)));
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.descriptorTables.ltr(0)));
	}

	@Test
	void lldtAndLtrTakeSixteenBytesInLongMode() {
		fixture.longMode(0);
		fixture.memory.write(GDT + TSS_SELECTOR + 8, 8, 0xffff_8000L);
		assertEquals("none", fixture.outcome(() -> fixture.unit.descriptorTables.ltr(TSS_SELECTOR)));
		assertEquals(0xffff_8000_0000_3000L, state.segments[CpuState.TR].base);
		assertEquals("none", fixture.outcome(() -> fixture.unit.descriptorTables.lldt(LDT_SELECTOR)));
		assertEquals(0x4000, state.segments[CpuState.LDTR].base);
		fixture.memory.write(0x4000 + 8, 8, 0x00cf93000000ffffL);
		assertEquals("none", load(CpuState.DS, 0xc));
	}

	@Test
	void larAndLslSeeWhatThePrivilegeAllows() {
		fixture.protectedMode(3);
		DescriptorTables tables = fixture.unit.descriptorTables;
		assertEquals(0xcff300, tables.accessRights(USER_DATA) & 0xffff00 & ~0xf0000 | 0xf0000);
		assertEquals(0xffff_ffffL, tables.segmentLimit(USER_DATA));
		assertEquals(DescriptorTables.INVISIBLE, tables.accessRights(DATA));
		assertEquals(DescriptorTables.INVISIBLE, tables.segmentLimit(0));
		assertTrue(tables.accessRights(CONFORMING) != DescriptorTables.INVISIBLE);
		assertEquals(true, tables.readable(USER_DATA));
		assertEquals(false, tables.writable(USER_CODE32));
		assertEquals(0x13, tables.adjustedSelector(0x10, 3));
		assertEquals(DescriptorTables.INVISIBLE, tables.adjustedSelector(0x13, 1));
	}

	@Test
	void gdtAndIdtAreLoadedAndStored() {
		fixture.longMode(0);
		fixture.memory.write(0x5000, 2, 0x1ff);
		fixture.memory.write(0x5002, 8, 0xffff_8000_1234_5678L);
		fixture.unit.descriptorTables.lgdt(0x5000, 64);
		assertEquals(0xffff_8000_1234_5678L, state.gdtrBase);
		assertEquals(0x1ff, state.gdtrLimit);
		fixture.unit.descriptorTables.sgdt(0x6000);
		assertEquals(0x1ff, fixture.memory.read(0x6000, 2));
		assertEquals(0xffff_8000_1234_5678L, fixture.memory.read(0x6002, 8));
		fixture.memory.write(0x5002, 8, 0x8000_1234_5678_9abcL);
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.descriptorTables.lidt(0x5000, 64)));
		fixture.protectedMode(0);
		state.cr0 &= ~CpuState.CR0_PG;
		state.efer = 0;
		fixture.unit.stateReplaced();
		fixture.unit.descriptorTables.lidt(0x5000, 16);
		assertEquals(0x78_9abc, state.idtrBase, "24 bits with a 16-bit operand size");
	}

	@Test
	void userModeInstructionPreventionHidesTables() {
		fixture.protectedMode(3);
		assertEquals("none", fixture.outcome(() -> fixture.unit.descriptorTables.sgdt(0x6000)));
		state.cr4 |= CpuState.CR4_UMIP;
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.descriptorTables.sgdt(0x6000)));
		assertEquals("13(0)", fixture.outcome(fixture.unit.controlRegisters::smsw));
	}
}
