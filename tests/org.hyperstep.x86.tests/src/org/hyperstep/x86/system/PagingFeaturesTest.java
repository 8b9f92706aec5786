/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** Process-context identifiers, protection keys and five-level paging. */
@SuppressWarnings("nls")
class PagingFeaturesTest {
	private static final long PAGE = 0x20_0000, USER_PAGE = 7;

	private final SystemFixture fixture = new SystemFixture(
			ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1).with(Feature.LA57, true));
	private final CpuState state = fixture.state;
	private final Mmu mmu = fixture.unit.mmu;
	private final PrivilegedInstructions instructions = fixture.unit.privilegedInstructions;

	private String moveToControl(int register, long value) {
		return fixture.outcome(() -> fixture.unit.controlRegisters.write(register, value, 0));
	}

	private String read() {
		return fixture.outcome(() -> mmu.read8(PAGE));
	}

	private String write() {
		return fixture.outcome(() -> mmu.write8(PAGE, 1));
	}

	private void level(int cpl) {
		state.cpl = cpl;
		mmu.privilegeChanged();
	}

	@Test
	void identifiersNeedIa32eModeAndIdentifierZero() {
		fixture.protectedMode(0);
		assertEquals("13(0)", moveToControl(4, CpuState.CR4_PCIDE));
		fixture.longMode(0);
		state.cr3 |= 1 << 3;
		assertEquals("13(0)", moveToControl(4, state.cr4 | CpuState.CR4_PCIDE));
		state.cr3 &= ~0xfffL;
		assertEquals("none", moveToControl(4, state.cr4 | CpuState.CR4_PCIDE));
	}

	@Test
	void bit63OfCr3IsNoPartOfIt() {
		fixture.longMode(0);
		long root = state.cr3;
		assertEquals("13(0)", moveToControl(3, root | Long.MIN_VALUE));
		moveToControl(4, state.cr4 | CpuState.CR4_PCIDE);
		assertEquals("none", moveToControl(3, root | Long.MIN_VALUE | 5));
		assertEquals(root | 5, state.cr3);
	}

	@Test
	void pagingIsNotSwitchedOffWithIdentifiers() {
		fixture.longMode(0);
		moveToControl(4, state.cr4 | CpuState.CR4_PCIDE);
		state.segments[CpuState.CS].accessRights = 0xc09b;
		assertEquals("13(0)", moveToControl(0, CpuState.CR0_PE));
	}

	@Test
	void invpcidChecksItsDescriptor() {
		fixture.longMode(0);
		fixture.memory.write(0x5000, 8, 1);
		fixture.memory.write(0x5008, 8, 1L << 62);
		assertEquals("13(0)", fixture.outcome(() -> instructions.invpcid(1, 0x5000, 5)), "identifier without PCIDE");
		state.cr4 |= CpuState.CR4_PCIDE;
		assertEquals("none", fixture.outcome(() -> instructions.invpcid(1, 0x5000, 5)));
		assertEquals("13(0)", fixture.outcome(() -> instructions.invpcid(0, 0x5000, 5)), "not canonical");
		assertEquals("13(0)", fixture.outcome(() -> instructions.invpcid(4, 0x5000, 5)));
		fixture.memory.write(0x5000, 8, 0x1000);
		assertEquals("13(0)", fixture.outcome(() -> instructions.invpcid(2, 0x5000, 5)), "reserved");
	}

	private void key(int key, int rights) {
		fixture.longMode(0).map(PAGE, 0x6000, USER_PAGE | (long) key << 59);
		state.cr4 |= CpuState.CR4_PKE;
		state.general[CpuState.RCX] = 0;
		state.general[CpuState.RDX] = 0;
		state.general[CpuState.RAX] = rights << 2 * key;
		instructions.wrpkru(3);
	}

	@Test
	void accessDisableStopsAllDataAccessesToUserPages() {
		key(3, 1);
		assertEquals("14(21)", read());
		assertEquals("14(23)", write());
		assertEquals("none", fixture.outcome(() -> mmu.fetch(PAGE)));
		level(3);
		assertEquals("14(25)", read());
		state.cr4 &= ~CpuState.CR4_PKE;
		mmu.flushAll();
		assertEquals("none", read());
	}

	@Test
	void writeDisableStopsTheSupervisorOnlyWithWriteProtect() {
		key(15, 2);
		assertEquals("none", read());
		assertEquals("14(23)", write());
		state.cr0 &= ~CpuState.CR0_WP;
		mmu.flushAll();
		assertEquals("none", write());
		level(3);
		assertEquals("14(27)", write());
	}

	@Test
	void keysOfSupervisorPagesDoNotCount() {
		key(1, 3);
		fixture.map(PAGE, 0x6000, 3 | 1L << 59);
		assertEquals("none", write());
	}

	@Test
	void rightsAreReadAndWrittenAtAnyLevelWhereEnabled() {
		fixture.longMode(3);
		assertEquals("6", fixture.outcome(() -> instructions.rdpkru(3)));
		key(2, 1);
		level(3);
		state.general[CpuState.RDX] = 7;
		instructions.rdpkru(3);
		assertEquals(1 << 4, state.general[CpuState.RAX]);
		assertEquals(0, state.general[CpuState.RDX]);
		state.general[CpuState.RDX] = 1;
		assertEquals("13(0)", fixture.outcome(() -> instructions.wrpkru(3)));
		state.general[CpuState.RCX] = 1;
		assertEquals("13(0)", fixture.outcome(() -> instructions.rdpkru(3)));
	}

	@Test
	void fiveLevelsTranslate57Bits() {
		fixture.longMode(0);
		long root = 0x3f_0000;
		fixture.memory.write(root, 8, state.cr3 | 7);
		fixture.memory.write(root + 8 * 0x55, 8, state.cr3 | 7);
		state.cr3 = root;
		state.cr4 |= CpuState.CR4_LA57;
		mmu.flushAll();
		fixture.memory.write(0x5000, 8, 0x1234_5678);
		assertEquals(0x1234_5678, mmu.read64(0x5000));
		assertEquals(0x1234_5678, mmu.read64(0x55L << 48 | 0x5000));
		assertEquals("13(0)", fixture.outcome(() -> mmu.read64(1L << 56)));
		assertEquals("13(0)", moveToControl(4, state.cr4 & ~CpuState.CR4_LA57), "not in IA-32e mode");
	}
}
