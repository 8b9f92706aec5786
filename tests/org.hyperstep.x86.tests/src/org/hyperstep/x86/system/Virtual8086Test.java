/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import static org.hyperstep.x86.system.SystemFixture.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.event.EventDelivery;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Virtual-8086 mode, its extensions (CR4.VME), and protected-mode virtual interrupts (CR4.PVI). */
@SuppressWarnings("nls")
class Virtual8086Test {
	private static final int IO_MAP = 0x88, REDIRECTION = IO_MAP - 32;
	private static final long VM = CpuState.VM, IF = CpuState.IF, VIF = CpuState.VIF, VIP = CpuState.VIP,
			TF = CpuState.TF, IOPL3 = CpuState.IOPL;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final FlagInstructions flags = fixture.unit.flagInstructions;
	private final EventDelivery delivery = fixture.unit.events.delivery;

	@BeforeEach
	void enter() {
		fixture.protectedMode(3);
		state.rflags = VM | 2;
		for (int i = 0; i < 6; i++) {
			SegmentLoads.loadVirtual8086(state.segments[i], 0x500);
		}
		state.general[CpuState.RSP] = 0x100;
		fixture.unit.stateReplaced();
		fixture.memory.write(TSS + 0x66, 2, IO_MAP);
		fixture.memory.write(0x21 * 4, 4, 0x0600_0042);
		fixture.memory.write(TSS + 4, 4, 0xa000);
		fixture.memory.write(TSS + 8, 4, DATA);
		fixture.gate32(0x21, CODE32, 0x6000, 0xee);
	}

	private void redirectToMonitor(int vector) {
		fixture.memory.write(TSS + REDIRECTION + (vector >> 3), 1, 1 << (vector & 7));
	}

	private String interrupt(int vector) {
		return fixture.outcome(() -> delivery.softwareInterrupt(vector, state.rip + 2));
	}

	private long stacked(int index) {
		return fixture.memory.read(0x5000 + state.general[CpuState.RSP] + index * 2, 2);
	}

	@Test
	void softwareInterruptNeedsIopl3() {
		assertEquals("13(0)", interrupt(0x21));
		state.rflags |= IOPL3;
		assertEquals("none", interrupt(0x21));
		assertEquals(0x6000, state.rip);
		assertEquals(0, state.cpl);
	}

	@Test
	void interruptToAnotherLevelThan0Faults() {
		state.rflags |= IOPL3;
		fixture.gate32(0x21, USER_CODE32, 0x6000, 0xee).gate32(13, CODE32, 0x7000, 0x8e);
		assertEquals("none", interrupt(0x21));
		assertEquals(0x7000, state.rip);
		assertEquals(USER_CODE32, fixture.stacked(0, 4));
	}

	@Test
	void clearBitRedirectsToTheProgramsOwnHandler() {
		state.cr4 |= CpuState.CR4_VME;
		state.rflags |= IF | VIF | TF;
		assertEquals("none", interrupt(0x21));
		assertEquals(0x42, state.rip);
		assertEquals(0x600, state.segments[CpuState.CS].selector);
		assertEquals(VM | IF | 2, state.rflags, "VIF and TF are clear, IF stays");
		assertEquals(0x8002, stacked(0));
		assertEquals(0x500, stacked(1));
		assertEquals(IOPL3 | IF | TF | 2, stacked(2), "IF is the image of VIF, IOPL reads as 3");
	}

	@Test
	void redirectionAtIopl3WorksOnIf() {
		state.cr4 |= CpuState.CR4_VME;
		state.rflags |= IOPL3 | IF;
		interrupt(0x21);
		assertEquals(VM | IOPL3 | 2, state.rflags);
		assertEquals(IOPL3 | IF | 2, stacked(2));
	}

	@Test
	void setBitGoesToTheMonitor() {
		state.cr4 |= CpuState.CR4_VME;
		redirectToMonitor(0x21);
		assertEquals("13(0)", interrupt(0x21));
		state.rflags |= IOPL3;
		interrupt(0x21);
		assertEquals(0x6000, state.rip);
	}

	@Test
	void flagInstructionsBelowIopl3Fault() {
		assertEquals("13(0)", fixture.outcome(flags::cli));
		assertEquals("13(0)", fixture.outcome(flags::sti));
		assertEquals("13(0)", fixture.outcome(() -> flags.pushedFlags(16, 1)));
		assertEquals("13(0)", fixture.outcome(() -> flags.preparePopFlags(16, 1)));
		assertEquals("13(0)", fixture.outcome(() -> fixture.unit.interruptReturn.iret(16, 1)));
	}

	@Test
	void extensionsVirtualizeTheInterruptFlag() {
		state.cr4 |= CpuState.CR4_VME;
		flags.sti();
		assertEquals(VM | VIF | 2, state.rflags);
		assertEquals(IOPL3 | IF | VIF | 2, flags.pushedFlags(16, 1));
		flags.cli();
		assertEquals(VM | 2, state.rflags);
		flags.popFlags(IF | IOPL3 | CpuState.CF, 16);
		assertEquals(VM | VIF | CpuState.CF | 2, state.rflags, "IF and IOPL stay");
		assertEquals("13(0)", fixture.outcome(() -> flags.pushedFlags(32, 1)));
		assertEquals("13(0)", fixture.outcome(() -> flags.popFlags(0, 32)));
		assertEquals("13(0)", fixture.outcome(() -> flags.popFlags(TF, 16)));
	}

	@Test
	void pendingVirtualInterruptMakesEnablingFault() {
		state.cr4 |= CpuState.CR4_VME;
		state.rflags |= VIP;
		assertEquals("13(0)", fixture.outcome(flags::sti));
		assertEquals("13(0)", fixture.outcome(() -> flags.popFlags(IF, 16)));
		assertEquals("none", fixture.outcome(() -> flags.popFlags(0, 16)));
	}

	@Test
	void iretBelowIopl3TakesIfAsVif() {
		state.cr4 |= CpuState.CR4_VME;
		fixture.memory.write(0x5100, 2, 0x77);
		fixture.memory.write(0x5102, 2, 0x700);
		fixture.memory.write(0x5104, 2, IF | CpuState.ZF | 2);
		assertEquals(0x77, fixture.unit.interruptReturn.iret(16, 1));
		assertEquals(0x7000, state.segments[CpuState.CS].base);
		assertEquals(VM | VIF | CpuState.ZF | 2, state.rflags);
		assertEquals(0x106, state.general[CpuState.RSP]);
	}

	@Test
	void protectedModeVirtualInterruptsAtLevel3() {
		fixture.protectedMode(3);
		state.rflags = 2;
		state.cr4 |= CpuState.CR4_PVI;
		flags.sti();
		assertEquals(VIF | 2, state.rflags);
		flags.cli();
		assertEquals(2, state.rflags);
		state.rflags |= VIP;
		assertEquals("13(0)", fixture.outcome(flags::sti));
		state.cpl = 1;
		assertEquals("13(0)", fixture.outcome(flags::cli), "only at CPL 3");
	}
}
