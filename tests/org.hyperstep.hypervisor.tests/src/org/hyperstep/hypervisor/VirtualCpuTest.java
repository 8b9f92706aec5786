/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.VirtualizationOptions;
import org.hyperstep.selftest.guest.BareGuest;
import org.hyperstep.selftest.guest.StepCase;
import org.hyperstep.x86.state.CpuState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Halts, NMIs, refusals, several CPUs, and what the event sink is told. */
@SuppressWarnings("nls")
class VirtualCpuTest {
	private static final String STI = "fb", HLT = "f4", NOP = "90", CPUID = "0fa2", VMCALL = "0f01c1",
			VMMCALL = "0f01d9", RSM = "0faa",
			EXIT = "b000 e6f4", RDMSR_EFER = "b9800000c0 0f32", JMP_SELF = "ebfe";
	/** MOV EAX, 1FFh; MOV [FEE000F0h], EAX: the local APIC is software-enabled. */
	private static final String ENABLE_APIC = "b8ff010000 a3f000e0fe00000000";
	/** A 100-count one-shot timer of vector 30h: LVT, divide by one, initial count. */
	private static final String TIMER = "b830000000 a32003e0fe00000000 b80b000000 a3e003e0fe00000000 "
			+ "b864000000 a38003e0fe00000000";
	private static final int APIC_ACCESS = 14;

