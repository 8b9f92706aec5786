/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.stream.IntStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a kernel-based hypervisor's own test of guest debugging asks (17 scenarios: software and hardware breakpoints,
 * single-step with interrupts blocked, general detect), for both vendors and all mechanisms. An interrupt is pending
 * throughout.
 */
@SuppressWarnings("nls")
class GuestDebugFactsTest {
	private static final String ENABLE_X2APIC = "b91b000000 0f32 0d000c0000 0f30";
	private static final String ENABLE_BY_SPURIOUS_VECTOR = "b90f080000 b8ff010000 31d2 0f30";
	private static final String SEND_SELF_AA = "b930080000 b8aa000400 31d2 0f30";
	private static final String INT3 = "cc", FOUR_NOPS = "90 90 90 90";
	/** MOV [200000h], RAX four times. */
	private static final String FOUR_STORES = "4889042500002000".repeat(4);
	/** STI; XOR EAX, EAX; CPUID; MOV ECX, 6E0h; WRMSR; CLI. */
	private static final String STEPPED = "fb 31c0 0fa2 b9e0060000 0f30 fa";
	private static final int[] LENGTHS = { 1, 2, 2, 5, 2, 1 };
	/** MOV RAX, DR0; then MOV AL, 0; OUT F4h, AL. */
	private static final String GENERAL_DETECT = "0f21c0", END = "b000 e6f4 f4";

	private static final int SETUP = 14 + 14 + 14;
	private static final long DR6_CLEAN = 0xffff0ff0L, FIRST_NOP = BareGuest.CODE + SETUP + 1,
			FIRST_STORE = FIRST_NOP + 4, FIRST_STEPPED = FIRST_STORE + 32;

	private final GuestDebug breakpoints = new GuestDebug(true, 0, 0, 0, 0, 0);

	private static BareGuest guest(StepCase column) {
		return new BareGuest(column, ENABLE_X2APIC + ENABLE_BY_SPURIOUS_VECTOR + SEND_SELF_AA + INT3 + FOUR_NOPS
				+ FOUR_STORES + STEPPED + GENERAL_DETECT + END);
	}

	private static GuestDebug hardwareBreakpoint(int number, long linear, long dr7) {
		return new GuestDebug(false, number == 0 ? linear : 0, number == 1 ? linear : 0, number == 2 ? linear : 0,
				number == 3 ? linear : 0, dr7);
	}

	@ParameterizedTest
	@EnumSource
	void allScenariosInTurn(StepCase column) {
		BareGuest guest = guest(column);
		Vcpu cpu = guest.cpu;
		softwareBreakpoint(guest);
		executionBreakpoints(guest);
		writeWatchpoints(guest);
		cpu.setGuestDebug(GuestDebug.OFF);
		singleStepsWithInterruptsBlocked(guest);
		generalDetect(guest);
		cpu.setGuestDebug(GuestDebug.OFF);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1000), "debug off: the rest runs to its end");
		assertEquals(DR6_CLEAN, cpu.read(GuestRegister.DR6), "the guest's DR6 was never touched");
		assertEquals(0x400, cpu.read(GuestRegister.DR7));
		assertEquals(1, cpu.pendingEvents().size(), "IF is clear: 0xAA still waits");
	}

	private void softwareBreakpoint(BareGuest guest) {
		guest.cpu.setGuestDebug(breakpoints);
		assertEquals(new VcpuStop.DebugExit(0, 3, FIRST_NOP - 1, DR6_CLEAN), guest.guest.run(1000));
		assertEquals(FIRST_NOP - 1, guest.rip(), "RIP is at the INT3");
		guest.cpu.write(GuestRegister.RIP, FIRST_NOP);
	}

	private static void executionBreakpoints(BareGuest guest) {
		for (int i = 0; i < 4; i++) {
			guest.cpu.setGuestDebug(hardwareBreakpoint(i, FIRST_NOP + i, 0x400 | 1 << 2 * i + 1));
			assertEquals(new VcpuStop.DebugExit(0, 1, FIRST_NOP + i, DR6_CLEAN | 1 << i), guest.guest.run(1000));
		}
	}

	private static void writeWatchpoints(BareGuest guest) {
		for (int i = 0; i < 4; i++) {
			guest.cpu.setGuestDebug(hardwareBreakpoint(i, BareGuest.DATA, 0x400 | 1 << 2 * i + 1 | 0xd0000L << 4 * i));
			assertEquals(new VcpuStop.DebugExit(0, 1, FIRST_STORE + 8 * (i + 1), DR6_CLEAN | 1 << i),
					guest.guest.run(1000));
		}
	}

	private static void singleStepsWithInterruptsBlocked(BareGuest guest) {
		Vcpu cpu = guest.cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		long expected = FIRST_STEPPED;
		for (int length : LENGTHS) {
			assertEquals(new VcpuStop.StepDone(0, -1), cpu.step());
			expected += length;
			assertEquals(expected, guest.rip());
			assertEquals(0xaa, cpu.pendingEvents().get(0).vector(), "never delivered");
			assertEquals(DR6_CLEAN, cpu.read(GuestRegister.DR6));
		}
		cpu.setMask(EventMask.NONE);
	}

	private static void generalDetect(BareGuest guest) {
		long mov = FIRST_STEPPED + IntStream.of(LENGTHS).sum();
		guest.cpu.setGuestDebug(new GuestDebug(false, 0, 0, 0, 0, 0x400 | 1 << 13));
		assertEquals(new VcpuStop.DebugExit(0, 1, mov, DR6_CLEAN | 1 << 13), guest.guest.run(1000));
	}

	@ParameterizedTest
	@EnumSource
	void theGuestReadsItsOwnDebugRegistersWhileTheDebuggerOwnsThem(StepCase column) {
		// MOV EAX, 401h; MOV DR7, RAX; MOV EAX, 1234h; MOV DR0, RAX; MOV RBX, DR7; MOV RCX, DR0; OUT F4h, AL
		BareGuest guest = new BareGuest(column, "b801040000 0f23f8 b834120000 0f23c0 0f21fb 0f21c1 b000 e6f4");
		guest.cpu.setGuestDebug(hardwareBreakpoint(2, BareGuest.DATA, 0x420));
		assertInstanceOf(VcpuStop.MachineExit.class, guest.guest.run(1000));
		assertEquals(0x401, guest.cpu.read(GuestRegister.RBX));
		assertEquals(0x1234, guest.cpu.read(GuestRegister.RCX));
	}
}
