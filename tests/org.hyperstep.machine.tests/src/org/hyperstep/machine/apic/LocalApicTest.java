/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.Pc;
import org.junit.jupiter.api.Test;

/** Rules of Intel's SDM, chapter "Advanced Programmable Interrupt Controller (APIC)", in xAPIC mode. */
@SuppressWarnings("nls")
class LocalApicTest {
	private static final int SELF = 1 << 18, ALL = 2 << 18, OTHERS = 3 << 18, LOGICAL = 1 << 11;
	private final Pc pc = new Pc(4);
	private final LocalApic apic = pc.machine.localApic(0);

	LocalApicTest() {
		for (int cpu = 0; cpu < 4; cpu++) {
			set(cpu, ApicRegister.SPURIOUS_VECTOR, 0x1ff);
		}
	}

	private void set(int cpu, ApicRegister row, int value) {
		pc.machine.physicalMemory().write(Machine.localApicPage(cpu) + row.offset(), 4, value);
	}

	private void set(ApicRegister row, int value) {
		set(0, row, value);
	}

	private int get(int cpu, ApicRegister row) {
		return (int) pc.machine.physicalMemory().read(Machine.localApicPage(cpu) + row.offset(), 4);
	}

	private int get(ApicRegister row) {
		return get(0, row);
	}

	private void sendSelf(int vector) {
		set(ApicRegister.COMMAND, SELF | vector);
	}

	private List<Integer> targetsOf(int destination, int command) {
		set(ApicRegister.COMMAND_HIGH, destination << 24);
		set(ApicRegister.COMMAND, command);
		List<Integer> targets = new ArrayList<>();
		for (int cpu = 0; cpu < 4; cpu++) {
			if (pc.machine.localApic(cpu).requested.contains(command & 0xff)) {
				targets.add(cpu);
			}
		}
		return targets;
	}

	@Test
	void resetStateIsTheManuals() {
		Pc fresh = new Pc();
		LocalApic reset = fresh.machine.localApic(0);
		assertEquals(0xfee00900L, reset.base());
		long page = Machine.localApicPage(0);
		assertEquals(0xff, fresh.machine.physicalMemory().read(page + 0xf0, 4));
		assertEquals(0xffffffffL, fresh.machine.physicalMemory().read(page + 0xe0, 4));
		for (int lvt = 0x320; lvt <= 0x370; lvt += 16) {
			assertEquals(0x10000, fresh.machine.physicalMemory().read(page + lvt, 4));
		}
		assertEquals(0xfee00800L, new Pc(2).machine.localApic(1).base());
	}

	@Test
	void theHighestVectorIsTakenFirstAndEoiEndsTheHighestInService() {
		sendSelf(0x41);
		sendSelf(0x82);
		assertEquals(0x82, apic.acknowledge());
		assertFalse(apic.interruptPending());
		assertEquals(0x80, get(ApicRegister.PROCESSOR_PRIORITY));
		set(ApicRegister.EOI, 0);
		assertEquals(0x41, apic.acknowledge());
		set(ApicRegister.EOI, 0);
		assertEquals(0, get(ApicRegister.PROCESSOR_PRIORITY));
	}

	@Test
	void aVectorOfTheClassInServiceWaits() {
		sendSelf(0x41);
		apic.acknowledge();
		sendSelf(0x4f);
		assertFalse(apic.interruptPending());
		sendSelf(0x50);
		assertEquals(0x50, apic.highestDeliverable());
	}

	@Test
	void theTaskPriorityHoldsItsClassAndLowerOnes() {
		set(ApicRegister.TASK_PRIORITY, 0x4f);
		sendSelf(0x4f);
		assertFalse(apic.interruptPending());
		assertEquals(4, apic.taskPriorityClass());
		apic.setTaskPriorityClass(3);
		assertEquals(0x30, get(ApicRegister.TASK_PRIORITY));
		assertTrue(apic.interruptPending());
	}

	@Test
	void processorPriorityIsTheTaskPriorityUnlessAHigherClassIsInService() {
		set(ApicRegister.TASK_PRIORITY, 0x25);
		assertEquals(0x25, get(ApicRegister.PROCESSOR_PRIORITY));
		sendSelf(0x3c);
		apic.acknowledge();
		assertEquals(0x30, get(ApicRegister.PROCESSOR_PRIORITY));
	}

