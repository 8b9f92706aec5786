/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class MachineCheckTest {
	private static final int FIRST = 0x400, REGISTERS = 4;
	private final SystemFixture intel = new SystemFixture();
	private final SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1));

	private static String write(SystemFixture of, int index, long value) {
		return of.outcome(() -> of.unit.modelSpecificRegisters.write(index, value));
	}

	@Test
	void asManyBanksExistAsTheCapabilitySays() {
		int banks = (int) intel.unit.modelSpecificRegisters.read(MsrRow.MCG_CAP.index) & 0xff;
		assertEquals(MachineCheck.BANKS, banks);
		for (int index = FIRST; index < 0x480; index++) {
			assertEquals(index < FIRST + REGISTERS * banks, intel.unit.modelSpecificRegisters.exists(index),
					Integer.toHexString(index));
		}
	}

	@Test
	void controlsAreAllOnesOrAllZerosOnIntelAndAnyMaskOnAmd() {
		for (int index : new int[] { MsrRow.MCG_CTL.index, MsrRow.MC0_CTL.index, MsrRow.MC3_CTL.index }) {
			for (SystemFixture any : new SystemFixture[] { intel, amd }) {
				assertEquals("none", write(any, index, -1));
				assertEquals(-1, any.unit.modelSpecificRegisters.read(index));
				assertEquals("none", write(any, index, 0));
			}
			assertEquals("13(0)", write(intel, index, 1));
			assertEquals("none", write(amd, index, ~(1L << 10)));
			assertEquals(~(1L << 10), amd.unit.modelSpecificRegisters.read(index));
		}
	}

	@Test
	void statusIsClearedBySoftwareAndNotSet() {
		for (SystemFixture any : new SystemFixture[] { intel, amd }) {
			assertEquals("none", write(any, MsrRow.MC1_STATUS.index, 0));
			assertEquals("13(0)", write(any, MsrRow.MC1_STATUS.index, 1L << 63));
		}
		assertEquals("none", write(amd, MsrRow.HWCR.index, 1 << 24 | 1 << 18));
		assertEquals("none", write(amd, MsrRow.MC1_STATUS.index, 1L << 63));
		assertEquals(1L << 63, amd.unit.modelSpecificRegisters.read(MsrRow.MC1_STATUS.index));
	}

	@Test
	void addressAndMiscellaneousKeepWhatIsWritten() {
		for (SystemFixture any : new SystemFixture[] { intel, amd }) {
			assertEquals("none", write(any, MsrRow.MC2_ADDR.index, -1));
			assertEquals("none", write(any, MsrRow.MC2_MISC.index, 0x1234));
			assertEquals(0x1234, any.unit.modelSpecificRegisters.read(MsrRow.MC2_MISC.index));
		}
	}

	@Test
	void globalStatusHasThreeBits() {
		assertEquals("none", write(intel, MsrRow.MCG_STATUS.index, 7));
		assertEquals("13(0)", write(intel, MsrRow.MCG_STATUS.index, 8));
		assertEquals("13(0)", write(intel, MsrRow.MCG_CAP.index, 0), "read-only");
		assertTrue((intel.unit.model.cr4Allowed() & CpuState.CR4_MCE) != 0);
	}

	@Test
	void initLeavesMachineCheckMemoryTypesAndComputationAlone() {
		CpuState state = intel.state;
		write(intel, MsrRow.MCG_STATUS.index, 5);
		write(intel, MsrRow.MTRR_DEF_TYPE.index, 0xc06);
		state.smbase = 0x7_0000;
		state.lstar = 0x1234;
		state.pat = 0x06;
		state.xcr0 = 7;
		state.extended.xmm[3] = 42;
		state.extended.controlWord = 0x27f;
		state.cr0 |= CpuState.CR0_PE;
		state.cr0 &= ~(CpuState.CR0_CD | CpuState.CR0_NW);
		state.cr4 = CpuState.CR4_PAE;
		state.efer = CpuState.EFER_LME;
		intel.unit.initialize();
		assertEquals(5, intel.unit.modelSpecificRegisters.read(MsrRow.MCG_STATUS.index));
		assertEquals(0xc06, intel.unit.modelSpecificRegisters.read(MsrRow.MTRR_DEF_TYPE.index));
		assertEquals(0x7_0000, state.smbase);
		assertEquals(0x1234, state.lstar);
		assertEquals(6, state.pat);
		assertEquals(7, state.xcr0);
		assertEquals(42, state.extended.xmm[3]);
		assertEquals(0x27f, state.extended.controlWord);
		assertEquals(CpuState.CR0_ET, state.cr0, "CD and NW stay");
		assertEquals(0, state.cr4);
		assertEquals(0, state.efer);
		assertFalse(state.protectedMode());
		intel.unit.reset();
		assertEquals(0, intel.unit.modelSpecificRegisters.read(MsrRow.MTRR_DEF_TYPE.index));
		assertEquals(CpuState.INITIAL_SMBASE, state.smbase);
		assertEquals(CpuState.CR0_ET | CpuState.CR0_CD | CpuState.CR0_NW, state.cr0);
	}
}
