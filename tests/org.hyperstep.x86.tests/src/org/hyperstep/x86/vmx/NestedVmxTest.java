/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.GuestHypervisorFixture.*;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** VM entries and VM exits of a guest hypervisor, made by the processor (Intel SDM, "VM Entries", "VM Exits"). */
@SuppressWarnings("nls")
class NestedVmxTest {
	@Test
	void exitLoadsTheHostState() {
		GuestHypervisorFixture fixture = launching(NOP + CPUID);
		fixture.state.dr7 = 0x455;
		fixture.launch(VmExitReason.CPUID);
		assertEquals(LongModeMemory.STACK, fixture.state.general[CpuState.RSP]);
		assertEquals(2, fixture.state.rflags);
		assertEquals(0x400, fixture.state.dr7);
		assertEquals(0, fixture.state.cpl);
		assertEquals(GUEST + 1, fixture.vmcs().read(GUEST_RIP));
		assertEquals(GUEST_STACK, fixture.vmcs().read(GUEST_RSP));
		assertEquals(2, fixture.vmcs().read(VM_EXIT_INSTRUCTION_LENGTH));
		assertNull(fixture.processor.contexts().inner());
	}

	@Test
	void vmresumeFollowsVmlaunch() {
		GuestHypervisorFixture fixture = launching(CPUID + CPUID);
		fixture.launch(VmExitReason.CPUID);
		fixture.execute(VMLAUNCH);
		fixture.assertFails(VmFail.VMLAUNCH_NON_CLEAR_VMCS);
		fixture.vmcs().write(GUEST_RIP, GUEST + 2);
		fixture.resume(VmExitReason.CPUID);
		assertEquals(GUEST + 2, fixture.vmcs().read(GUEST_RIP));
	}

	@Test
	void invalidGuestStateExitsWithoutSavingTheGuest() {
		GuestHypervisorFixture fixture = launching(NOP);
		fixture.vmcs().write(GUEST_RFLAGS, 0);
		fixture.launch(VmExitReason.ENTRY_FAILURE_GUEST_STATE);
		assertEquals(VmExitReason.VM_ENTRY_FAILURE,
				fixture.vmcs().read(EXIT_REASON) & VmExitReason.VM_ENTRY_FAILURE);
		assertEquals(0, fixture.vmcs().read(GUEST_RFLAGS));
		assertEquals(false, fixture.vmcs().launched);
	}

	/** Each VM-entry failure exits to the VMLAUNCH that it came from. */
	@Test
	@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
	void hypervisorThatTriesARefusedGuestAgainAndAgainTakesTime() {
		GuestHypervisorFixture fixture = launching(NOP);
		fixture.vmcs().write(GUEST_RFLAGS, 0);
		fixture.vmcs().write(HOST_RIP, LongModeMemory.CODE);
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		fixture.processor.setDeadline(fixture.processor.retired() + 100);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertEquals(LongModeMemory.CODE, fixture.state.rip);
	}

	@Test
	void refusedMsrLoadExitsWithTheNumberOfTheEntry() {
		GuestHypervisorFixture fixture = launching(NOP);
		long area = 0x12_0000;
		fixture.memory.physical.write(area, 8, 0xc000_0102L);
		fixture.memory.physical.write(area + 8, 8, 5);
		fixture.memory.physical.write(area + 16, 8, 0xc000_0100L);
		fixture.vmcs().write(VM_ENTRY_MSR_LOAD_ADDRESS, area);
		fixture.vmcs().write(VM_ENTRY_MSR_LOAD_COUNT, 2);
		fixture.launch(VmExitReason.ENTRY_FAILURE_MSR_LOADING);
		assertEquals(2, fixture.vmcs().read(EXIT_QUALIFICATION));
		assertEquals(5, fixture.state.kernelGsBase);
	}

	@Test
	void vmxInstructionsOfTheInnerGuestExit() {
		fixtureOf(VMCALL, VmExitReason.VMCALL);
		fixtureOf(VMXON, VmExitReason.VMXON);
		fixtureOf(VMLAUNCH, VmExitReason.VMLAUNCH);
		fixtureOf(VMXOFF, VmExitReason.VMXOFF);
	}

	private static void fixtureOf(String instruction, VmExitReason reason) {
		launching(instruction).launch(reason);
	}

