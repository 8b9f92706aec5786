/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.execution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.junit.jupiter.api.Test;

/** Exceptions of SSE instructions that depend on control registers and models, which user mode on the host cannot change. */
@SuppressWarnings("nls")
class SseExceptionsTest {
	private static final int DATA = 0x20_0000, RBX = 3;

	private static FlatMachine machine(Vendor vendor, String hex) {
		FlatMachine machine = FlatMachine
				.in64BitMode(new FlatMachine(0x30_0000, ProcessorModel.of(vendor, Level.V2, 0, 1))).code(hex);
		machine.state.general[RBX] = DATA;
		return machine;
	}

	private static void assertFault(int vector, FlatMachine machine) {
		assertEquals(RunOutcome.FAULT, machine.processor.emulateOne());
		assertEquals(vector, machine.processor.fault().vector());
		assertEquals(FlatMachine.CODE, machine.state.rip);
	}

	/** divsd xmm0, xmm1 with the divide-by-zero exception unmasked. */
	private static FlatMachine divisionByZero() {
		FlatMachine machine = machine(Vendor.INTEL, "f20f5ec1");
		machine.state.extended.mxcsr = 0x1d80;
		machine.state.extended.xmm[0] = Double.doubleToRawLongBits(1);
		return machine;
	}

	@Test
	void unmaskedExceptionRaisesXmAndLeavesTheDestination() {
		FlatMachine machine = divisionByZero();
		assertFault(Vector.XM, machine);
		assertEquals(0x1d84, machine.state.extended.mxcsr);
		assertEquals(Double.doubleToRawLongBits(1), machine.state.extended.xmm[0]);
	}

	@Test
	void unmaskedExceptionIsAnInvalidOpcodeWithoutOsxmmexcpt() {
		FlatMachine machine = divisionByZero();
		machine.state.cr4 &= ~CpuState.CR4_OSXMMEXCPT;
		machine.processor.stateReplaced();
		assertFault(Vector.UD, machine);
	}

	@Test
	void misalignedOperandIsAGeneralProtectionFault() {
		for (String hex : new String[] { "660fef03", "0f2803", "660f7f03", "660f380003" }) {
			FlatMachine machine = machine(Vendor.INTEL, hex);
			machine.state.general[RBX] = DATA + 8;
			assertFault(Vector.GP, machine);
			assertEquals(0, machine.processor.fault().errorCode());
		}
	}

	@Test
	void stringComparisonsAndUnalignedMovesTakeAnyAddress() {
		for (String hex : new String[] { "660f3a630300", "f30f6f03", "f20ff003" }) {
			FlatMachine machine = machine(Vendor.INTEL, hex);
			machine.state.general[RBX] = DATA + 8;
			assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		}
	}

	@Test
	void sseNeedsOsfxsrAndIsNotAvailableAfterATaskSwitch() {
		for (String hex : new String[] { "660fefc1", "660f3840c1", "660f38dcc1" }) {
			FlatMachine machine = machine(Vendor.INTEL, hex);
			machine.state.cr0 |= CpuState.CR0_TS;
			machine.processor.stateReplaced();
			assertFault(Vector.NM, machine);
			machine.state.cr4 &= ~CpuState.CR4_OSFXSR;
			machine.processor.stateReplaced();
			assertFault(Vector.UD, machine);
		}
	}

	@Test
	void mmxFormsOfSsse3DoNotNeedOsfxsr() {
		FlatMachine machine = machine(Vendor.INTEL, "0f3800c1");
		machine.state.cr4 &= ~CpuState.CR4_OSFXSR;
		machine.processor.stateReplaced();
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
	}

	@Test
	void crc32AndPopcntNeedNoSseState() {
		// crc32 eax, cl; popcnt eax, ecx
		for (String hex : new String[] { "f20f38f0c1", "f30fb8c1" }) {
			FlatMachine machine = machine(Vendor.INTEL, hex);
			machine.state.cr0 |= CpuState.CR0_TS | CpuState.CR0_EM;
			machine.processor.stateReplaced();
			assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		}
	}

	@Test
	void sse4aIsAmdsAlone() {
		// extrq xmm0, 8, 4
		assertFault(Vector.UD, machine(Vendor.INTEL, "660f78c00804"));
		FlatMachine machine = machine(Vendor.AMD, "660f78c00804");
		machine.state.extended.xmm[0] = 0xabcdeL;
		assertEquals(RunOutcome.EXECUTED, machine.processor.emulateOne());
		assertEquals(0xcd, machine.state.extended.xmm[0]);
	}
}
