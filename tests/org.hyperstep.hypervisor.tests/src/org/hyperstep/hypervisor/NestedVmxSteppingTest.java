/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Objects;

import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.samples.Sample;
import org.hyperstep.selftest.guest.SampleGuest;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.vmx.VmExitReason;
import org.hyperstep.x86.vmx.Vmcs;
import org.hyperstep.x86.vmx.VmcsField;
import org.hyperstep.x86.vmx.VmxControl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Steps in a guest hypervisor under VMX, across VM entry into its guest, there, and across the exit back; with the guest
 * hypervisor's own monitor trap flag in use meanwhile.
 */
@SuppressWarnings("nls")
class NestedVmxSteppingTest {
	private static final long IMAGE = 0x10_0000;
	private static final int IMAGE_BYTES = 0x4_0000, VMLAUNCH = 0xc2;

	private static SampleGuest nested(StepMechanism mechanism, String commandLine) {
		SampleGuest guest = new SampleGuest(Sample.NESTED, Virtualization.VMX, commandLine);
		guest.cpu.setStepMechanism(mechanism);
		return guest;
	}

	/** A guest that stands at its VMLAUNCH. */
	private static SampleGuest atVmlaunch(StepMechanism mechanism, String commandLine) {
		return atVmlaunch(nested(mechanism, commandLine));
	}