	/** The inner guest is a hypervisor in its turn, and the guest hypervisor emulates VMX for it. */
	@Test
	void thirdLevelRunsByTheGuestHypervisorsEmulation() {
		GuestHypervisorFixture fixture = launching(VMLAUNCH + HLT);
		fixture.launch(VmExitReason.VMLAUNCH);
		long innerHostState = fixture.vmcs().read(GUEST_RSP);
		// The guest hypervisor runs the third level in the second one's place, under a VMCS of its own making.
		fixture.execute(VMCLEAR, OTHER_REGION);
		fixture.execute(VMPTRLD, OTHER_REGION);
		fixture.fill();
		fixture.memory.put(GUEST + 0x100, NOP + CPUID);
		fixture.vmcs().write(GUEST_RIP, GUEST + 0x100);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(GUEST + 0x101, fixture.vmcs().read(GUEST_RIP));
		// Its exit is reflected: the second level goes on where it asked for, as behind an exit of its own.
		fixture.execute(VMPTRLD, VMCS_REGION);
		assertEquals(innerHostState, fixture.vmcs().read(GUEST_RSP), "each VMCS keeps its own");
		fixture.vmcs().write(GUEST_RIP, GUEST + 3);
		fixture.resume(VmExitReason.HLT);
		assertEquals(GUEST + 3, fixture.vmcs().read(GUEST_RIP));
		// The third level's VMCS is launched, and is resumed.
		fixture.execute(VMPTRLD, OTHER_REGION);
		fixture.vmcs().write(GUEST_RIP, GUEST + 0x100);
		fixture.resume(VmExitReason.CPUID);
	}

