/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.apic.ApicBus;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.selftest.guest.BareGuest;
import org.junit.jupiter.api.Test;

/** A guest whose local APICs hardware virtualizes: APICv (Intel SDM, "APIC Virtualization and Virtual Interrupts"). */
@SuppressWarnings("nls")
class VirtualApicTest extends VirtualApicRules {
	private static final String ENABLE_X2APIC = "b91b000000 0f32 0d000c0000 0f30 b90f080000 b8ff010000 31d2 0f30";

	VirtualApicTest() {
		super(Virtualization.VMX);
	}

	@Test
	void selfIpisAreDeliveredAndEndedWithoutAnExit() {
		BareGuest guest = guest(1, STI + SELF_40.repeat(20) + JMP_SELF);
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
				STI + NOP.repeat(8) + SELF_40 + "a18000e0fe00000000 a12002e0fe00000000 89c1 ebea");
		guest.stepTo(SETUP.replace(" ", "").length() / 2 + 1);
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
	void currentCountIsEmulatedBecauseTheHardwareDoesNotVirtualizeIt() {
		BareGuest guest = guest(1,
				"b8ffffff00 a38003e0fe00000000" + NOP.repeat(40) + "a19003e0fe00000000 89c1" + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(1, exits(guest.cpu, "APIC_ACCESS"));
		long count = guest.cpu.read(GuestRegister.RCX);
		assertTrue(count > 0xffff00 && count < 0xffffff, Long.toHexString(count));
	}

	@Test
	void endOfALevelTriggeredInterruptReachesTheIoApic() {
		BareGuest guest = guest(1, STI + JMP_SELF);
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
		BareGuest guest = bareGuest(1, ENABLE_X2APIC + "31db" + STI + NOP + "b93f080000 b840000000 31d2 0f30"
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
		BareGuest guest = guest(1, "b804000000 440f22c0" + STI + SELF_40 + NOP.repeat(4)
				+ "89d9 b803000000 440f22c0" + NOP + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(0, guest.cpu.read(GuestRegister.RCX), "not before the priority sinks");
		assertEquals(1, counted(guest));
		assertEquals(0, exits(guest.cpu, "CONTROL_REGISTER_ACCESS"));
	}
}