	@ParameterizedTest
	@EnumSource
	void stiHltWakesAtTheTimer(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + TIMER + STI + HLT + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() > 100, "the halt was passed in virtual time");
		assertTrue(guest.cpu.retired() < 100);
	}

	@ParameterizedTest
	@EnumSource
	void pauseTakesAMicrosecondOfACpuThatRunsAlone(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, "f390".repeat(10) + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() >= 10_000 && guest.guest.time() < 11_000, () -> guest.guest.time() + " ns");
		assertEquals(12, guest.cpu.retired());
	}

	@ParameterizedTest
	@EnumSource
	void pauseDoesNotPassTheNextTimer(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + TIMER + "f390" + EXIT);
		assertEquals(new VcpuStop.MachineExit(0, 1), guest.guest.run(1_000_000));
		assertTrue(guest.guest.time() > 100 && guest.guest.time() < 200, () -> guest.guest.time() + " ns");
	}

	@ParameterizedTest
	@EnumSource
	void stepsThroughStiHltReachTheHandler(StepCase column) {
		BareGuest guest = new BareGuest(column, ENABLE_APIC + TIMER + STI + HLT + NOP);
		guest.stepTo(4 * APIC_ACCESS + 2);
		assertTrue(!guest.cpu.active(), "HLT was executed");
		assertEquals(new VcpuStop.StepDone(0, 0x30), guest.cpu.step());
		assertEquals(BareGuest.handler(0x30), guest.rip());
		assertEquals(BareGuest.CODE + 4 * APIC_ACCESS + 2, guest.stacked(0), "behind the HLT");
	}

	@ParameterizedTest
	@EnumSource
	void maskedHaltIsAStopThatCountsWhatIsHeldBack(StepCase column) {
		BareGuest guest = new BareGuest(column, ENABLE_APIC + STI + HLT + NOP);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.stepTo(APIC_ACCESS + 2);
		guest.cpu.raiseInterrupt(0x40);
		assertEquals(new VcpuStop.Halted(0, 1), guest.cpu.step());
		assertEquals(new VcpuStop.Halted(0, 1), guest.guest.run(1000));
		guest.cpu.setMask(EventMask.NONE);
		assertEquals(new VcpuStop.StepDone(0, 0x40), guest.cpu.step());
	}

	@ParameterizedTest
	@EnumSource
	void maskedSmiIsDeliveredWhereTheUserAsksForIt(StepCase column) {
		BareGuest guest = new BareGuest(column, NOP.repeat(8));
		guest.cpu.setMask(new EventMask(false, false, true));
		guest.cpu.raiseSmi();
		guest.cpu.step();
		PendingEvent held = guest.cpu.pendingEvents().get(0);
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, held.blocked());
		assertNull(guest.cpu.deliverNow(held, true));
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step());
		assertEquals(List.of(), guest.cpu.pendingEvents());
	}

	@ParameterizedTest
	@EnumSource
	void nmiIsHeldByItsMaskAloneAndWaitsForIret(StepCase column) {
		BareGuest guest = new BareGuest(column, NOP.repeat(8));
		guest.cpu.setMask(new EventMask(false, true, false));
		guest.cpu.raiseNmi();
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step());
		assertEquals(PendingEvent.Blocked.MASKED_BY_DEBUGGER, guest.cpu.pendingEvents().get(0).blocked());
		guest.cpu.setMask(EventMask.INTERRUPTS);
		assertEquals(new VcpuStop.StepDone(0, 2), guest.cpu.step());
		guest.cpu.raiseNmi();
		assertEquals(PendingEvent.Blocked.NMI_IN_SERVICE, guest.cpu.pendingEvents().get(0).blocked());
		assertNotNull(guest.cpu.deliverNow(guest.cpu.pendingEvents().get(0), false));
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step(), "IRETQ");
		assertEquals(BareGuest.CODE + 1, guest.rip());
		assertEquals(new VcpuStop.StepDone(0, 2), guest.cpu.step());
	}

	@ParameterizedTest
	@EnumSource
	void nmiInAFreeRunComesAfterTheOneInService(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, NOP + EXIT);
		List<EventKind> told = new ArrayList<>();
		guest.guest.setEventSink((kind, cpu, level, number, rip, retired, information) -> {
			if (kind == EventKind.NMI_DELIVERED) {
				told.add(kind);
			}
		});
		guest.cpu.raiseNmi();
		guest.cpu.step();
		guest.cpu.raiseNmi();
		assertInstanceOf(VcpuStop.MachineExit.class, guest.guest.run(1000));
		assertEquals(2, told.size());
	}

	/** Each first NMI's handler sends another one, which follows its IRET; the next one comes before anything exits. */
	@ParameterizedTest
	@EnumSource
	void nmiThatFollowsTheIretOfAnotherIsNotTakenForThatOne(Virtualization virtualization) {
		// MOV EAX, 4400h; MOV ECX, FEE00300h; XOR EBX, EBX; MOV ESI, 2
		// send: MOV [RCX], EAX; wait: CMP EBX, ESI; JNE wait; ADD ESI, 2; CMP ESI, 20; JNE send
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + "b800440000 b90003e0fe 31db be02000000"
				+ "8901 39f3 75fc 83c602 83fe14 75f2" + EXIT);
		// INC EBX; TEST BL, 1; JZ done; MOV [RCX], EAX; done: IRETQ
		guest.put(BareGuest.handler(2), "ffc3 f6c301 7402 8901 48cf");
		assertInstanceOf(VcpuStop.MachineExit.class, guest.guest.run(10_000));
	}

	@ParameterizedTest
	@EnumSource
	void hypercallsOfBothVendorsAndRsmAreUndefinedForTheGuest(StepCase column) {
		for (String instruction : new String[] { VMCALL, VMMCALL, RSM }) {
			BareGuest guest = new BareGuest(column, instruction);
			assertEquals(new VcpuStop.StepDone(0, 6), guest.cpu.step());
			assertEquals(BareGuest.handler(6), guest.rip());
			assertEquals(BareGuest.CODE, guest.stacked(0));
		}
	}

	@ParameterizedTest
	@EnumSource
	void virtualizationIsHiddenFromTheGuestThatIsNotOfferedIt(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, VirtualizationOptions.DEFAULT.withNested(false), 1,
				"b801000000" + CPUID + "89cf b801000080" + CPUID + "89ce" + RDMSR_EFER + "0f20e3" + EXIT);
		guest.guest.run(1000);
		assertEquals(0, guest.cpu.read(GuestRegister.RDI) & 1 << 5, "VMX");
		assertEquals(0, guest.cpu.read(GuestRegister.RSI) & 1 << 2, "SVM");
		assertEquals(0, guest.cpu.read(GuestRegister.RAX) & CpuState.EFER_SVME & ~0xffL, "EFER.SVME");
		assertEquals(0, guest.cpu.read(GuestRegister.RBX) & CpuState.CR4_VMXE, "CR4.VMXE");
	}

	@ParameterizedTest
	@EnumSource
	void markIsPassedOnlyByWhoWasToldOfIt(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, NOP + NOP + JMP_SELF);
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[] { BareGuest.CODE + 1 }, new long[0]));
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(1));
		assertEquals(new VcpuStop.MarkReached(0, BareGuest.CODE + 1), guest.guest.run(100),
				"a slice that ends at a mark has not reported it");
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(100));
	}

	@ParameterizedTest
	@EnumSource
	void guestPhysicalMarkHolds(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, NOP + NOP + JMP_SELF);
		guest.guest.setExecutionMarks(new ExecutionMarks(new long[0], new long[] { BareGuest.CODE + 2 }));
		assertEquals(new VcpuStop.MarkReached(0, BareGuest.CODE + 2), guest.guest.run(100));
	}

	@ParameterizedTest
	@EnumSource
	void registerThatEntryWouldRefuseIsRefusedAtOnce(StepCase column) {
		BareGuest guest = new BareGuest(column, NOP + NOP);
		assertNotNull(guest.cpu.write(GuestRegister.RIP, 1L << 60));
		assertNotNull(guest.cpu.write(GuestRegister.CR0, 0));
		assertNotNull(guest.cpu.write(GuestRegister.CR4, 1L << 40));
		assertNull(guest.cpu.write(GuestRegister.RAX, -1L));
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step());
		assertEquals(BareGuest.CODE + 1, guest.rip());
	}

	@ParameterizedTest
	@EnumSource
	void flagsCanBeWrittenUnderAShadow(StepCase column) {
		BareGuest guest = new BareGuest(column, "8cd0 8ed0 90 90 90");
		guest.cpu.step();
		guest.cpu.step();
		assertNull(guest.cpu.write(GuestRegister.RFLAGS, 0x102));
		assertEquals(new VcpuStop.StepDone(0, -1), guest.cpu.step(), "MOV SS holds the trap off for one instruction");
		assertEquals(new VcpuStop.StepDone(0, 1), guest.cpu.step());
		assertEquals(BareGuest.CODE + 5, guest.stacked(0));
	}

	@Test
	void svmRefusesTheMonitorTrapFlag() {
		Vcpu cpu = new BareGuest(Virtualization.SVM, 1, HLT).cpu;
		assertNotNull(cpu.setStepMechanism(StepMechanism.MONITOR_TRAP_FLAG));
		assertNull(cpu.setStepMechanism(StepMechanism.RFLAGS_TF));
	}

	@ParameterizedTest
	@EnumSource
	void startUpIpiStartsTheSecondCpu(Virtualization virtualization) {
		// INIT and then start-up IPI of page 8 to all but self, then a loop; at 8000h: MOV AL, 55h; MOV [8800h], AL; HLT.
		BareGuest guest = new BareGuest(virtualization, 2, ENABLE_APIC + "b800450c00 a30003e0fe00000000"
				+ "b808460c00 a30003e0fe00000000" + JMP_SELF);
		guest.put(0x8000, "b055 2ea20008 f4");
		assertTrue(!guest.guest.cpus().get(1).active());
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(100_000));
		byte[] mark = new byte[1];
		guest.cpu.memory().readPhysical(0x8800, mark, 0, 1);
		assertEquals(0x55, mark[0]);
		assertEquals(CpuMode.REAL, guest.guest.cpus().get(1).mode());
	}

	@ParameterizedTest
	@EnumSource
	void realModeStepsEqualARun(StepCase column) {
		Vcpu free = secondCpuInRealMode(column);
		Vcpu stepped = secondCpuInRealMode(column);
		assertInstanceOf(VcpuStop.Halted.class, free.run(10_000));
		VcpuStop stop;
		do {
			stop = stepped.step();
		} while (stop instanceof VcpuStop.StepDone);
		assertInstanceOf(VcpuStop.Halted.class, stop);
		assertEquals(CpuMode.REAL, stepped.mode());
		assertEquals(free.retired(), stepped.retired());
		for (GuestRegister register : GuestRegister.values()) {
			assertEquals(free.read(register), stepped.read(register), register.name());
		}
		byte[] one = new byte[0xa000];
		byte[] other = new byte[0xa000];
		free.memory().readPhysical(0, one, 0, one.length);
		stepped.memory().readPhysical(0, other, 0, other.length);
		assertArrayEquals(one, other);
	}

	/** At 8000h, once 7E00h is not zero: flags, shadows, interrupts and faults of real mode, then CLI and HLT; all vectors lead to IRET. */
	private static Vcpu secondCpuInRealMode(StepCase column) {
		BareGuest guest = new BareGuest(column.virtualization(), column.options(), 2,
				ENABLE_APIC + "b800450c00 a30003e0fe00000000 b808460c00 a30003e0fe00000000" + JMP_SELF);
		guest.put(0, "00 90 00 00".repeat(256));
		guest.put(0x9000, "cf");
		guest.put(0x8000,
				"""
						803e007e00 74f9 31c0 8ed0 bc0070 9c 5b fb cd21 680203 9d 90 9c 59 6a02 9d 90 680201 9d 8ed0 9c 5a cd80 6a02 9d cc f1
						fb 90 8ed8 8ed0 0fa2 16 17 9c 58 50 9d b90300 bf0060 f3aa fa f4"""
						.replaceAll("\\s", ""));
		guest.guest.run(100_000);
		Vcpu cpu = guest.guest.cpus().get(1);
		assertTrue(cpu.active());
		guest.put(0x7e00, "01");
		cpu.setStepMechanism(column.mechanism());
		return cpu;
	}

	@ParameterizedTest
	@EnumSource
	void sameProgramOnTwoCpusGivesTheSameRunWhateverTheSlices(Virtualization virtualization) {
		String code = ENABLE_APIC + "b800450c00 a30003e0fe00000000 b808460c00 a30003e0fe00000000"
				+ "f0ff0425 00880000 ebf6";
		long[] counts = new long[2];
		for (int i = 0; i < 2; i++) {
			BareGuest guest = new BareGuest(virtualization, 2, code);
			guest.put(0x8000, "ff060008 ebfa");
			long slice = i == 0 ? 777 : 100_000;
			while (guest.guest.time() < 300_000) {
				guest.guest.run(Math.min(slice, 300_000 - guest.guest.time()));
			}
			counts[i] = guest.guest.cpus().get(0).retired() * 31 + guest.guest.cpus().get(1).retired();
		}
		assertEquals(counts[0], counts[1]);
	}

	@ParameterizedTest
	@EnumSource
	void timeStampsAgreeBetweenCpus(Virtualization virtualization) {
		// Each CPU puts its time stamp where the other one looks before it takes its own; who finds one from the future
		// halts. MOV ECX, [8800h]; RDTSC; MOV [8800h], EAX; CMP EAX, ECX; JAE to the first; CLI; HLT
		String wide = "8b0c2500880000 0f31 89042500880000 39c8 73ec faf4";
		String narrow = "668b0e0088 0f31 66a30088 6639c8 73f0 faf4";
		BareGuest guest = new BareGuest(virtualization, 2,
				ENABLE_APIC + "b800450c00 a30003e0fe00000000 b808460c00 a30003e0fe00000000" + wide);
		guest.put(0x8000, narrow);
		assertInstanceOf(VcpuStop.SliceOver.class, guest.guest.run(500_000));
		for (Vcpu cpu : guest.guest.cpus()) {
			assertTrue(cpu.active(), "CPU " + cpu.number());
			assertTrue(cpu.retired() > 100_000);
		}
	}

	@ParameterizedTest
	@EnumSource
	void sinkIsToldOfAnInterruptFromItsRaisingToItsHandler(Virtualization virtualization) {
		BareGuest guest = new BareGuest(virtualization, 1, ENABLE_APIC + STI + NOP + JMP_SELF);
		List<String> told = new ArrayList<>();
		guest.guest.setEventSink((kind, cpu, level, number, rip, retired, information) -> {
			if (kind.name().startsWith("INTERRUPT")) {
				told.add(kind + " " + number);
			}
		});
		guest.guest.run(100);
		guest.cpu.setMask(EventMask.INTERRUPTS);
		guest.cpu.raiseInterrupt(0x77);
		guest.guest.run(100);
		guest.cpu.setMask(EventMask.NONE);
		guest.guest.run(100);
		assertEquals(List.of("INTERRUPT_RAISED 119", "INTERRUPT_HELD 119", "INTERRUPT_INJECTED 119",
				"INTERRUPT_DELIVERED 119"), told);
	}
}
