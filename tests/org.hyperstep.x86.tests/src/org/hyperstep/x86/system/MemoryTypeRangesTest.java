/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class MemoryTypeRangesTest {
	private final SystemFixture fixture = new SystemFixture();

	private static String write(SystemFixture of, MsrRow row, long value) {
		return of.outcome(() -> of.unit.modelSpecificRegisters.write(row.index, value));
	}

	@Test
	void fixedRangesTakeDefinedTypesAlone() {
		assertEquals("none", write(fixture, MsrRow.MTRR_FIX64K_00000, 0x0606_0505_0404_0100L));
		assertEquals(0x0606_0505_0404_0100L, fixture.unit.modelSpecificRegisters.read(0x250));
		for (int type : new int[] { 2, 3, 7, 8, 0x16, 0x86 }) {
			assertEquals("13(0)", write(fixture, MsrRow.MTRR_FIX4K_F8000, (long) type << 56), "type " + type);
		}
	}

	@Test
	void amdsRdMemAndWrMemAreWritableWhereSyscfgShowsThem() {
		SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1));
		assertEquals("13(0)", write(amd, MsrRow.MTRR_FIX16K_A0000, 0x18));
		assertEquals("none", write(amd, MsrRow.SYSCFG, 1 << 19));
		assertEquals("none", write(amd, MsrRow.MTRR_FIX16K_A0000, 0x1e18));
	}

	@Test
	void defaultTypeHasItsEnablesAndNoOtherBit() {
		assertEquals("none", write(fixture, MsrRow.MTRR_DEF_TYPE, 0xc06));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_DEF_TYPE, 0xc02));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_DEF_TYPE, 0x1006));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_DEF_TYPE, 0x106));
	}

	@Test
	void variableRangesHaveReservedBitsBelowAPageAndBeyondTheAddressSpace() {
		long beyond = 1L << fixture.unit.model.physicalAddressBits();
		assertEquals("none", write(fixture, MsrRow.MTRR_PHYSBASE7, 0xc000_0000L | 6));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_PHYSBASE7, 0xc000_0000L | 7));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_PHYSBASE7, 0xc000_0100L));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_PHYSBASE7, beyond));
		assertEquals("none", write(fixture, MsrRow.MTRR_PHYSMASK7, beyond - 0x4000_0000L | 0x800));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_PHYSMASK7, 0x400));
		assertEquals("13(0)", write(fixture, MsrRow.MTRR_PHYSMASK7, beyond));
		assertEquals("13(0)", write(fixture, MsrRow.MTRRCAP, 0x508), "read-only");
	}
}