	@Test
	void irrAndIsrShowTheVectorsBits() {
		sendSelf(0x45);
		assertEquals(1 << 5, pc.machine.physicalMemory().read(Machine.localApicPage(0) + 0x200 + 0x20, 4));
		apic.acknowledge();
		assertEquals(0, pc.machine.physicalMemory().read(Machine.localApicPage(0) + 0x220, 4));
		assertEquals(1 << 5, pc.machine.physicalMemory().read(Machine.localApicPage(0) + 0x120, 4));
	}

	@Test
	void nothingDeliverableGivesTheSpuriousVectorWithoutIsr() {
		set(ApicRegister.SPURIOUS_VECTOR, 0x1ef);
		assertEquals(0xef, apic.acknowledge());
		assertEquals(-1, apic.inService.highest());
	}

	@Test
	void softwareDisablingMasksTheLocalVectorsAndKeepsThemMasked() {
		set(ApicRegister.LVT_TIMER, 0x40);
		set(ApicRegister.SPURIOUS_VECTOR, 0xff);
		assertEquals(0x10040, get(ApicRegister.LVT_TIMER));
		set(ApicRegister.LVT_TIMER, 0x41);
		assertEquals(0x10041, get(ApicRegister.LVT_TIMER));
		sendSelf(0x50);
		assertFalse(apic.interruptPending());
	}

	@Test
	void physicalDestinationsAreIdsAnd0xffIsEverybody() {
		assertEquals(List.of(2), targetsOf(2, 0x51));
		assertEquals(List.of(0, 1, 2, 3), targetsOf(0xff, 0x52));
	}

	@Test
	void shorthandsNeedNoDestination() {
		assertEquals(List.of(0), targetsOf(3, SELF | 0x53));
		assertEquals(List.of(0, 1, 2, 3), targetsOf(3, ALL | 0x54));
		assertEquals(List.of(1, 2, 3), targetsOf(0, OTHERS | 0x55));
	}

	@Test
	void flatLogicalDestinationsAreSetsOfBits() {
		for (int cpu = 0; cpu < 4; cpu++) {
			set(cpu, ApicRegister.LOGICAL_DESTINATION, 1 << 24 + cpu);
		}
		assertEquals(List.of(0, 2), targetsOf(0b0101, LOGICAL | 0x56));
	}

	@Test
	void clusterLogicalDestinationsAreAClusterAndBits() {
		for (int cpu = 0; cpu < 4; cpu++) {
			set(cpu, ApicRegister.DESTINATION_FORMAT, 0x0fffffff);
			set(cpu, ApicRegister.LOGICAL_DESTINATION, (cpu / 2 << 4 | 1 << cpu % 2) << 24);
		}
		assertEquals(List.of(3), targetsOf(0x12, LOGICAL | 0x57));
		assertEquals(List.of(0, 1), targetsOf(0x03, LOGICAL | 0x58));
	}

	@Test
	void lowestPriorityGoesToTheProcessorWithTheLowestPriority() {
		for (int cpu = 0; cpu < 4; cpu++) {
			set(cpu, ApicRegister.TASK_PRIORITY, cpu == 2 ? 0 : 0x80);
		}
		assertEquals(List.of(2), targetsOf(0xff, 1 << 8 | 0x59));
	}

	@Test
	void nmiSmiInitAndStartupWaitApartFromVectors() {
		set(ApicRegister.COMMAND_HIGH, 1 << 24);
		set(ApicRegister.COMMAND, 0x4500);
		set(ApicRegister.COMMAND, 0x4608);
		set(ApicRegister.COMMAND, 0x4400);
		set(ApicRegister.COMMAND, 0x4200);
		LocalApic other = pc.machine.localApic(1);
		assertEquals(List.of(PendingInterrupt.Kind.INIT, PendingInterrupt.Kind.STARTUP, PendingInterrupt.Kind.SMI,
				PendingInterrupt.Kind.NMI), other.pending().stream().map(PendingInterrupt::kind).toList());
		assertFalse(other.interruptPending());
		assertTrue(other.nmiPending());
		other.acknowledgeInit();
		assertFalse(other.initPending());
		assertEquals(0xff, get(1, ApicRegister.SPURIOUS_VECTOR));
		assertEquals(8, other.acknowledgeStartup());
	}

	@Test
	void initDeassertDeliversNothing() {
		set(ApicRegister.COMMAND_HIGH, 1 << 24);
		set(ApicRegister.COMMAND, 0x8500);
		assertFalse(pc.machine.localApic(1).initPending());
	}

