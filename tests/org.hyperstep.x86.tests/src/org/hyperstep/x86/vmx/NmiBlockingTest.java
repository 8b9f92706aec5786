/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;

/** Blocking by NMI, virtual or not, as IRET, exits and SMIs leave it in the guest of a guest hypervisor. */
@SuppressWarnings("nls")
class NmiBlockingTest {
	private static final String IRETQ = "48cf";
	private static final int UNBLOCKING = 1 << 12;
	private static final long VALID = 1L << 31;

	/** A guest in its NMI handler, whose frame returns to {@code behind}. */
	private static GuestHypervisorFixture inHandler(boolean virtual, String behind, int selector) {
		GuestHypervisorFixture fixture = launching(IRETQ);
		fixture.vmcs().set(VmxControl.VIRTUAL_NMIS, virtual);
		fixture.vmcs().write(GUEST_INTERRUPTIBILITY_STATE, GuestStateArea.BLOCKING_BY_NMI);
		fixture.memory.put(GUEST + 0x100, behind);
		long[] frame = { GUEST + 0x100, selector, 2, GUEST_STACK, LongModeMemory.DATA_SELECTOR };
		for (int i = 0; i < frame.length; i++) {
			fixture.memory.physical.write(GUEST_STACK + 8 * i, 8, frame[i]);
		}
		return fixture;
	}

	private static long blocking(GuestHypervisorFixture fixture) {
		return fixture.vmcs().read(GUEST_INTERRUPTIBILITY_STATE) & GuestStateArea.BLOCKING_BY_NMI;
	}

	@Test
	void iretRemovesVirtualNmiBlocking() {
		GuestHypervisorFixture fixture = inHandler(true, CPUID, LongModeMemory.CODE_SELECTOR);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(0, blocking(fixture));
	}

	@Test
	void iretDoesNotUnblockNmisThatExit() {
		GuestHypervisorFixture fixture = inHandler(false, CPUID, LongModeMemory.CODE_SELECTOR);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(GuestStateArea.BLOCKING_BY_NMI, blocking(fixture));
		assertTrue(fixture.state.interruptibility.blockingByNmi, "the guest hypervisor finds them blocked");
	}

	@Test
	void iretUnblocksNmisThatDoNotExit() {
		GuestHypervisorFixture fixture = inHandler(false, CPUID, LongModeMemory.CODE_SELECTOR);
		fixture.vmcs().set(VmxControl.NMI_EXITING, false);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(0, blocking(fixture));
	}

	@Test
	void faultOfIretSaysThatItUnblockedNmis() {
		GuestHypervisorFixture fixture = inHandler(true, CPUID, 0x500);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.GP);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(VALID | UNBLOCKING | 1 << 11 | 3 << 8 | Vector.GP,
				fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION));
		assertEquals(0, blocking(fixture));
	}

	@Test
	void faultOfIretThatUnblockedNothingSaysNothing() {
		GuestHypervisorFixture fixture = inHandler(true, CPUID, 0x500);
		fixture.vmcs().write(GUEST_INTERRUPTIBILITY_STATE, 0);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.GP);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(0, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION) & UNBLOCKING);
	}

	@Test
	void faultBehindADeliveredOneSaysNothing() {
		GuestHypervisorFixture fixture = inHandler(true, CPUID, 0x500);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.UD);
		fixture.memory.put(LongModeMemory.handler(Vector.GP), "0f0b");
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(VALID | 3 << 8 | Vector.UD, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION));
	}

	@Test
	void eptViolationOfIretSaysThatItUnblockedNmis() {
		GuestHypervisorFixture fixture = inHandler(true, CPUID, LongModeMemory.CODE_SELECTOR);
		fixture.identityEpt();
		fixture.mapEpt(GUEST_STACK, 0);
		fixture.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(UNBLOCKING, fixture.vmcs().read(EXIT_QUALIFICATION) & UNBLOCKING);
		assertEquals(0, blocking(fixture));
		// The guest hypervisor mends it and blocks again, as the bit tells it to.
		fixture.mapEpt(GUEST_STACK, GUEST_STACK | EPT_ALL);
		fixture.vmcs().write(GUEST_INTERRUPTIBILITY_STATE, GuestStateArea.BLOCKING_BY_NMI);
		fixture.resume(VmExitReason.CPUID);
		assertEquals(0, blocking(fixture));
	}

	/** "Default Treatment of SMI Delivery": virtual-NMI blocking is part of the VMX-critical state. */
	@Test
	void rsmGivesVirtualNmiBlockingBack() {
		GuestHypervisorFixture fixture = launching("ebfe");
		fixture.vmcs().set(VmxControl.VIRTUAL_NMIS, true);
		fixture.vmcs().write(GUEST_INTERRUPTIBILITY_STATE, GuestStateArea.BLOCKING_BY_NMI);
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		run(fixture);
		fixture.state.smbase = 0x5_0000;
		fixture.processor.system().systemManagement.enter();
		// The handler returns from an interrupt, which unblocks NMIs in it.
		fixture.memory.put(0x5_8000, "b80000 8ed0 bc0030 9c 0e 680e80 cf 0faa");
		run(fixture);
		assertEquals(GUEST, fixture.state.rip);
		fixture.memory.put(GUEST, CPUID);
		run(fixture);
		assertEquals(HOST, fixture.state.rip);
		assertEquals(GuestStateArea.BLOCKING_BY_NMI, blocking(fixture));
		assertEquals(false, fixture.state.interruptibility.blockingByNmi, "the guest hypervisor's own");
	}

	private static void run(GuestHypervisorFixture fixture) {
		fixture.processor.setDeadline(fixture.processor.retired() + 20);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
	}
}
