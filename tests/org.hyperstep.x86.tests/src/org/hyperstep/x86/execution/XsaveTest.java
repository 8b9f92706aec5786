/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.hyperstep.x86.state.CpuState.RAX;
import static org.hyperstep.x86.state.CpuState.RBX;
import static org.hyperstep.x86.state.CpuState.RCX;
import static org.hyperstep.x86.state.CpuState.RDX;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** "Managing State Using the XSAVE Feature Set". */
@SuppressWarnings("nls")
class XsaveTest {
	private static final int AREA = 0x20_0000, XSTATE_BV = AREA + 512, XCOMP_BV = AREA + 520, UPPER = AREA + 576;
	private static final long RAM = 4 << 20, COMPACTED = Long.MIN_VALUE;
	private static final String XSAVE = "0fae23", XRSTOR = "0fae2b", XSAVEOPT = "0fae33", XSAVEC = "0fc723",
			XSAVES = "0fc72b", XRSTORS = "0fc71b";

	private static FlatMachine machine(String hex) {
		return machine(new FlatMachine(RAM, ProcessorModel.of(Vendor.INTEL, Level.V3, 0, 1)), hex);
	}

	/** All of x87, SSE and AVX enabled, asked for and in use; the area filled with ones. */
	private static FlatMachine machine(FlatMachine machine, String hex) {
		FlatMachine.in64BitMode(machine).code(hex);
		CpuState state = machine.state;
		state.cr4 |= CpuState.CR4_OSXSAVE;
		state.xcr0 = 7;
		state.general[RBX] = AREA;
		state.general[RAX] = -1;
		state.general[RDX] = -1;
		state.extended.controlWord = 0x27f;
		state.extended.xmm[3] = 33;
		state.extended.ymmUpper[31] = 77;
		for (int k = 0; k < 1024; k += 8) {
			machine.memory.write(AREA + k, 8, k >= 512 && k < 576 ? 0 : -1);
		}
		return machine;
	}

	private static int fault(FlatMachine machine) {
		return machine.processor.emulateOne() == RunOutcome.FAULT ? machine.processor.fault().vector() : -1;
	}

	private static long at(FlatMachine machine, int address) {
		return machine.memory.read(address, 8);
	}

	@Test
	void xsaveWritesAllRequestedComponentsAndTellsWhichAreInUse() {
		FlatMachine machine = machine(XSAVE);
		machine.state.extended.ymmUpper[31] = 0;
		machine.memory.write(XSTATE_BV, 8, 0x200);
		machine.run(1);
		assertEquals(0x200 | 3, at(machine, XSTATE_BV), "bits not requested stay");
		assertEquals(0, at(machine, UPPER + 31 * 8), "an initial component is written too");
		assertEquals(0x27f, machine.memory.read(AREA, 2));
		assertEquals(33, at(machine, AREA + 160 + 3 * 8));
		assertEquals(0, at(machine, XCOMP_BV));
	}

	@Test
	void xsaveoptLeavesOutWhatIsInItsInitialConfiguration() {
		FlatMachine machine = machine(XSAVEOPT);
		machine.state.extended.ymmUpper[31] = 0;
		machine.run(1);
		assertEquals(3, at(machine, XSTATE_BV));
		assertEquals(-1, at(machine, UPPER + 31 * 8));
	}

	@Test
	void xsaveWritesMxcsrForAvxAloneAndXsavecDoesNot() {
		FlatMachine machine = machine(XSAVE);
		machine.state.general[RAX] = 4;
		machine.run(1);
		assertEquals(0x1f80, machine.memory.read(AREA + 24, 4));
		assertEquals(-1, at(machine, AREA + 160));
		machine = machine(XSAVEC);
		machine.state.general[RAX] = 4;
		machine.run(1);
		assertEquals(0xffff_ffffL, machine.memory.read(AREA + 24, 4));
	}

	@Test
	void xsavecPacksTheComponentsAndSaysSo() {
		FlatMachine machine = machine(XSAVEC);
		machine.state.extended.xmm[3] = 0;
		machine.state.extended.mxcsr = 0x1fa0;
		machine.run(1);
		assertEquals(COMPACTED | 7, at(machine, XCOMP_BV));
		assertEquals(7, at(machine, XSTATE_BV), "MXCSR that is not 1F80H counts as SSE state");
		assertEquals(77, at(machine, UPPER + 31 * 8));
	}