	@Test
	void illegalVectorsAreErrorsThatAWriteMakesReadableAndThatInterrupt() {
		set(ApicRegister.LVT_ERROR, 0x70);
		sendSelf(0x05);
		assertEquals(0x70, apic.acknowledge());
		assertEquals(0, get(ApicRegister.ERROR_STATUS));
		set(ApicRegister.ERROR_STATUS, 0);
		assertEquals(1 << 5, get(ApicRegister.ERROR_STATUS));
		set(ApicRegister.ERROR_STATUS, 0);
		assertEquals(0, get(ApicRegister.ERROR_STATUS));
	}

	@Test
	void aRegisterThatIsNoneIsAnError() {
		pc.machine.physicalMemory().read(Machine.localApicPage(0) + 0x40, 4);
		set(ApicRegister.ERROR_STATUS, 0);
		assertEquals(1 << 7, get(ApicRegister.ERROR_STATUS));
	}

	@Test
	void externalInterruptsComeThroughLint0InVirtualWireMode() {
		pc.initialisePic();
		pc.machine.pic().line(3).set(true);
		assertFalse(apic.interruptPending());
		apic.enterVirtualWireMode();
		assertTrue(apic.interruptPending());
		assertEquals(List.of(new PendingInterrupt(PendingInterrupt.Kind.EXTERNAL, 0x23, "8259 IRQ 3", 0)),
				apic.pending());
		assertEquals(0x23, apic.acknowledge());
		assertEquals(List.of(), apic.pending());
		assertFalse(pc.machine.localApic(1).interruptPending());
	}

	@Test
	void externalInterruptsReachAProcessorWhoseApicIsOff() {
		pc.initialisePic();
		pc.machine.pic().line(3).set(true);
		assertTrue(apic.setBase(LocalApic.DEFAULT_BASE | LocalApic.BASE_BSP));
		assertTrue(apic.interruptPending());
		assertEquals(0x23, apic.acknowledge());
	}

	@Test
	void enabledAnewItHasTheIdOfReset() {
		set(ApicRegister.ID, 5 << 24);
		assertEquals(5 << 24, get(ApicRegister.ID));
		long base = apic.base();
		assertTrue(apic.setBase(base & ~LocalApic.BASE_ENABLE));
		assertTrue(apic.setBase(base));
		assertEquals(0, get(ApicRegister.ID));
	}

	@Test
	void lint0WithAFixedModeGivesItsVectorAtTheEdge() {
		pc.initialisePic();
		set(ApicRegister.LVT_LINT0, 0x61);
		pc.machine.pic().line(3).set(true);
		assertEquals(0x61, apic.acknowledge());
	}

	@Test
	void lint1GivesAnNmi() {
		apic.enterVirtualWireMode();
		pc.machine.apicBus().lint1().set(true);
		assertTrue(apic.nmiPending());
		assertFalse(pc.machine.localApic(1).nmiPending());
	}

	@Test
	void attentionIsCalledForTheProcessorConcerned() {
		List<Integer> called = new ArrayList<>();
		pc.machine.apicBus().onAttention(called::add);
		targetsOf(2, 0x51);
		assertEquals(List.of(2), called);
	}

	@Test
	void pendingInterruptsTellSourceAndTime() {
		pc.passTo(777);
		sendSelf(0x44);
		pc.passTo(888);
		sendSelf(0x44);
		assertEquals(List.of(new PendingInterrupt(PendingInterrupt.Kind.FIXED, 0x44, "IPI from CPU 0", 777)),
				apic.pending());
	}

	@Test
	void endOfALevelInterruptIsTold() {
		List<Integer> ended = new ArrayList<>();
		pc.machine.apicBus().onEndOfLevelInterrupt(ended::add);
		pc.machine.apicBus().send(new ApicBus.Message(DeliveryMode.FIXED, 0x31, false, 0, true, "test"));
		apic.acknowledge();
		set(ApicRegister.EOI, 0);
		sendSelf(0x32);
		apic.acknowledge();
		set(ApicRegister.EOI, 0);
		assertEquals(List.of(0x31), ended);
	}

	@Test
	void everyRegisterOfTheTableAnswersAsItsRowSays() {
		for (ApicRegister row : ApicRegister.values()) {
			set(ApicRegister.ERROR_STATUS, 0);
			set(ApicRegister.ERROR_STATUS, 0);
			get(row);
			set(ApicRegister.ERROR_STATUS, 0);
			assertEquals(row.isReadable(false) ? 0 : 1 << 7, get(ApicRegister.ERROR_STATUS), row.name());
		}
	}
}
