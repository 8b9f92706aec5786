/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.apic.ApicBus;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.selftest.guest.BareGuest;
import org.junit.jupiter.api.Test;

/** A guest whose local APICs hardware virtualizes: APICv (Intel SDM, "APIC Virtualization and Virtual Interrupts"). */
@SuppressWarnings("nls")
class VirtualApicTest {
	private static final VirtualizationOptions HARDWARE = VirtualizationOptions.DEFAULT.withVirtualApic(true);
	/** MOV EAX, 1FFh; MOV [FEE000F0h], EAX. */
	private static final String ENABLE = "b8ff010000 a3f000e0fe00000000";
	/** MOV EAX, 40040h; MOV [FEE00300h], EAX: vector 40h to itself. */
	private static final String SELF_40 = "b840000400 a30003e0fe00000000";
	/** The handler counts in RBX, ends the interrupt and returns. */
	private static final String COUNTING_HANDLER = "ffc3 31c0 a3b000e0fe00000000 48cf";
	private static final String STI = "fb", NOP = "90", JMP_SELF = "ebfe";
	private static final String ENABLE_X2APIC = "b91b000000 0f32 0d000c0000 0f30 b90f080000 b8ff010000 31d2 0f30";
	private static final int VECTOR = 0x40, ENOUGH = 2_000;

	private final String setup = ENABLE + "31db";

	private static BareGuest guest(int cpus, String code) {
		BareGuest guest = new BareGuest(Virtualization.VMX, HARDWARE, cpus, code);
		// 16 bytes are between handlers: those of the vectors behind are not used.
		guest.put(BareGuest.handler(VECTOR), COUNTING_HANDLER);
		return guest;
	}

	private static long exits(Vcpu cpu, String name) {
		return cpu.exitCounts().stream().filter(count -> count.name().equals(name)).mapToLong(Vcpu.ExitCount::count)
				.sum();
	}

	private static long counted(BareGuest guest) {
		return guest.cpu.read(GuestRegister.RBX);
	}

	@Test
	void selfIpisAreDeliveredAndEndedWithoutAnExit() {
		BareGuest guest = guest(1, setup + STI + SELF_40.repeat(20) + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(20, counted(guest));
		assertEquals(0, exits(guest.cpu, "APIC_ACCESS"));
		assertEquals(1, exits(guest.cpu, "APIC_WRITE"), "the spurious-vector register is the hypervisor's");
		assertTrue(guest.cpu.pendingEvents().isEmpty());
	}

	@Test
	void maskHoldsASelfIpiBackAndLeavesTheRegistersVirtualized() {
		// The loop reads TPR, and the word of IRR that vector 40h is in, to RCX.
		BareGuest guest = guest(1,
				setup + STI + NOP.repeat(8) + SELF_40 + "a18000e0fe00000000 a12002e0fe00000000 89c1 ebea");
		guest.stepTo(setup.replace(" ", "").length() / 2 + 1);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.guest.run(ENOUGH);
		assertEquals(0, counted(guest));
		assertEquals(1, guest.cpu.read(GuestRegister.RCX), "the request is there for the guest to see");
		assertEquals(0, exits(guest.cpu, "APIC_ACCESS"));
		PendingEvent held = guest.cpu.pendingEvents().get(0);
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, held.blocked());
		assertEquals(VECTOR, held.vector());
		guest.cpu.setMask(EventMask.NONE);
		guest.guest.run(ENOUGH);
		assertEquals(1, counted(guest));
	}

	@Test
	void maskOfOneCpuLeavesTheOthersHardwareAtWork() {
		// The first CPU starts the second one, which sets IF in real mode.
		BareGuest guest = guest(2, setup + STI
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
	void currentCountIsEmulatedBecauseTheHardwareDoesNotVirtualizeIt() {
		BareGuest guest = guest(1,
				setup + "b8ffffff00 a38003e0fe00000000" + NOP.repeat(40) + "a19003e0fe00000000 89c1" + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(1, exits(guest.cpu, "APIC_ACCESS"));
		long count = guest.cpu.read(GuestRegister.RCX);
		assertTrue(count > 0xffff00 && count < 0xffffff, Long.toHexString(count));
	}

	@Test
	void endOfALevelTriggeredInterruptReachesTheIoApic() {
		BareGuest guest = guest(1, setup + STI + JMP_SELF);
		guest.guest.run(100);
		boolean[] ended = new boolean[1];
		guest.machine.apicBus().onEndOfLevelInterrupt(vector -> ended[0] |= vector == VECTOR);
		guest.machine.apicBus().send(new ApicBus.Message(DeliveryMode.FIXED, VECTOR, false, 0, true, "test"));
		guest.guest.run(ENOUGH);
		assertEquals(1, counted(guest));
		assertTrue(ended[0]);
		assertEquals(1, exits(guest.cpu, "VIRTUALIZED_EOI"));
	}

	@Test
	void x2apicRegistersAreVirtualizedAndTheMaskHoldsTheirSelfIpis() {
		// MSR 83Fh sends 40h to itself; then the loop reads PPR, which is zero, by MSR 80Ah.
		BareGuest guest = guest(1, ENABLE_X2APIC + "31db" + STI + NOP + "b93f080000 b840000000 31d2 0f30"
				+ "b90a080000 0f32 ebf7");
		guest.put(BareGuest.handler(VECTOR), "ffc3 90 b90b080000 31c0 0f30 48cf");
		guest.stepTo((ENABLE_X2APIC + "31db" + STI).replace(" ", "").length() / 2);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.guest.run(ENOUGH);
		assertEquals(0, counted(guest));
		assertEquals(VECTOR, guest.cpu.pendingEvents().get(0).vector());
		guest.cpu.setMask(EventMask.NONE);
		long before = exits(guest.cpu, "RDMSR") + exits(guest.cpu, "WRMSR");
		guest.guest.run(ENOUGH);
		assertEquals(1, counted(guest));
		assertEquals(before, exits(guest.cpu, "RDMSR") + exits(guest.cpu, "WRMSR"), "unmasked nothing exits");
	}

	@Test
	void interruptOfHigherClassWaitsForTheTaskPriorityInHardware() {
		// MOV CR8 to 4 holds 40h off; to 3 lets it through: no exit for either.
		BareGuest guest = guest(1, setup + "b804000000 440f22c0" + STI + SELF_40 + NOP.repeat(4)
				+ "89d9 b803000000 440f22c0" + NOP + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(0, guest.cpu.read(GuestRegister.RCX), "not before the priority sinks");
		assertEquals(1, counted(guest));
		assertEquals(0, exits(guest.cpu, "CONTROL_REGISTER_ACCESS"));
	}

	@Test
	void stackInTheApicsPageIsEmulatedAndTheGuestGoesOn() {
		// INT 41h with RSP in the APIC's page: what is pushed there goes nowhere, and nothing hangs.
		BareGuest guest = guest(1, setup + "bc0009e0fe" + "cd41" + JMP_SELF);
		guest.put(BareGuest.handler(0x41), JMP_SELF);
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(ENOUGH));
		assertEquals(BareGuest.handler(0x41), guest.rip());
	}
}