	@Test
	void xrstorInitializesWhatTheAreaHasNot() {
		FlatMachine machine = machine(XSAVE + XRSTOR);
		machine.run(1);
		machine.memory.write(XSTATE_BV, 8, 2);
		machine.state.extended.xmm[3] = 0;
		machine.run(1);
		assertEquals(33, machine.state.extended.xmm[3]);
		assertEquals(0x37f, machine.state.extended.controlWord);
		assertEquals(0, machine.state.extended.ymmUpper[31]);
	}

	@Test
	void xrstorOfCompactedFormatIsTheInverseOfXsaveS() {
		FlatMachine machine = machine(XSAVES + XRSTORS + XRSTOR);
		machine.run(1);
		for (int i = 0; i < 2; i++) {
			machine.state.extended.reset();
			machine.run(1);
			assertEquals(77, machine.state.extended.ymmUpper[31]);
			assertEquals(33, machine.state.extended.xmm[3]);
			assertEquals(0x27f, machine.state.extended.controlWord);
		}
	}

	@Test
	void brokenHeadersRaiseGeneralProtectionAndChangeNothing() {
		long[][] headers = { { 8, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 }, { 4, COMPACTED | 3, 0 }, { 0, COMPACTED | 8, 0 },
				{ 0, COMPACTED, 1 } };
		for (long[] header : headers) {
			FlatMachine machine = machine(XRSTOR);
			for (int k = 0; k < 3; k++) {
				machine.memory.write(XSTATE_BV + 8 * k, 8, header[k]);
			}
			assertEquals(Vector.GP, fault(machine));
			assertEquals(33, machine.state.extended.xmm[3]);
		}
		FlatMachine machine = machine(XRSTORS);
		assertEquals(Vector.GP, fault(machine), "XRSTORS takes the compacted format alone");
	}

	@Test
	void reservedBitsOfMxcsrRaiseGeneralProtection() {
		FlatMachine machine = machine(XRSTOR);
		machine.memory.write(XSTATE_BV, 8, 2);
		machine.memory.write(AREA + 24, 4, 0x1_0000);
		assertEquals(Vector.GP, fault(machine));
	}

	@Test
	void alignmentModesAndPrivilegeAreChecked() {
		FlatMachine machine = machine(XSAVE);
		machine.state.general[RBX] = AREA + 16;
		assertEquals(Vector.GP, fault(machine));
		machine = machine(XSAVE);
		machine.state.cr0 |= CpuState.CR0_TS;
		assertEquals(Vector.NM, fault(machine));
		machine = machine(XSAVE);
		machine.state.cr4 &= ~CpuState.CR4_OSXSAVE;
		assertEquals(Vector.UD, fault(machine));
		machine = machine(XSAVES);
		machine.state.cpl = 3;
		machine.processor.stateReplaced();
		assertEquals(Vector.PF, fault(machine), "the page is a supervisor's");
		FlatMachine second = machine(new FlatMachine(RAM, ProcessorModel.of(Vendor.AMD, Level.V2, 0, 1)), XSAVE);
		assertEquals(Vector.UD, fault(second), "no model of level 2 has it");
	}

	@Test
	void xsetbvTakesOnlyCombinationsOfTheManual() {
		long[] refused = { 0, 2, 5, 6, 15 };
		for (long value : refused) {
			FlatMachine machine = machine("0f01d1");
			machine.state.general[RCX] = 0;
			machine.state.general[RDX] = 0;
			machine.state.general[RAX] = value;
			assertEquals(Vector.GP, fault(machine), "XCR0 = " + value);
		}
		FlatMachine machine = machine("0f01d1");
		machine.state.general[RCX] = 0;
		machine.state.general[RDX] = 0;
		machine.state.general[RAX] = 3;
		machine.run(1);
		assertEquals(3, machine.state.xcr0);
	}

	@Test
	void xgetbvOfOneTellsWhatIsInUse() {
		FlatMachine machine = machine("0f01d0");
		machine.state.extended.ymmUpper[31] = 0;
		machine.state.general[RCX] = 1;
		machine.run(1);
		assertEquals(3, machine.state.general[RAX]);
		machine = machine("0f01d0");
		machine.state.general[RCX] = 2;
		assertEquals(Vector.GP, fault(machine));
	}

	@Test
	void sizesOfLeafDFollowXcr0() {
		FlatMachine machine = machine("0fa2");
		machine.state.xcr0 = 3;
		machine.state.general[RAX] = 0xd;
		machine.state.general[RCX] = 0;
		machine.run(1);
		assertEquals(576, machine.state.general[RBX]);
		assertEquals(machine.processor.model().has(org.hyperstep.x86.system.Feature.PKU) ? 2696 : 576,
				machine.state.general[RCX]);
	}
}
