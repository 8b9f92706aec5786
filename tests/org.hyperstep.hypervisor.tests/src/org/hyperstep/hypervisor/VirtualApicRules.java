/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.machine.apic.ApicBus;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.x86.memory.MmioDevice;
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

	/** A device whose register's stores interrupt the CPU that makes them. */
	private static final long DEVICE = 0x3000_0000;
	private static final String STORE_TO_DEVICE = "a3 0000003000000000";

	private static void addDevice(BareGuest guest) {
		guest.machine.physicalMemory().addDevice(DEVICE, 4096, new MmioDevice() {
			@Override
			public long read(long offset, int size) {
				return 0;
			}

			@Override
			public void write(long offset, int size, long value) {
				guest.machine.apicBus()
						.send(new ApicBus.Message(DeliveryMode.FIXED, (int) value, false, 0, false, "device"));
			}
		});
	}

	private BareGuest storing(int times) {
		BareGuest guest = guest(1, STI + "b840000000" + (STORE_TO_DEVICE + "b840000000").repeat(times) + JMP_SELF);
		addDevice(guest);
		return guest;
	}

	@Test
	void interruptForACpuInGuestModeIsPostedWithoutAnExit() {
		BareGuest guest = storing(20);
		guest.guest.run(ENOUGH);
		assertEquals(20, counted(guest));
		BareGuest quiet = storing(0);
		quiet.guest.run(ENOUGH);
		assertEquals(hostInterrupts(quiet), hostInterrupts(guest));
	}

	private static long hostInterrupts(BareGuest guest) {
		return exits(guest.cpu, "EXTERNAL_INTERRUPT") + exits(guest.cpu, "INTR");
	}

	private static long exits(Vcpu cpu) {
		return cpu.exitCounts().stream().mapToLong(Vcpu.ExitCount::count).sum();
	}

	@Test
	void interruptBetweenCpusIsTakenWithoutAnExitOfItsTarget() {
		assertEquals(targetsExits(false), targetsExits(true));
	}

	/** The first CPU starts the second one, which waits in a loop, and interrupts it or itself again and again. */
	private long targetsExits(boolean interrupts) {
		BareGuest guest = guest(2, STI + "b800450c00 a30003e0fe00000000 b808460c00 a30003e0fe00000000"
				+ (interrupts ? "b840000c00" : "b840000400") + "a30003e0fe00000000 ebf5");
		// The second one's handler leaves the interrupt in service: there is one.
		guest.put(4 * VECTOR, "00 90 00 00");
		guest.put(0x9000, "43cf");
		guest.put(0x8000, "31c0 8ed8 8ed0 bc0070 31db fb ebfe");
		guest.guest.run(100_000);
		guest.machine.localApic(1).enterVirtualWireMode();
		Vcpu second = guest.guest.cpus().get(1);
		long before = exits(second);
		guest.guest.run(100_000);
		assertEquals(interrupts ? 1 : 0, second.read(GuestRegister.RBX));
		return exits(second) - before;
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
