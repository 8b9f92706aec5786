/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** FCS and FDS: kept where CPUID does not deprecate them, else zeros. */
@SuppressWarnings("nls")
class X87SelectorsTest {
	private static final int DATA = 0x20_0000, ENVIRONMENT = DATA + 0x100, AREA = DATA + 0x200;
	/** fld qword [rbx]; fnstenv [rbx+100h]; fxsave [rbx+200h]; fxsave64 [rbx+400h]. */
	private static final String CODE = "dd03 d9b300010000 0fae8300020000 480fae8300040000";

	private static FlatMachine run(Vendor vendor, Level level) {
		FlatMachine machine = FlatMachine
				.in64BitMode(new FlatMachine(0x30_0000, ProcessorModel.of(vendor, level, 0, 1))).code(CODE);
		machine.state.cr4 |= CpuState.CR4_OSFXSR;
		machine.processor.stateReplaced();
		machine.state.general[CpuState.RBX] = DATA;
		machine.state.segments[CpuState.CS].selector = 0x33;
		machine.state.segments[CpuState.DS].selector = 0x2b;
		machine.state.extended.initializeX87();
		machine.run(4);
		return machine;
	}

	@Test
	void olderIntelProcessorsKeepThem() {
		FlatMachine machine = run(Vendor.INTEL, Level.V2);
		assertEquals(0x0503_0033L, machine.memory.read(ENVIRONMENT + 16, 4));
		assertEquals(0xffff_002bL, machine.memory.read(ENVIRONMENT + 24, 4));
		assertEquals(0x33_0010_0000L, machine.memory.read(AREA + 8, 8));
		assertEquals(0x2b_0020_0000L, machine.memory.read(AREA + 16, 8));
		assertEquals(0x10_0000L, machine.memory.read(AREA + 0x208, 8), "the 64-bit form has no selector");
	}

	@Test
	void newerIntelProcessorsStoreZeros() {
		FlatMachine machine = run(Vendor.INTEL, Level.V3);
		assertEquals(0x0503_0000L, machine.memory.read(ENVIRONMENT + 16, 4));
		assertEquals(0xffff_0000L, machine.memory.read(ENVIRONMENT + 24, 4));
		assertEquals(0x10_0000L, machine.memory.read(AREA + 8, 8));
		assertEquals(0x20_0000L, machine.memory.read(AREA + 16, 8));
	}

	@Test
	void amdsProcessorsKeepThemAndFxsaveWritesZerosWhileNoExceptionIsPending() {
		FlatMachine machine = run(Vendor.AMD, Level.V3);
		assertEquals(0x0503_0033L, machine.memory.read(ENVIRONMENT + 16, 4));
		assertEquals(0, machine.memory.read(AREA + 6, 2), "opcode");
		assertEquals(0, machine.memory.read(AREA + 8, 8));
		assertEquals(0, machine.memory.read(AREA + 16, 8));
	}

	@Test
	void restoredSelectorsAreSavedAgain() {
		// fldenv [rbx+100h]; fnstenv [rbx+600h]; fxrstor [rbx+200h]; fnstenv [rbx+700h]
		FlatMachine machine = run(Vendor.INTEL, Level.V2);
		machine.code("d9a300010000 d9b300060000 0fae8b00020000 d9b300070000");
		machine.state.segments[CpuState.CS].selector = 0x10;
		machine.run(4);
		assertEquals(0x0503_0033L, machine.memory.read(DATA + 0x610, 4));
		assertEquals(0x0503_0033L, machine.memory.read(DATA + 0x710, 4));
		assertEquals(0xffff_002bL, machine.memory.read(DATA + 0x718, 4));
	}
}
