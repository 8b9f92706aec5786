/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HexFormat;

import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.svm.SvmExitCode;
import org.hyperstep.x86.svm.VmcbField;
import org.junit.jupiter.api.Test;

/** Steps by RFLAGS.TF in a guest hypervisor under SVM, across VMRUN into its guest, there, and across the exit back. */
@SuppressWarnings("nls")
class NestedSteppingTest {
	private static final long LIMIT = 2_000_000, IMAGE = 0x10_0000;
	private static final int IMAGE_BYTES = 0x4_0000, INTERCEPTS_FROM = 0x60, VMRUN_LENGTH = 3, TF = 1 << 8;
	private static final byte[] VMRUN = HexFormat.of().parseHex("0f01d8");

	private final byte[] code = new byte[VMRUN_LENGTH];

	private static SampleGuest nested(String commandLine) {
		SampleGuest guest = new SampleGuest(Sample.NESTED, Virtualization.SVM, commandLine);
		guest.cpu.setStepMechanism(StepMechanism.RFLAGS_TF);
		return guest;
	}

	private boolean atVmrun(Vcpu cpu) {
		cpu.memory().readLinear(cpu.linearRip(), code, 0, VMRUN_LENGTH);
		return java.util.Arrays.equals(VMRUN, code);
	}

	/** A guest that stands at its first VMRUN. */
	private SampleGuest atFirstVmrun(String commandLine) {
		SampleGuest guest = nested(commandLine);
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[] { vmrun(guest) }, new long[0]));
		assertInstanceOf(VcpuStop.MarkReached.class, guest.runToStop());
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[0], new long[0]));
		assertTrue(atVmrun(guest.cpu));
		return guest;
	}

	/** The address of the only VMRUN, found in the image. */
	private static long vmrun(SampleGuest guest) {
		PhysicalMemory memory = guest.machine.physicalMemory();
		for (long at = IMAGE; at < IMAGE + IMAGE_BYTES; at++) {
			if (memory.read(at, 1) == 0x0f && memory.read(at + 1, 1) == 1 && memory.read(at + 2, 1) == 0xd8) {
				return at;
			}
		}
		throw new IllegalStateException("the sample has no VMRUN");
	}

	@Test
	void stepOverVmrunStopsAtTheInnerGuestsFirstInstructionAndBackBehindVmrun() {
		SampleGuest guest = atFirstVmrun("period=0 rounds=3");
		Vcpu cpu = guest.cpu;
		long vmrun = cpu.linearRip();
		int entries = 0;
		boolean inside = false;
		for (int i = 0; i < 3_000 && entries < 3; i++) {
			long before = cpu.linearRip();
			boolean enters = !inside && before == vmrun;
			assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
			assertEquals(0, cpu.read(GuestRegister.RFLAGS) & TF);
			if (enters) {
				entries++;
				inside = true;
				assertFalse(cpu.linearRip() == vmrun + VMRUN_LENGTH, "in the inner guest");
			} else if (inside && cpu.linearRip() == vmrun + VMRUN_LENGTH) {
				inside = false;
			}
		}
		assertEquals(3, entries);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.runToStop());
		assertTrue(guest.serial().contains("nested: ok"), guest.serial());
	}

	@Test
	void steppedGuestHypervisorIsWhereTheFreeOneIs() {
		SampleGuest free = atFirstVmrun("period=0 rounds=4");
		SampleGuest stepped = atFirstVmrun("period=0 rounds=4");
		for (int i = 0; i < 1_500; i++) {
			stepped.cpu.step();
		}
		free.cpu.run(stepped.cpu.retired() - free.cpu.retired());
		assertEquals(stepped.cpu.retired(), free.cpu.retired());
		for (GuestRegister register : GuestRegister.values()) {
			assertEquals(free.cpu.read(register), stepped.cpu.read(register), register.name());
		}
		assertSameMemory(free, stepped);
	}

	private static void assertSameMemory(SampleGuest one, SampleGuest other) {
		byte[] a = new byte[IMAGE_BYTES];
		byte[] b = new byte[IMAGE_BYTES];
		one.machine.physicalMemory().copyOut(IMAGE, a, 0, IMAGE_BYTES);
		other.machine.physicalMemory().copyOut(IMAGE, b, 0, IMAGE_BYTES);
		assertEquals(-1, java.util.Arrays.mismatch(a, b), "the trap flag is nowhere in the control block");
	}

	@Test
	void maskHoldsTheExitToTheGuestHypervisorBack() {
		SampleGuest guest = atFirstVmrun("period=500 rounds=1000000");
		Vcpu cpu = guest.cpu;
		long vmrun = cpu.linearRip();
		cpu.setMask(EventMask.INTERRUPTS);
		cpu.step();
		guest.machine.localApic(0).accept(org.hyperstep.machine.apic.DeliveryMode.FIXED, 0x40, false, "test");
		for (int i = 0; i < 100; i++) {
			assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
			assertFalse(cpu.linearRip() == vmrun + VMRUN_LENGTH, "no exit while interrupts are held back");
		}
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, cpu.pendingEvents().get(0).blocked());
		cpu.setMask(EventMask.NONE);
		assertEquals(PendingEvent.Blocked.DELIVERABLE, cpu.pendingEvents().get(0).blocked());
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(vmrun + VMRUN_LENGTH, cpu.linearRip(), "the step is the exit");
	}

	@Test
	void maskLetsTheExitToTheGuestHypervisorThroughWhereItIsTold() {
		SampleGuest guest = atFirstVmrun("period=500 rounds=1000000");
		Vcpu cpu = guest.cpu;
		long vmrun = cpu.linearRip();
		EventMask exitsPass = new EventMask(true, true, true, false);
		cpu.setMask(exitsPass);
		cpu.step();
		assertEquals(2, cpu.nestingLevel());
		guest.machine.localApic(0).accept(org.hyperstep.machine.apic.DeliveryMode.FIXED, 0x40, false, "test");
		assertEquals(PendingEvent.Blocked.DELIVERABLE, cpu.pendingEvents().get(0).blocked());
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(vmrun + VMRUN_LENGTH, cpu.linearRip(), "the step is the exit");
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, cpu.pendingEvents().get(0).blocked(),
				"in the guest hypervisor itself it is held back");
	}

	@Test
	void steppedToItsEndWithInterruptsThatExitEqualsTheFreeRun() {
		SampleGuest free = nested("period=300 rounds=30");
		SampleGuest stepped = nested("period=300 rounds=30");
		VcpuStop end = free.runToStop();
		VcpuStop stop;
		do {
			stop = stepped.cpu.step();
		} while (stop instanceof VcpuStop.StepDone);
		assertEquals(end, stop);
		assertEquals(free.serial(), stepped.serial());
		assertEquals(free.cpu.retired(), stepped.cpu.retired());
		for (GuestRegister register : GuestRegister.values()) {
			assertEquals(free.cpu.read(register), stepped.cpu.read(register), register.name());
		}
		assertSameMemory(free, stepped);
	}

	/** Has the guest hypervisor, which stands at its VMRUN, intercept INIT; returns the VMCB's address. */
	private static long interceptInit(SampleGuest guest) {
		long vmcb = guest.cpu.read(GuestRegister.RAX);
		PhysicalMemory memory = guest.machine.physicalMemory();
		long intercepts = vmcb + VmcbField.INTERCEPT_MISC1.offset();
		memory.write(intercepts, 4, memory.read(intercepts, 4) | 1 << SvmExitCode.INIT.number() - INTERCEPTS_FROM);
		return vmcb;
	}

	@Test
	void stepWithAnInterceptedInitPendingIsTheExit() {
		SampleGuest guest = atFirstVmrun("period=0 rounds=3");
		Vcpu cpu = guest.cpu;
		long vmrun = cpu.linearRip();
		long vmcb = interceptInit(guest);
		cpu.step();
		long inner = cpu.read(GuestRegister.RIP);
		long retired = cpu.retired();
		guest.machine.localApic(0).accept(DeliveryMode.INIT, 0, false, "test");
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(vmrun + VMRUN_LENGTH, cpu.linearRip());
		assertEquals(1, cpu.nestingLevel());
		assertEquals(retired, cpu.retired());
		PhysicalMemory memory = guest.machine.physicalMemory();
		assertEquals(SvmExitCode.INIT.number(), memory.read(vmcb + VmcbField.EXITCODE.offset(), 8));
		assertEquals(inner, memory.read(vmcb + VmcbField.RIP.offset(), 8));
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(retired + 1, cpu.retired(), "the next one executes what is behind VMRUN");
	}

	@Test
	void interceptedInitStaysPendingAndIsTakenAtStgi() {
		SampleGuest guest = atFirstVmrun("period=0 rounds=3");
		Vcpu cpu = guest.cpu;
		long vmcb = interceptInit(guest);
		PhysicalMemory memory = guest.machine.physicalMemory();
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		LocalApic apic = guest.machine.localApic(0);
		apic.accept(DeliveryMode.INIT, 0, false, "test");
		guest.guest.run(1);
		assertEquals(SvmExitCode.INIT.number(), memory.read(vmcb + VmcbField.EXITCODE.offset(), 8));
		assertTrue(apic.initPending(), "GIF is clear");
		guest.guest.run(200);
		assertFalse(apic.initPending());
		assertFalse(cpu.active(), "it waits for a start-up IPI");
	}

	@Test
	void sampleRunsToItsEndFreely() {
		SampleGuest guest = nested("");
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.runToStop());
		assertTrue(guest.serial().contains("nested: ok"), guest.serial());
		assertTrue(guest.cpu.retired() < LIMIT);
	}
}