	@Test
	void injectedEventIsDeliveredInTheInnerGuest() {
		GuestHypervisorFixture fixture = launching(HLT);
		fixture.memory.put(LongModeMemory.handler(0x40), CPUID);
		fixture.vmcs().write(GUEST_RFLAGS, 2 | CpuState.IF);
		fixture.vmcs().write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | 0x40);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(LongModeMemory.handler(0x40), fixture.vmcs().read(GUEST_RIP));
		assertEquals(0, fixture.vmcs().read(VM_ENTRY_INTERRUPTION_INFORMATION) >>> 31);
	}

	@Test
	void faultDuringDeliveryHasIdtVectoringInformation() {
		GuestHypervisorFixture fixture = launching(HLT);
		fixture.vmcs().write(GUEST_RFLAGS, 2 | CpuState.IF);
		fixture.vmcs().write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | 0x40);
		fixture.vmcs().write(GUEST_IDTR_LIMIT, 0xff);
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.GP);
		fixture.launch(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(1L << 31 | 0x40, fixture.vmcs().read(IDT_VECTORING_INFORMATION));
	}

	@Test
	void tripleFaultOfTheInnerGuestExits() {
		GuestHypervisorFixture fixture = launching("0f0b");
		fixture.vmcs().write(GUEST_IDTR_LIMIT, 0);
		fixture.launch(VmExitReason.TRIPLE_FAULT);
	}

	@Test
	void monitorTrapFlagOfTheGuestHypervisorExitsBehindOneInstruction() {
		GuestHypervisorFixture fixture = launching(NOP + NOP);
		fixture.vmcs().set(VmxControl.MONITOR_TRAP_FLAG, true);
		fixture.launch(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(GUEST + 1, fixture.vmcs().read(GUEST_RIP));
	}

	/** "Saving RIP, RSP, RFLAGS, and SSP": RF is as it would be pushed, thus set between iterations and clear behind the last. */
	@Test
	void exitBetweenTwoIterationsSavesRf() {
		GuestHypervisorFixture fixture = launching("f3aa");
		fixture.state.general[CpuState.RDI] = OPERAND;
		fixture.state.general[CpuState.RCX] = 2;
		fixture.vmcs().set(VmxControl.MONITOR_TRAP_FLAG, true);
		fixture.launch(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
		assertEquals(CpuState.RF, fixture.vmcs().read(GUEST_RFLAGS) & CpuState.RF);
		fixture.resume(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(GUEST + 2, fixture.vmcs().read(GUEST_RIP));
		assertEquals(0, fixture.vmcs().read(GUEST_RFLAGS) & CpuState.RF);
	}

	@Test
	void injectedMonitorTrapExitsBeforeTheFirstInstruction() {
		GuestHypervisorFixture fixture = launching(NOP + NOP);
		fixture.vmcs().write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | EventType.OTHER << 8);
		fixture.launch(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
	}

	@Test
	void preemptionTimerExitsAndSavesZero() {
		GuestHypervisorFixture fixture = launching("eb fe");
		fixture.vmcs().set(VmxControl.ACTIVATE_VMX_PREEMPTION_TIMER, true);
		fixture.vmcs().set(VmxControl.SAVE_VMX_PREEMPTION_TIMER, true);
		fixture.vmcs().write(VMX_PREEMPTION_TIMER_VALUE, 1);
		fixture.launch(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertEquals(0, fixture.vmcs().read(VMX_PREEMPTION_TIMER_VALUE));
	}

	@Test
	void zeroPreemptionTimerExpiresBeforeTheFirstInstruction() {
		GuestHypervisorFixture fixture = launching(NOP);
		fixture.vmcs().set(VmxControl.ACTIVATE_VMX_PREEMPTION_TIMER, true);
		fixture.launch(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
	}

	@Test
	void interruptWindowOfTheGuestHypervisorOpens() {
		GuestHypervisorFixture fixture = launching("fb" + NOP + NOP);
		fixture.vmcs().set(VmxControl.INTERRUPT_WINDOW_EXITING, true);
		fixture.launch(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(GUEST + 2, fixture.vmcs().read(GUEST_RIP));
	}

	/** "NMI-Window Exiting": such an exit wakes from the states that an NMI wakes from. */
	@Test
	void nmiWindowWakesFromHltAndShutdown() {
		for (int activity : new int[] { GuestStateArea.HLT, GuestStateArea.SHUTDOWN }) {
			GuestHypervisorFixture fixture = inactive(activity, VmxControl.NMI_WINDOW_EXITING);
			fixture.launch(VmExitReason.NMI_WINDOW);
			assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
			assertEquals(activity, fixture.vmcs().read(GUEST_ACTIVITY_STATE), "active only behind the exit");
			assertEquals(CpuState.Activity.ACTIVE, fixture.state.activity);
		}
	}

	@Test
	void virtualNmiBlockingKeepsTheNmiWindowShutInShutdown() {
		GuestHypervisorFixture fixture = inactive(GuestStateArea.SHUTDOWN, VmxControl.NMI_WINDOW_EXITING);
		fixture.vmcs().write(GUEST_INTERRUPTIBILITY_STATE, GuestStateArea.BLOCKING_BY_NMI);
		assertEquals(RunOutcome.SHUTDOWN, runFromVmlaunch(fixture));
	}

	@Test
	void nmiWindowDoesNotOpenInWaitForSipi() {
		assertEquals(RunOutcome.HALTED,
				runFromVmlaunch(inactive(GuestStateArea.WAIT_FOR_SIPI, VmxControl.NMI_WINDOW_EXITING)));
	}

	/** "Interrupt-Window Exiting": not in the shutdown and wait-for-SIPI states. */
	@Test
	void interruptWindowWakesFromHltAlone() {
		inactive(GuestStateArea.HLT, VmxControl.INTERRUPT_WINDOW_EXITING).launch(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(RunOutcome.SHUTDOWN,
				runFromVmlaunch(inactive(GuestStateArea.SHUTDOWN, VmxControl.INTERRUPT_WINDOW_EXITING)));
		assertEquals(RunOutcome.HALTED,
				runFromVmlaunch(inactive(GuestStateArea.WAIT_FOR_SIPI, VmxControl.INTERRUPT_WINDOW_EXITING)));
	}

	/** "Activity State" of "VM Entries": behind the injection the processor is active. */
	@Test
	void injectedNmiEndsTheShutdownState() {
		GuestHypervisorFixture fixture = inactive(GuestStateArea.SHUTDOWN, VmxControl.VIRTUAL_NMIS);
		fixture.memory.put(LongModeMemory.handler(Vector.NMI), CPUID);
		fixture.vmcs().write(VM_ENTRY_INTERRUPTION_INFORMATION, 1L << 31 | EventType.NMI << 8 | Vector.NMI);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(LongModeMemory.handler(Vector.NMI), fixture.vmcs().read(GUEST_RIP));
	}

	/** A guest with virtual NMIs and interrupts enabled, entered in an activity state under one more control. */
	private static GuestHypervisorFixture inactive(int activity, VmxControl window) {
		GuestHypervisorFixture fixture = launching(NOP);
		fixture.vmcs().set(VmxControl.VIRTUAL_NMIS, true);
		fixture.vmcs().set(window, true);
		fixture.vmcs().write(GUEST_RFLAGS, 2 | CpuState.IF);
		fixture.vmcs().write(GUEST_ACTIVITY_STATE, activity);
		return fixture;
	}

	private static RunOutcome runFromVmlaunch(GuestHypervisorFixture fixture) {
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		return fixture.processor.run();
	}

	@Test
	void interruptIsAnExitThatAcknowledges() {
		GuestHypervisorFixture fixture = launching("eb fe");
		fixture.vmcs().set(VmxControl.ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
		runInner(fixture);
		assertEquals(true, fixture.processor.contexts().interruptExits());
		fixture.processor.contexts().interrupt(0x51);
		assertEquals(HOST, fixture.state.rip);
		assertEquals(1L << 31 | 0x51, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION));
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
	}

	@Test
	void nmiExitBlocksNmis() {
		GuestHypervisorFixture fixture = launching("eb fe");
		runInner(fixture);
		fixture.processor.contexts().nmi();
		assertEquals(HOST, fixture.state.rip);
		assertEquals(true, fixture.state.interruptibility.blockingByNmi);
		assertEquals(1L << 31 | EventType.NMI << 8 | 2, fixture.vmcs().read(VM_EXIT_INTERRUPTION_INFORMATION));
	}

	@Test
	void raisedExceptionThatTheGuestHypervisorInterceptsExits() {
		GuestHypervisorFixture fixture = launching("eb fe");
		fixture.vmcs().write(EXCEPTION_BITMAP, 1 << Vector.GP);
		runInner(fixture);
		assertEquals(true, fixture.processor.contexts().exception(Vector.GP, 0, 0));
		assertEquals(HOST, fixture.state.rip);
	}

	@Test
	void initThatWasBlockedInRootOperationExitsBeforeTheInnerGuestsFirstInstruction() {
		GuestHypervisorFixture fixture = launching("eb fe");
		fixture.processor.events().watchUnblocking();
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertEquals(GUEST, fixture.state.rip);
		assertEquals(true, fixture.processor.contexts().init());
		assertEquals(HOST, fixture.state.rip);
		assertEquals(VmExitReason.INIT_SIGNAL.number(), fixture.vmcs().read(EXIT_REASON));
		assertEquals(GUEST, fixture.vmcs().read(GUEST_RIP));
	}

	@Test
	void vmxoffUnblocksInit() {
		GuestHypervisorFixture fixture = new GuestHypervisorFixture();
		fixture.execute(VMXON, VMXON_REGION);
		fixture.processor.events().watchUnblocking();
		fixture.execute(NOP);
		assertEquals(false, fixture.processor.events().hostInterruptAsserted());
		fixture.execute(VMXOFF);
		assertEquals(true, fixture.processor.events().hostInterruptAsserted());
	}

	@Test
	void waitForSipiBlocksInitAndEndsWithAnExitThatHasTheVector() {
		GuestHypervisorFixture fixture = launching(NOP);
		fixture.vmcs().write(GUEST_ACTIVITY_STATE, GuestStateArea.WAIT_FOR_SIPI);
		assertEquals(RunOutcome.HALTED, runFromVmlaunch(fixture));
		assertEquals(false, fixture.processor.contexts().init());
		assertEquals(GUEST, fixture.state.rip);
		assertEquals(true, fixture.processor.contexts().startup(0x12));
		assertEquals(HOST, fixture.state.rip);
		assertEquals(VmExitReason.START_UP_IPI.number(), fixture.vmcs().read(EXIT_REASON));
		assertEquals(0x12, fixture.vmcs().read(EXIT_QUALIFICATION));
		assertEquals(GuestStateArea.WAIT_FOR_SIPI, fixture.vmcs().read(GUEST_ACTIVITY_STATE));
	}

	private static void runInner(GuestHypervisorFixture fixture) {
		fixture.memory.put(LongModeMemory.CODE, VMLAUNCH);
		fixture.state.rip = LongModeMemory.CODE;
		fixture.processor.setDeadline(fixture.processor.retired() + 10);
		assertEquals(RunOutcome.HOST_INTERRUPT, fixture.processor.run());
		assertNotNull(fixture.processor.contexts().inner());
	}

	@Test
	void eptOfTheGuestHypervisorTranslates() {
		GuestHypervisorFixture fixture = launching("8b042500001000" + CPUID);
		fixture.identityEpt();
		// The page at SPARE is elsewhere for the guest.
		fixture.memory.physical.write(EPT_PT + 8 * (LongModeMemory.SPARE >>> 12), 8, 0x13_0000 | 7 | 6 << 3);
		fixture.memory.physical.write(0x13_0000, 4, 0x55aa);
		fixture.launch(VmExitReason.CPUID);
		assertEquals(0x55aa, fixture.state.general[CpuState.RAX]);
	}

	@Test
	void vpidKeepsTheInnerGuestsTranslationsOverExits() {
		assertEquals(false, walksAgain(5, false));
		assertEquals(true, walksAgain(5, true));
	}

	@Test
	void withoutVpidsEachEntryInvalidatesTranslations() {
		assertEquals(true, walksAgain(0, false));
	}

	/** Whether the inner guest's second read of a page sets the accessed flag, which the first one did, again. */
	private static boolean walksAgain(int vpid, boolean invept) {
		// mov rax, [OPERAND]; cpuid
		GuestHypervisorFixture fixture = launching("488b0425 00000300" + CPUID);
		fixture.identityEpt();
		fixture.vmcs().write(EPT_POINTER, fixture.vmcs().read(EPT_POINTER) | 1 << 6);
		fixture.vmcs().set(VmxControl.ENABLE_VPID, vpid != 0);
		fixture.vmcs().write(VIRTUAL_PROCESSOR_IDENTIFIER, vpid);
		fixture.launch(VmExitReason.CPUID);
		long entry = EPT_PT + 8 * (OPERAND >>> 12), accessed = 1 << 8;
		long before = fixture.memory.physical.read(entry, 8);
		assertEquals(accessed, before & accessed);
		fixture.memory.physical.write(entry, 8, before & ~accessed);
		if (invept) {
			fixture.state.general[CpuState.RAX] = 2;
			fixture.execute(INVEPT, 0);
			fixture.assertSucceeds();
		}
		fixture.vmcs().write(GUEST_RIP, GUEST);
		fixture.resume(VmExitReason.CPUID);
		return (fixture.memory.physical.read(entry, 8) & accessed) != 0;
	}

	@Test
	void eptViolationExitsWithAddresses() {
		GuestHypervisorFixture fixture = launching("89042508001000");
		fixture.identityEpt();
		fixture.memory.physical.write(EPT_PT + 8 * (LongModeMemory.SPARE >>> 12), 8, LongModeMemory.SPARE | 1 | 6 << 3);
		fixture.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(LongModeMemory.SPARE + 8, fixture.vmcs().read(GUEST_PHYSICAL_ADDRESS));
		assertEquals(LongModeMemory.SPARE + 8, fixture.vmcs().read(GUEST_LINEAR_ADDRESS));
		assertEquals(2 | 1 << 3 | 1 << 7 | 1 << 8, fixture.vmcs().read(EXIT_QUALIFICATION));
	}

	@Test
	void updateOfTheGuestsAccessedFlagIsAReadAndAWrite() {
		GuestHypervisorFixture fixture = launching("8b042500001000");
		fixture.identityEpt();
		long table = LongModeMemory.PT;
		fixture.memory.physical.write(table + 8 * (LongModeMemory.SPARE >>> 12), 8, LongModeMemory.SPARE | 7);
		for (long page : new long[] { GUEST, LongModeMemory.CODE, GUEST_STACK - 8 }) {
			fixture.memory.physical.write(table + 8 * (page >>> 12), 8, page & -4096L | 7 | 1 << 5 | 1 << 6);
		}
		fixture.mapEpt(table, table | 5);
		fixture.launch(VmExitReason.EPT_VIOLATION);
		assertEquals(table + 8 * (LongModeMemory.SPARE >>> 12), fixture.vmcs().read(GUEST_PHYSICAL_ADDRESS));
		assertEquals(3 | 5 << 3 | 1 << 7, fixture.vmcs().read(EXIT_QUALIFICATION));
	}
}
