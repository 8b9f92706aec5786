/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.Interception;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class ControlRegistersTest {
	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final ControlRegisters registers = fixture.unit.controlRegisters;

	private String write(int register, long value) {
		return fixture.outcome(() -> registers.write(register, value, 0));
	}

	@Test
	void resetStateIsTheManuals() {
		assertEquals(0x6000_0010L, state.cr0);
		assertEquals(0xfff0, state.rip);
		assertEquals(0xffff_0000L, state.segments[CpuState.CS].base);
		assertEquals(2, state.rflags);
		assertEquals(fixture.unit.model.signature(), state.general[CpuState.RDX]);
		assertEquals(0x0007_0406_0007_0406L, state.pat);
	}

	@Test
	void onlyLevelZeroTouchesThem() {
		fixture.protectedMode(3);
		assertEquals("13(0)", write(0, 1));
		assertEquals("13(0)", fixture.outcome(() -> registers.read(0, 0)));
		assertEquals("13(0)", fixture.outcome(registers::clts));
	}

	@Test
	void inconsistentCr0Faults() {
		assertEquals("13(0)", write(0, CpuState.CR0_PG));
		assertEquals("13(0)", write(0, CpuState.CR0_NW));
		assertEquals("13(0)", write(0, 1L << 32));
		assertEquals("none", write(0, CpuState.CR0_PE));
		assertEquals(CpuState.CR0_PE | CpuState.CR0_ET, state.cr0, "ET is fixed");
	}

	@Test
	void pagingWithLmeEntersLongModeAndNeedsPae() {
		fixture.protectedMode(0);
		state.efer = CpuState.EFER_LME;
		assertEquals("13(0)", write(0, CpuState.CR0_PE | CpuState.CR0_PG));
		state.cr4 = CpuState.CR4_PAE;
		assertEquals("none", write(0, CpuState.CR0_PE | CpuState.CR0_PG));
		assertTrue(state.longModeActive());
		assertFalse(state.in64BitMode(), "compatibility mode until CS is loaded");
		assertEquals("13(0)", write(4, 0), "PAE stays on in long mode");
		assertEquals("none", write(0, CpuState.CR0_PE));
		assertFalse(state.longModeActive());
	}

	@Test
	void pagingCannotBeSwitchedOffIn64BitMode() {
		fixture.longMode(0);
		assertEquals("13(0)", write(0, CpuState.CR0_PE));
	}

	@Test
	void paeLoadsAndChecksThePdptes() {
		fixture.protectedMode(0);
		state.cr4 = CpuState.CR4_PAE;
		state.cr3 = 0x5020;
		fixture.memory.write(0x5020, 8, 0x6001);
		fixture.memory.write(0x5038, 8, 0x7001);
		assertEquals("none", write(0, CpuState.CR0_PE | CpuState.CR0_PG));
		assertEquals(0x6001, state.pdpte[0]);
		assertEquals(0x7001, state.pdpte[3]);
		fixture.memory.write(0x5068, 8, 0x6003);
		assertEquals("13(0)", write(3, 0x5060), "bits 2:1 are reserved");
		assertEquals(0x5020, state.cr3);
		assertEquals(0x6001, state.pdpte[0]);
	}

	@Test
	void reservedBitsOfCr3Cr4AndCr8Fault() {
		fixture.longMode(0);
		assertEquals("13(0)", write(3, 1L << 46));
		assertEquals("13(0)", write(4, state.cr4 | 1 << 15));
		assertEquals("13(0)", write(8, 16));
		assertEquals("none", write(8, 15));
		assertEquals(15, registers.read(8, 0));
		assertEquals("6", write(5, 0));
	}

	@Test
	void loadOfCr3DropsTranslations() {
		fixture.longMode(0);
		fixture.unit.mmu.read8(0x20_0000);
		fixture.memory.write(fixture.entry(0x20_0000, 1), 8, 0);
		assertEquals("none", fixture.outcome(() -> fixture.unit.mmu.read8(0x20_0000)));
		write(3, state.cr3);
		assertEquals("14(0)", fixture.outcome(() -> fixture.unit.mmu.read8(0x20_0000)));
	}

	@Test
	void lmswCannotClearProtection() {
		fixture.protectedMode(0);
		registers.lmsw(CpuState.CR0_TS);
		assertEquals(CpuState.CR0_PE | CpuState.CR0_TS, state.cr0 & 15);
		registers.clts();
		assertEquals(CpuState.CR0_PE, state.cr0 & 15);
	}

	@Test
	void masksOfAGuestApply() {
		fixture.protectedMode(0);
		fixture.unit.setInterception(new Interception() {
			@Override
			public long controlRegisterWrite(int register, long value, int generalRegister) {
				return value | CpuState.CR0_NE;
			}

			@Override
			public long controlRegisterRead(int register, long value, int generalRegister) {
				return value & ~CpuState.CR0_NE;
			}
		});
		write(0, CpuState.CR0_PE);
		assertEquals(CpuState.CR0_NE, state.cr0 & CpuState.CR0_NE);
		assertEquals(0, registers.read(0, 0) & CpuState.CR0_NE);
		assertEquals(0, registers.smsw() & CpuState.CR0_NE);
	}

	@Test
	void debugRegistersAliasOrRaiseByDebugExtensions() {
		fixture.protectedMode(0);
		DebugRegisters debug = fixture.unit.debugRegisters;
		debug.write(4, 0xffff_ffffL, 0);
		assertEquals(0xffff_efffL & (0xffff0ff0L | 0xe00f), state.dr6);
		debug.write(5, 0, 0);
		assertEquals(0x400, debug.read(7, 0));
		state.cr4 |= CpuState.CR4_DE;
		assertEquals("6", fixture.outcome(() -> debug.read(5, 0)));
		assertEquals("13(0)", fixture.outcome(() -> debug.write(7, 1L << 32, 0)));
	}

	@Test
	void generalDetectFaultsWithBd() {
		fixture.protectedMode(0);
		fixture.unit.debugRegisters.write(7, 1 << 13, 0);
		assertEquals(1 << 13, fixture.faultOf(() -> fixture.unit.debugRegisters.read(0, 0)).payload());
		fixture.state.cpl = 3;
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.debugRegisters.read(0, 0)));
	}

	@Test
	void flagInstructionsFollowIopl() {
		FlagInstructions flags = fixture.unit.flagInstructions;
		fixture.protectedMode(3);
		assertEquals("13(0)", fixture.outcome(flags::cli));
		assertEquals("13(0)", fixture.outcome(flags::sti));
		flags.popFlags(CpuState.IF | CpuState.IOPL | CpuState.ID, 32);
		assertEquals(CpuState.ID | 2, state.rflags);
		state.rflags |= CpuState.IOPL;
		flags.sti();
		assertTrue((state.rflags & CpuState.IF) != 0);
		state.rflags = 2 | CpuState.VM;
		assertEquals("13(0)", fixture.outcome(() -> flags.pushedFlags(16, 1)));
		fixture.protectedMode(0);
		state.rflags = 2 | CpuState.RF;
		assertEquals(2, flags.pushedFlags(16, 1));
	}

	@Test
	void portsFollowIoplAndTheBitmap() {
		PrivilegedInstructions ports = fixture.unit.privilegedInstructions;
		fixture.protectedMode(3);
		fixture.memory.write(SystemFixture.TSS + 0x66, 2, 0x68);
		fixture.memory.write(SystemFixture.TSS + 0x68 + 0x3f8 / 8, 1, 0xf6);
		assertEquals("none", fixture.outcome(() -> ports.requirePort(0x3f8, 1)));
		assertEquals("13(0)", fixture.outcome(() -> ports.requirePort(0x3f8, 2)));
		assertEquals("none", fixture.outcome(() -> ports.requirePort(0x3fb, 1)));
		assertEquals("13(0)", fixture.outcome(() -> ports.requirePort(0xffff, 1)), "beyond the limit of the TSS");
		state.rflags |= CpuState.IOPL;
		assertEquals("none", fixture.outcome(() -> ports.requirePort(0xffff, 1)));
	}
}
