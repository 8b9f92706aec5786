/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;

import org.hyperstep.hypervisor.GuestRegister;
import org.hyperstep.hypervisor.Vcpu;
import org.hyperstep.hypervisor.VcpuStop;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Generated programs are what they say. */
@SuppressWarnings("nls")
class GeneratedProgramTest {
	private static final int LENGTH = 30, MOST_STEPS = 100_000;
	private static final long VM = 1 << 17, PE = 1, PG = 1L << 31, LMA = 1 << 10, CODE_LONG = 1 << 13;

	/** The mode that an instruction is executed in, in the words of {@link ProgramKind}'s labels. */
	private static String mode(Vcpu cpu) {
		boolean paging = (cpu.read(GuestRegister.CR0) & PG) != 0;
		int ring = (int) cpu.read(GuestRegister.CS) & 3;
		if ((cpu.read(GuestRegister.CR0) & PE) == 0) {
			return "real mode";
		}
		if ((cpu.read(GuestRegister.RFLAGS) & VM) != 0) {
			return "virtual-8086 mode" + ((cpu.read(GuestRegister.RFLAGS) >>> 12 & 3) == 3 ? ", IOPL 3" : ", VME");
		}
		if ((cpu.read(GuestRegister.EFER) & LMA) != 0) {
			boolean wide = (cpu.read(GuestRegister.CS_RIGHTS) & CODE_LONG) != 0;
			return (wide ? "64-bit" : "compatibility mode") + ", ring " + ring
					+ (cpu.nestingLevel() == 2 ? ", nested" : "");
		}
		return "32-bit, ring " + ring + (paging ? ", paging" : ", no paging");
	}

	@ParameterizedTest
	@EnumSource
	void programExecutesInTheModeOfItsKindAndEnds(ProgramKind kind) {
		for (StepCase column : StepCase.values()) {
			BareGuest guest = new GeneratedProgram(kind, 7, LENGTH, false).load(column);
			Set<String> modes = new HashSet<>();
			VcpuStop stop = guest.cpu.step();
			for (int i = 0; i < MOST_STEPS && stop instanceof VcpuStop.StepDone; i++) {
				modes.add(mode(guest.cpu));
				stop = guest.cpu.step();
			}
			assertEquals(new VcpuStop.MachineExit(0, 1), stop);
			assertTrue(modes.contains(kind.label()), kind.label() + " is not among " + modes);
		}
	}
}
