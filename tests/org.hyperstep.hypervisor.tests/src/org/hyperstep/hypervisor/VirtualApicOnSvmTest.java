/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.machine.apic.ApicBus;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.selftest.guest.BareGuest;
import org.junit.jupiter.api.Test;

/** A guest whose local APICs AVIC virtualizes (AMD APM volume 2, "Advanced Virtual Interrupt Controller"). */
@SuppressWarnings("nls")
class VirtualApicOnSvmTest extends VirtualApicRules {
	/** Writes of the spurious-vector register, which is the hypervisor's. */
	private static final int SPURIOUS_VECTOR = 1;
	private static final String NOT_ACCELERATED = "AVIC_NOACCEL", INCOMPLETE = "AVIC_INCOMPLETE_IPI";

	VirtualApicOnSvmTest() {
		super(Virtualization.SVM);
	}

	@Test
	void selfIpisAreDeliveredAndEndedWithoutAnExit() {
		BareGuest guest = guest(1, STI + SELF_40.repeat(20) + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(20, counted(guest));
		assertEquals(0, exits(guest.cpu, INCOMPLETE));
		assertEquals(SPURIOUS_VECTOR, exits(guest.cpu, NOT_ACCELERATED));
		assertTrue(guest.cpu.pendingEvents().isEmpty());
	}

	@Test
	void maskHoldsASelfIpiBackAndShowsItsRequest() {
		// The loop reads TPR, and the word of IRR that vector 40h is in, to RCX.
		BareGuest guest = guest(1, STI + NOP.repeat(8) + SELF_40 + "a18000e0fe00000000 a12002e0fe00000000 89c1 ebea");
		guest.stepTo(SETUP.replace(" ", "").length() / 2 + 1);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.guest.run(ENOUGH);
		assertEquals(0, counted(guest));
		assertEquals(1, guest.cpu.read(GuestRegister.RCX), "the request is there for the guest to see");
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
		assertEquals(SPURIOUS_VECTOR + 2, exits(guest.cpu, NOT_ACCELERATED),
				"the initial count's trap, the current count's fault");
		long count = guest.cpu.read(GuestRegister.RCX);
		assertTrue(count > 0xffff00 && count < 0xffffff, Long.toHexString(count));
	}

	@Test
	void accessesOfOtherSizesAreEmulatedAndGoOn() {
		// MOV RAX, [FEE00320h]; MOV [FEE00320h], RAX
		BareGuest guest = guest(1, "48a12003e0fe00000000 48a32003e0fe00000000" + "bb77000000" + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(0x77, counted(guest));
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
		assertEquals(SPURIOUS_VECTOR + 1, exits(guest.cpu, NOT_ACCELERATED));
	}

	@Test
	void interruptOfHigherClassWaitsForTheTaskPriorityInHardware() {
		// MOV CR8 to 4 holds 40h off; to 3 lets it through: no exit for either.
		BareGuest guest = guest(1, "b804000000 440f22c0" + STI + SELF_40 + NOP.repeat(4)
				+ "89d9 b803000000 440f22c0" + NOP + JMP_SELF);
		guest.guest.run(ENOUGH);
		assertEquals(0, guest.cpu.read(GuestRegister.RCX), "not before the priority sinks");
		assertEquals(1, counted(guest));
		assertEquals(0, exits(guest.cpu, "CR8_WRITE"));
	}
}