	private static SampleGuest atVmlaunch(SampleGuest guest) {
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[] { vmlaunch(guest) }, new long[0]));
		assertInstanceOf(VcpuStop.MarkReached.class, guest.runToStop());
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[0], new long[0]));
		return guest;
	}

	private static long vmlaunch(SampleGuest guest) {
		PhysicalMemory memory = guest.machine.physicalMemory();
		for (long at = IMAGE; at < IMAGE + IMAGE_BYTES; at++) {
			if (memory.read(at, 1) == 0x0f && memory.read(at + 1, 1) == 1 && memory.read(at + 2, 1) == VMLAUNCH) {
				return at;
			}
		}
		throw new IllegalStateException("the sample has no VMLAUNCH");
	}

	@ParameterizedTest
	@EnumSource(names = { "MONITOR_TRAP_FLAG", "RFLAGS_TF" })
	void stepOverVmlaunchStopsAtTheInnerGuestsFirstInstruction(StepMechanism mechanism) {
		SampleGuest guest = atVmlaunch(mechanism, "period=0 rounds=3");
		long launch = guest.cpu.linearRip();
		long before = guest.cpu.read(GuestRegister.RSP);
		assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
		assertFalse(guest.cpu.linearRip() == launch + 3);
		assertFalse(guest.cpu.read(GuestRegister.RSP) == before, "the inner guest's stack");
	}

	@ParameterizedTest
	@CsvSource({ "MONITOR_TRAP_FLAG,period=0 rounds=4", "RFLAGS_TF,period=0 rounds=4",
			"MONITOR_TRAP_FLAG,period=300 rounds=30", "RFLAGS_TF,period=300 rounds=30",
			"MONITOR_TRAP_FLAG,period=700 rounds=10 mtf=200", "RFLAGS_TF,period=700 rounds=10 mtf=200" })
	void steppedToItsEndEqualsTheFreeRun(StepMechanism mechanism, String commandLine) {
		SampleGuest free = nested(mechanism, commandLine);
		SampleGuest stepped = nested(mechanism, commandLine);
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
		byte[] a = new byte[IMAGE_BYTES];
		byte[] b = new byte[IMAGE_BYTES];
		free.machine.physicalMemory().copyOut(IMAGE, a, 0, IMAGE_BYTES);
		stepped.machine.physicalMemory().copyOut(IMAGE, b, 0, IMAGE_BYTES);
		assertEquals(-1, java.util.Arrays.mismatch(a, b));
	}

	@Test
	void maskHoldsTheExitToTheGuestHypervisorBack() {
		SampleGuest guest = atVmlaunch(StepMechanism.MONITOR_TRAP_FLAG, "period=0 rounds=1000000");
		Vcpu cpu = guest.cpu;
		cpu.setMask(EventMask.INTERRUPTS);
		cpu.step();
		guest.machine.localApic(0).accept(DeliveryMode.FIXED, 0x40, false, "test");
		for (int i = 0; i < 100; i++) {
			assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		}
		long inner = cpu.linearRip();
		cpu.setMask(EventMask.NONE);
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(1, cpu.read(GuestRegister.RFLAGS) >> 1, "the host's flags: the step is the exit");
		assertFalse(cpu.linearRip() == inner);
	}

	@Test
	void maskLetsTheExitToTheGuestHypervisorThroughWhereItIsTold() {
		SampleGuest guest = atVmlaunch(StepMechanism.MONITOR_TRAP_FLAG, "period=0 rounds=1000000");
		Vcpu cpu = guest.cpu;
		cpu.setMask(new EventMask(true, true, true, false));
		cpu.step();
		assertEquals(2, cpu.nestingLevel());
		guest.machine.localApic(0).accept(DeliveryMode.FIXED, 0x40, false, "test");
		assertInstanceOf(VcpuStop.StepDone.class, cpu.step());
		assertEquals(1, cpu.nestingLevel(), "the step is the exit");
	}

	@Test
	void initIsBlockedInRootOperationAndExitsBehindVmEntry() {
		SampleGuest guest = atVmlaunch(StepMechanism.AUTOMATIC, "period=0 rounds=3");
		guest.machine.localApic(0).accept(DeliveryMode.INIT, 0, false, "test");
		guest.guest.run(1);
		assertTrue(guest.machine.localApic(0).initPending());
		guest.guest.run(10);
		assertFalse(guest.machine.localApic(0).initPending());
		assertEquals(VmExitReason.INIT_SIGNAL.number(), currentVmcs(guest).read(VmcsField.EXIT_REASON));
	}

	@ParameterizedTest
	@CsvSource({ "INIT, INIT_SIGNAL, 0", "STARTUP, START_UP_IPI, 3" })
	void stepWithASignalPendingThatExitsIsTheExit(DeliveryMode signal, VmExitReason reason, int activityState) {
		for (StepMechanism mechanism : new StepMechanism[] { StepMechanism.MONITOR_TRAP_FLAG,
				StepMechanism.RFLAGS_TF }) {
			SampleGuest guest = atVmlaunch(mechanism, "period=0 rounds=3");
			Vmcs vmcs = currentVmcs(guest);
			vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, activityState);
			assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
			assertEquals(2, guest.cpu.nestingLevel());
			long retired = guest.cpu.retired();
			guest.machine.localApic(0).accept(signal, 0x12, false, "test");
			assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
			assertEquals(reason.number(), vmcs.read(VmcsField.EXIT_REASON));
			assertEquals(vmcs.read(VmcsField.HOST_RIP), guest.cpu.read(GuestRegister.RIP));
			assertEquals(retired, guest.cpu.retired());
		}
	}

	@Test
	void startUpIpiEndsTheWaitForItWhileOtherProcessorsWaitToo() {
		SampleGuest guest = atVmlaunch(new SampleGuest(Sample.NESTED, Virtualization.VMX, "period=0 rounds=3", 2));
		Vmcs vmcs = currentVmcs(guest);
		vmcs.write(VmcsField.GUEST_ACTIVITY_STATE, 3);
		LocalApic apic = guest.machine.localApic(0);
		apic.accept(DeliveryMode.INIT, 0, false, "test");
		guest.guest.run(100_000);
		assertFalse(guest.cpu.active());
		assertTrue(apic.initPending(), "blocked");
		apic.accept(DeliveryMode.STARTUP, 0x12, false, "test");
		guest.guest.run(1);
		assertFalse(apic.startupPending());
		assertEquals(VmExitReason.START_UP_IPI.number(), vmcs.read(VmcsField.EXIT_REASON));
		assertEquals(0x12, vmcs.read(VmcsField.EXIT_QUALIFICATION));
	}

	/** A page that the sample leaves alone. */
	private static final long FREE = 0x80_0000;

	/** The guest hypervisor's areas move the counter of its machine; time goes on as if they did not. */
	@Test
	void msrAreaMovesTheTimeStampCounterOfTheGuestHypervisorAlone() {
		final long value = 0x1234_5678_90ab_cdefL;
		SampleGuest guest = atVmlaunch(StepMechanism.AUTOMATIC, "period=0 rounds=3");
		PhysicalMemory memory = guest.machine.physicalMemory();
		memory.write(FREE, 8, 0x10);
		memory.write(FREE + 8, 8, value);
		memory.write(FREE + 16, 8, 0x10);
		Vmcs vmcs = currentVmcs(guest);
		vmcs.write(VmcsField.VM_ENTRY_MSR_LOAD_ADDRESS, FREE);
		vmcs.write(VmcsField.VM_ENTRY_MSR_LOAD_COUNT, 1);
		vmcs.write(VmcsField.VM_EXIT_MSR_STORE_ADDRESS, FREE + 16);
		vmcs.write(VmcsField.VM_EXIT_MSR_STORE_COUNT, 1);
		long time = guest.machine.time().now();
		assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
		assertEquals(2, guest.cpu.nestingLevel());
		assertTrue(guest.machine.time().now() - time < 10, "time goes on");
		assertEquals(value + 1, guest.cpu.read(GuestRegister.TSC), "VMLAUNCH itself takes a tick");
		while (guest.cpu.nestingLevel() == 2) {
			assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
		}
		assertTrue(memory.read(FREE + 24, 8) - value < 100_000, "stored as RDMSR would read it");
	}

	/** "Use TSC offsetting" is for RDMSR as for RDTSC, whose offsets add up by level. */
	@Test
	void rdmsrOfTheInnerGuestHasTheGuestHypervisorsOffset() {
		final long offset = 1L << 40;
		SampleGuest guest = atVmlaunch(StepMechanism.AUTOMATIC, "period=0 rounds=3");
		Vmcs vmcs = currentVmcs(guest);
		vmcs.set(VmxControl.USE_MSR_BITMAPS, true);
		vmcs.write(VmcsField.ADDRESS_OF_MSR_BITMAPS, FREE);
		vmcs.set(VmxControl.USE_TSC_OFFSETTING, true);
		vmcs.write(VmcsField.TSC_OFFSET, offset);
		assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
		guest.cpu.memory().writeLinear(guest.cpu.linearRip(), new byte[] { 0x0f, 0x32 }, 0, 2);
		guest.cpu.write(GuestRegister.RCX, 0x10);
		long outer = guest.cpu.read(GuestRegister.TSC);
		assertInstanceOf(VcpuStop.StepDone.class, guest.cpu.step());
		assertEquals(2, guest.cpu.nestingLevel());
		long read = guest.cpu.read(GuestRegister.RDX) << 32 | guest.cpu.read(GuestRegister.RAX);
		assertEquals(outer + offset, read, 10);
	}

	private static Vmcs currentVmcs(SampleGuest guest) {
		return Objects.requireNonNull(((GuestCpu) guest.cpu).processor.vmx().currentVmcs());
	}

	@Test
	void sampleRunsToItsEndFreelyWithItsOwnMonitorTrapFlag() {
		SampleGuest guest = nested(StepMechanism.AUTOMATIC, "mtf=300");
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.runToStop());
		assertTrue(guest.serial().contains("steps=300 unexpected=0"), guest.serial());
	}
}
