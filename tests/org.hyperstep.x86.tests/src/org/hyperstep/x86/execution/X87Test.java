/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.FloatErrorLine;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;

/** What the comparison with the host leaves out: pending exceptions, environments in memory, estimates. */
@SuppressWarnings("nls")
class X87Test {
	private static final int DATA = 0x20_0000, RBX = 3;

	private static FlatMachine machine(String hex) {
		FlatMachine machine = FlatMachine.in64BitMode(0x30_0000).code(hex);
		machine.state.general[RBX] = DATA;
		machine.state.extended.initializeX87();
		return machine;
	}

	@Test
	void unmaskedExceptionIsRaisedByTheNextWaitingInstruction() {
		// fld1; fldz; fdivp; fnstsw ax; fld1
		FlatMachine machine = machine("d9e8 d9ee def9 dfe0 d9e8");
		machine.state.extended.controlWord = 0x37b;
		machine.run(4);
		assertEquals(0xb084, machine.state.general[CpuState.RAX] & 0xffff);
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.MF, machine.processor.fault().vector());
		assertEquals(FlatMachine.CODE + 8, machine.state.rip);
	}

	@Test
	void exceptionGoesThroughFerrWhereNeIsClear() {
		// fld1; fldz; fdivp; fwait; fnclex; fwait
		FlatMachine machine = machine("d9e8 d9ee def9 9b dbe2 9b");
		StringBuilder pin = new StringBuilder();
		boolean[] ignored = { false };
		machine.processor.setFloatErrorLine(new FloatErrorLine() {
			@Override
			public boolean raise() {
				pin.append('+');
				return ignored[0];
			}

			@Override
			public void clear() {
				pin.append('-');
			}
		});
		machine.state.extended.controlWord = 0x37b;
		machine.state.cr0 &= ~CpuState.CR0_NE;
		machine.run(3);
		long before = machine.state.rip;
		machine.run(2);
		assertEquals(before, machine.state.rip, "stands still");
		assertEquals("++", pin.toString());
		ignored[0] = true;
		machine.run(1);
		assertEquals(before + 1, machine.state.rip, "IGNNE#");
		machine.run(2);
		assertEquals("+++-", pin.toString());
	}

	@Test
	void fnstenvStoresPointersAndMasksExceptions() {
		// fld qword [rbx+8]; fnstenv [rbx+16]
		FlatMachine machine = machine("dd4308 d97310");
		machine.state.extended.controlWord = 0x340;
		machine.run(2);
		long at = DATA + 16;
		assertEquals(0xffff_0340L, machine.memory.read(at, 4));
		assertEquals(0xffff_3800L, machine.memory.read(at + 4, 4));
		assertEquals(0xffff_7fffL, machine.memory.read(at + 8, 4));
		assertEquals(FlatMachine.CODE, machine.memory.read(at + 12, 4));
		assertEquals(0x0543_0000L, machine.memory.read(at + 16, 4));
		assertEquals(DATA + 8, machine.memory.read(at + 20, 4));
		assertEquals(0x37f, machine.state.extended.controlWord);
	}

	@Test
	void realModeEnvironmentHoldsLinearAddresses() {
		// fld1; fnstenv [0x4000]
		FlatMachine machine = FlatMachine.inRealMode(0x30_0000).code("d9e8 d9360040");
		machine.state.extended.initializeX87();
		long linear = machine.state.segments[CpuState.CS].base + machine.state.rip;
		machine.run(2);
		assertEquals(linear & 0xffff, machine.memory.read(0x4006, 2));
		assertEquals(linear >>> 4 & 0xf000 | 0x1e8, machine.memory.read(0x4008, 2));
	}

	@Test
	void fnsaveAndFrstorKeepTheStack() {
		for (String prefix : new String[] { "", "66" }) {
			// fldpi; fld1; fnsave [rbx]; frstor [rbx]
			FlatMachine machine = machine("d9eb d9e8" + prefix + "dd33" + prefix + "dd23");
			machine.run(3);
			assertEquals(0, machine.state.extended.validRegisters);
			machine.run(1);
			assertEquals(0xc0, machine.state.extended.validRegisters);
			assertEquals(0xc90f_daa2_2168_c235L, machine.state.extended.significand[7]);
			assertEquals(0x3fff, machine.state.extended.signAndExponent[6]);
			assertEquals(0x3000, machine.state.extended.statusWord);
		}
	}

	@Test
	void faultingStoreLeavesTheStackAsItWas() {
		// fldz; fstp qword [rbx]
		FlatMachine machine = machine("d9ee dd1b");
		machine.state.general[RBX] = 1L << 40;
		machine.run(1);
		int statusWord = machine.state.extended.statusWord;
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(Vector.PF, machine.processor.fault().vector());
		assertEquals(statusWord, machine.state.extended.statusWord);
		assertEquals(0x80, machine.state.extended.validRegisters);
	}

	@Test
	void estimatesAreWithinTheManualsBound() {
		// rcpps xmm0, xmm1; rsqrtps xmm2, xmm1
		for (float value = 1.1e-38f; value < 1e38f; value *= 1.37f) {
			FlatMachine machine = machine("0f53c1 0f52d1");
			machine.state.extended.xmm[2] = Float.floatToRawIntBits(value);
			machine.run(2);
			double reciprocal = Float.intBitsToFloat((int) machine.state.extended.xmm[0]);
			double root = Float.intBitsToFloat((int) machine.state.extended.xmm[4]);
			boolean zero = value < Float.MIN_NORMAL;
			assertTrue(zero || Math.abs(reciprocal * value - 1) <= 1.5 / 4096, () -> "rcp " + reciprocal);
			assertTrue(zero || Math.abs(root * Math.sqrt(value) - 1) <= 1.5 / 4096, () -> "rsqrt " + root);
		}
	}
}
