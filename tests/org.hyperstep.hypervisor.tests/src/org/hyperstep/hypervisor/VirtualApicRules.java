/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.selftest.guest.BareGuest;
import org.junit.jupiter.api.Test;

/** Guests whose local APICs the hardware virtualizes, and what holds of them on both vendors' processors. */
@SuppressWarnings("nls")
abstract class VirtualApicRules {
	static final VirtualizationOptions HARDWARE = VirtualizationOptions.DEFAULT.withVirtualApic(true);
	/** MOV EAX, 1FFh; MOV [FEE000F0h], EAX; XOR EBX, EBX. */
	static final String SETUP = "b8ff010000 a3f000e0fe00000000 31db";
	/** MOV EAX, 40040h; MOV [FEE00300h], EAX: vector 40h to itself. */
	static final String SELF_40 = "b840000400 a30003e0fe00000000";
	/** The handler counts in RBX, ends the interrupt and returns. */
	private static final String COUNTING_HANDLER = "ffc3 31c0 a3b000e0fe00000000 48cf";
	static final String STI = "fb", NOP = "90", JMP_SELF = "ebfe";
	static final int VECTOR = 0x40, ENOUGH = 2_000;

	private final Virtualization virtualization;

	VirtualApicRules(Virtualization virtualization) {
		this.virtualization = virtualization;
	}

	/** A guest that has its APIC enabled and RBX clear when it comes to the code. */
	final BareGuest guest(int cpus, String code) {
		return bareGuest(cpus, SETUP + code);
	}

	final BareGuest bareGuest(int cpus, String code) {
		BareGuest guest = new BareGuest(virtualization, HARDWARE, cpus, code);
		// 16 bytes are between handlers: those of the vectors behind are not used.
		guest.put(BareGuest.handler(VECTOR), COUNTING_HANDLER);
		return guest;
	}

	static long exits(Vcpu cpu, String name) {
		return cpu.exitCounts().stream().filter(count -> count.name().equals(name)).mapToLong(Vcpu.ExitCount::count)
				.sum();
	}

	static long counted(BareGuest guest) {
		return guest.cpu.read(GuestRegister.RBX);
	}

	@Test
	void maskOfOneCpuLeavesTheOthersHardwareAtWork() {
		// The first CPU starts the second one, which sets IF in real mode.
		BareGuest guest = guest(2, STI
				+ "b800450c00 a30003e0fe00000000 b808460c00 a30003e0fe00000000" + JMP_SELF);
		guest.put(4 * VECTOR, "00 90 00 00");
		guest.put(0x9000, "43cf");
		guest.put(0x8000, "31c0 8ed8 8ed0 bc0070 31db fb ebfe");
		guest.guest.run(100_000);
		Vcpu second = guest.guest.cpus().get(1);
		guest.machine.localApic(1).enterVirtualWireMode();
		guest.cpu.setMask(EventMask.INTERRUPTS);
		assertNull(guest.cpu.raiseInterrupt(VECTOR));
		assertNull(second.raiseInterrupt(VECTOR));
		guest.guest.run(100_000);
		assertEquals(0, counted(guest));
		assertFalse(guest.cpu.pendingEvents().isEmpty());
		assertEquals(1, second.read(GuestRegister.RBX));
	}

	@Test
	void stackInTheApicsPageIsEmulatedAndTheGuestGoesOn() {
		// INT 41h with RSP in the APIC's page: what is pushed there goes nowhere, and nothing hangs.
		BareGuest guest = guest(1, "bc0009e0fe" + "cd41" + JMP_SELF);
		guest.put(BareGuest.handler(0x41), JMP_SELF);
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(ENOUGH));
		assertEquals(BareGuest.handler(0x41), guest.rip());
	}
}
