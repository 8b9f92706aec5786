/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.hyperstep.x86.system.ProcessorModel.Vendor;

/**
 * What may be written to the memory type range registers (Intel SDM, "Memory Type Range Registers (MTRRs)"). Memory is
 * coherent whatever its type is: the registers are state.
 */
final class MemoryTypeRanges {
	/** Types 0, 1, 4, 5, 6: uncacheable, write combining, write through, write protected, write back. */
	private static final int TYPES = 0x73;
	/** Of IA32_MTRR_DEF_TYPE: fixed ranges enabled, all enabled. */
	private static final long ENABLES = 0xc00;
	private static final long VALID = 1 << 11, PAGE_OFFSET = 0xfff, TYPE = 0xff;
	/** AMD's RdMem and WrMem of a fixed range, and the bit of SYSCFG that shows them. */
	private static final int READ_AND_WRITE_MEMORY = 0x18;
	private static final long FIXED_DRAM_MODIFICATION = 1 << 19;

	private MemoryTypeRanges() {
	}

	private static void require(SystemUnit unit, boolean legal) {
		if (!legal) {
			throw unit.fault.generalProtection(0);
		}
	}

	private static boolean type(long value) {
		return Long.compareUnsigned(value, 8) < 0 && (TYPES >>> value & 1) != 0;
	}

	/** Eight ranges, a type each. */
	static void checkFixed(SystemUnit unit, long value) {
		int dram = unit.model.vendor() == Vendor.AMD
				&& (unit.modelSpecificRegisters.read(MsrRow.SYSCFG.index) & FIXED_DRAM_MODIFICATION) != 0
						? READ_AND_WRITE_MEMORY
						: 0;
		for (int range = 0; range < 64; range += 8) {
			require(unit, type(value >>> range & TYPE & ~dram));
		}
	}

	/** IA32_MTRR_DEF_TYPE. */
	static void checkDefault(SystemUnit unit, long value) {
		require(unit, (value & ~(ENABLES | TYPE)) == 0 && type(value & TYPE));
	}

	/** IA32_MTRR_PHYSBASEn: an address and a type. */
	static void checkBase(SystemUnit unit, long value) {
		require(unit, (value & PAGE_OFFSET & ~TYPE) == 0 && type(value & TYPE) && addressable(unit, value));
	}

	/** IA32_MTRR_PHYSMASKn: a mask and whether the range is valid. */
	static void checkMask(SystemUnit unit, long value) {
		require(unit, (value & PAGE_OFFSET & ~VALID) == 0 && addressable(unit, value));
	}

	private static boolean addressable(SystemUnit unit, long value) {
		return value >>> unit.model.physicalAddressBits() == 0;
	}
}
