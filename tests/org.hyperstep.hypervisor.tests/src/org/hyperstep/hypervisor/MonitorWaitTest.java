/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;

import org.hyperstep.machine.CpuVendor;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.MachineDescription;
import org.hyperstep.machine.image.FlatPlacement;
import org.hyperstep.machine.image.GuestImage;
import org.hyperstep.machine.image.LoadRequest;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MWAIT waits for the store that MONITOR watches for, or for an event. */
@SuppressWarnings("nls")
class MonitorWaitTest {
	private static final String STI = "fb", NOP = "90", EXIT = "b000 e6f4";
	private static final String ENABLE_APIC = "b8ff010000 a3f000e0fe00000000";
	/** A 3000-count one-shot timer of vector 30h: LVT, divide by one, initial count. */
	private static final String TIMER = "b830000000 a32003e0fe00000000 b80b000000 a3e003e0fe00000000 "
			+ "b8b80b0000 a38003e0fe00000000";
	/** MONITOR of 200000h. */
	private static final String MONITOR = "b800002000 31c9 31d2 0f01c8";
	private static final String MWAIT = "31c0 0f01c9", MWAIT_BREAK = "31c0 ffc1 0f01c9";

	@ParameterizedTest
	@EnumSource
	void interruptEndsTheWait(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + TIMER + STI + MONITOR + MWAIT + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() >= 3000, "the wait was passed in virtual time");
		assertTrue(guest.cpu.retired() < 100);
	}

	@ParameterizedTest
	@EnumSource
	void maskedInterruptEndsTheWaitWhereTheExtensionAsksForIt(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + TIMER + MONITOR + MWAIT_BREAK + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() >= 3000);
		assertEquals(PendingEvent.Blocked.INTERRUPT_FLAG_CLEAR, guest.cpu.pendingEvents().get(0).blocked());
	}

	@ParameterizedTest
	@EnumSource
	void withoutAMonitorThatIsArmedItIsANop(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, "31c9" + MWAIT + MONITOR
				+ "880425 08002000 31c0 0f01c9" + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() < 3000);
	}

	@ParameterizedTest
	@EnumSource
	void stepOverTheWaitOfALonelyProcessorEndsBehindIt(StepCase column) {
		BareGuest guest = new BareGuest(column, ENABLE_APIC + STI + MONITOR + MWAIT + NOP + NOP);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.stepTo(14 + 1 + 12 + 5);
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step());
		assertEquals(BareGuest.CODE + 33, guest.rip());
	}

	@ParameterizedTest
	@EnumSource
	void extensionsThatDoNotExistFault(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, MONITOR + "b102 0f01c9" + EXIT);
		guest.stepTo(14);
		assertEquals(new VcpuStop.StepDone(0, 13), guest.cpu.step());
	}

	/**
	 * Real mode at 0x8000 for both CPUs. The second watches the line of 0x600 and counts at 0x700 before and behind its
	 * MWAIT. The first starts it, awaits the first count, and 30,000 turns of a loop later finds it unchanged, else it ends
	 * the machine with 7; then it stores the value that is there at 0x608, and awaits the second count.
	 */
	private static final byte[] TWO = HexFormat.of().parseHex("""
			fa31c08ed866b91b0000000f320d000c0f3066b9020800000f326685c075
			4c66b93008000066ba0100000066b8004500000f3066b8084600000f3080
			3e000701f39075f766b930750000664975fc803e0007017512c606080600
			f390803e00070275f730c0e6f4b007e6f466b8000600006631c96631d20f
			01c8fe0600076631c00f01c9fe060007f4
			""".replaceAll("\\s", ""));

	@ParameterizedTest
	@EnumSource
	void storeOfAnotherProcessorEndsTheWaitAndNothingElseDoes(Virtualization virtualization) throws Exception {
		Machine machine = new Machine(MachineDescription.pc(4L << 20, 2,
				virtualization == Virtualization.VMX ? CpuVendor.INTEL : CpuVendor.AMD));
		VirtualMachine guest = VirtualMachine.create(machine);
		guest.start(machine.load(GuestImage.flat("guest", TWO, FlatPlacement.parse("0x8000,16")), LoadRequest.PLAIN));
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.run(100_000_000));
		assertEquals(2, machine.physicalMemory().read(0x700, 1));
		assertFalse(guest.cpus().get(1).retired() > 200, "the other one waited");
	}
}
