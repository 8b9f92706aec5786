/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.state.CpuState.IF;
import static org.hyperstep.x86.state.CpuState.TF;
import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;

/** Windows, shadows, the monitor trap flag, injection and pending debug exceptions in VMX non-root operation. */
@SuppressWarnings("nls")
class VmxEventsTest {
	private static final String NOPS = "90 90 90 90 90 90", STI = "fb", CPUID = "0fa2", ICEBP = "f1", UD2 = "0f0b",
			MOV_SS_AX = "8ed0", MOV_EAX_18 = "b818000000", POPF = "9d", PUSHF = "9c", INT_80 = "cd80", HLT = "f4";
	private static final long BLOCKING_BY_MOV_SS = 2, BS = 1 << 14;

	private static VmxFixture windowed(String code, long flags) {
		VmxFixture guest = new VmxFixture(code);
		guest.vmcs.set(INTERRUPT_WINDOW_EXITING, true);
		guest.flags(flags);
		return guest;
	}

	private static VmxFixture trapped(String code, long flags) {
		VmxFixture guest = new VmxFixture(code);
		guest.vmcs.set(MONITOR_TRAP_FLAG, true);
		guest.flags(flags);
		return guest;
	}

	// ---- windows and shadows ----

	@Test
	void interruptWindowExitsAtOnceWhenTheGuestIsInterruptible() {
		VmxFixture guest = windowed(NOPS, IF);
		guest.enter(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(0, guest.offset());
	}

	@Test
	void interruptWindowWaitsOneInstructionUnderBlockingBySti() {
		VmxFixture guest = windowed(STI + NOPS, 0);
		guest.enter(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(2, guest.offset());
	}

	@Test
	void secondStiDoesNotExtendTheShadow() {
		VmxFixture guest = windowed(STI + STI + NOPS, 0);
		guest.enter(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(2, guest.offset());
	}

	@Test
	void stiWithInterruptsOnCastsNoShadow() {
		VmxFixture guest = new VmxFixture(STI + NOPS);
		guest.flags(IF);
		guest.vmcs.set(MONITOR_TRAP_FLAG, true);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(0, guest.vmcs.read(GUEST_INTERRUPTIBILITY_STATE));
	}

	@Test
	void interruptWindowWaitsOneInstructionUnderBlockingByMovSs() {
		VmxFixture guest = windowed(NOPS, IF);
		guest.shadow(Shadow.MOV_SS);
		guest.enter(VmExitReason.INTERRUPT_WINDOW);
		assertEquals(1, guest.offset());
	}

	@Test
	void nmiWindowWaitsForIret() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.inject(Vector.NMI, EventType.NMI);
		guest.vmcs.set(NMI_WINDOW_EXITING, true);
		guest.enter(VmExitReason.NMI_WINDOW);
		assertEquals(0, guest.offset(), "behind the handler's IRET");
		assertEquals(2, guest.processor.retired());
	}

	@Test
	void hostInterruptIsTakenBeforeTheFirstInstruction() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
		assertEquals(0, guest.offset());
		assertEquals(0, guest.processor.retired());
	}

	@Test
	void acknowledgedHostInterruptIsRecorded() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.vmcs.set(ACKNOWLEDGE_INTERRUPT_ON_EXIT, true);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
		assertEquals(1L << 31 | Vmx.HOST_INTERRUPT_VECTOR, guest.vmcs.read(VM_EXIT_INTERRUPTION_INFORMATION));
	}

	@Test
	void deadlineIsTakenAtItsInstruction() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.processor.setDeadline(4);
		guest.enter(VmExitReason.EXTERNAL_INTERRUPT);
		assertEquals(4, guest.offset());
	}

	@Test
	void preemptionTimerExpiresBeforeTheHostsDeadline() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.vmcs.set(ACTIVATE_VMX_PREEMPTION_TIMER, true);
		guest.vmcs.set(SAVE_VMX_PREEMPTION_TIMER, true);
		guest.vmcs.write(VMX_PREEMPTION_TIMER_VALUE, 3);
		guest.processor.setDeadline(3);
		guest.enter(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED);
		assertEquals(3, guest.offset());
		assertEquals(0, guest.vmcs.read(VMX_PREEMPTION_TIMER_VALUE));
	}

	// ---- monitor trap flag ----

	@Test
	void monitorTrapFlagExitsBehindOneInstruction() {
		VmxFixture guest = trapped(NOPS, 0);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(1, guest.offset());
	}

	@Test
	void monitorTrapFlagExitsAtTheHandlerOfAnInjectedInterrupt() {
		VmxFixture guest = trapped(NOPS, IF);
		guest.inject(0x30, EventType.EXTERNAL_INTERRUPT);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(0x30), guest.state.rip);
		assertEquals(0, guest.processor.retired());
	}

	@Test
	void monitorTrapFlagExitsAtTheFaultsHandler() {
		VmxFixture guest = trapped(UD2, 0);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(Vector.UD), guest.state.rip);
	}

	@Test
	void monitorTrapFlagExitsBehindIcebp() {
		VmxFixture guest = trapped(ICEBP, 0);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(Vector.DB), guest.state.rip);
	}

	@Test
	void monitorTrapFlagExitsBehindSoftwareInterrupt() {
		VmxFixture guest = trapped(INT_80, 0);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(0x80), guest.state.rip);
	}

	@Test
	void injectedOtherEventIsAMonitorTrapBeforeTheFirstInstruction() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.inject(0, EventType.OTHER);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(0, guest.offset());
	}

	@Test
	void monitorTrapComesBeforeThePendingSingleStep() {
		VmxFixture guest = trapped(NOPS, TF);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(1, guest.offset());
		assertEquals(BS, guest.vmcs.read(GUEST_PENDING_DEBUG_EXCEPTIONS));
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(Vector.DB), guest.state.rip, "delivered at the next entry");
		assertEquals(1, guest.processor.retired());
	}

	@Test
	void monitorTrapFlagExitsBetweenIterations() {
		VmxFixture guest = new VmxFixture("b903000000 f3aa 90");
		guest.state.general[CpuState.RDI] = LongModeMemory.DATA;
		guest.store();
		guest.vmcs.set(MONITOR_TRAP_FLAG, true);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(5, guest.offset());
		assertEquals(2, guest.state.general[CpuState.RCX]);
		assertEquals(CpuState.RF, guest.vmcs.read(GUEST_RFLAGS) & CpuState.RF, "RF is saved between iterations");
	}

	// ---- pending debug exceptions ----

	@Test
	void pendingSingleStepUnderMovSsSurvivesAnExit() {
		VmxFixture guest = new VmxFixture(MOV_EAX_18 + MOV_SS_AX + CPUID + NOPS);
		guest.state.rip += 5;
		guest.state.general[CpuState.RAX] = LongModeMemory.DATA_SELECTOR;
		guest.flags(TF);
		guest.enter(VmExitReason.CPUID);
		assertEquals(BS, guest.vmcs.read(GUEST_PENDING_DEBUG_EXCEPTIONS));
		assertEquals(BLOCKING_BY_MOV_SS, guest.vmcs.read(GUEST_INTERRUPTIBILITY_STATE));
		assertEquals(7, guest.offset());
	}

	@Test
	void pendingDebugExceptionIsDeliveredBeforeTheFirstInstruction() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.state.interruptibility.pendingDebugExceptions = BS;
		guest.store();
		guest.vmcs.set(MONITOR_TRAP_FLAG, true);
		guest.enter(VmExitReason.MONITOR_TRAP_FLAG);
		assertEquals(LongModeMemory.handler(Vector.DB), guest.state.rip);
		assertEquals(BS | 0xffff0ff0L, guest.state.dr6);
	}

	@Test
	void interceptedDebugExceptionLeavesDr6AndTellsThisEventAlone() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.state.dr6 = 0xffff0ff1L;
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.DB);
		guest.flags(TF);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(BS, guest.vmcs.read(EXIT_QUALIFICATION));
		assertEquals(0xffff0ff1L, guest.state.dr6);
		assertEquals(1, guest.offset());
	}

	@Test
	void softwareInterruptUnderMovSsGoesFirstThenThePendingDebugException() {
		VmxFixture guest = new VmxFixture(MOV_SS_AX + INT_80);
		guest.state.general[CpuState.RAX] = LongModeMemory.DATA_SELECTOR;
		guest.state.dr7 = 0x400 | 2 | 3 << 16;
		guest.state.breakpointAddress[0] = LongModeMemory.DATA;
		// MOV SS, [30000h] meets the data breakpoint.
		guest.memory.put(LongModeMemory.CODE, "8e142500000300 cd80");
		guest.memory.physical.write(LongModeMemory.DATA, 2, LongModeMemory.DATA_SELECTOR);
		guest.store();
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.DB);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(LongModeMemory.handler(0x80), guest.state.rip);
		assertEquals(1, guest.vmcs.read(EXIT_QUALIFICATION));
	}

	// ---- injection ----

	@Test
	void injectedEventIsDeliveredThenTheHostInterruptIsTaken() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.flags(IF);
		guest.inject(0x41, EventType.EXTERNAL_INTERRUPT);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
		assertEquals(LongModeMemory.handler(0x41), guest.state.rip);
		assertEquals(0, guest.vmcs.read(VM_ENTRY_INTERRUPTION_INFORMATION) >>> 31, "the valid bit is cleared");
	}

	@Test
	void injectedExceptionPushesItsErrorCode() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.vmcs.write(VM_ENTRY_INTERRUPTION_INFORMATION,
				1L << 31 | 1 << 11 | EventType.HARDWARE_EXCEPTION << 8 | Vector.GP);
		guest.vmcs.write(VM_ENTRY_EXCEPTION_ERROR_CODE, 0x18);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
		long rsp = guest.state.general[CpuState.RSP];
		assertEquals(0x18, guest.memory.physical.read(rsp, 8));
		assertEquals(LongModeMemory.CODE, guest.memory.physical.read(rsp + 8, 8));
	}

	@Test
	void injectedSoftwareInterruptPushesTheNextInstruction() {
		VmxFixture guest = new VmxFixture(NOPS);
		guest.inject(0x80, EventType.SOFTWARE_INTERRUPT);
		guest.vmcs.write(VM_ENTRY_INSTRUCTION_LENGTH, 2);
		guest.enterAndLeaveAtOnce(VmExitReason.EXTERNAL_INTERRUPT);
		assertEquals(LongModeMemory.CODE + 2,
				guest.memory.physical.read(guest.state.general[CpuState.RSP], 8));
	}

	@Test
	void exitDuringDeliveryRecordsTheEvent() {
		VmxFixture guest = new VmxFixture(INT_80);
		guest.memory.unmap(LongModeMemory.STACK - 8);
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.PF);
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(1L << 31 | EventType.SOFTWARE_INTERRUPT << 8 | 0x80, guest.vmcs.read(IDT_VECTORING_INFORMATION));
		assertEquals(2, guest.vmcs.read(VM_EXIT_INSTRUCTION_LENGTH));
		assertEquals(0, guest.offset());
	}

	@Test
	void tripleFaultExits() {
		VmxFixture guest = new VmxFixture(UD2);
		guest.state.idtrLimit = 0;
		guest.store();
		guest.enter(VmExitReason.TRIPLE_FAULT);
		assertEquals(0, guest.vmcs.read(IDT_VECTORING_INFORMATION));
	}

	@Test
	void popfThatSetsTfTrapsBehindTheNextInstruction() {
		VmxFixture guest = new VmxFixture(PUSHF + POPF + NOPS);
		guest.state.general[CpuState.RSP] -= 8;
		guest.memory.physical.write(guest.state.general[CpuState.RSP], 8, TF | 2);
		guest.state.rip += 1;
		guest.vmcs.write(EXCEPTION_BITMAP, 1 << Vector.DB);
		guest.store();
		guest.enter(VmExitReason.EXCEPTION_OR_NMI);
		assertEquals(3, guest.offset());
	}

	@Test
	void hltExitsBeforeItsEffect() {
		VmxFixture guest = new VmxFixture(HLT);
		guest.enter(VmExitReason.HLT);
		assertEquals(0, guest.offset());
		assertEquals(1, guest.vmcs.read(VM_EXIT_INSTRUCTION_LENGTH));
		assertEquals(0, guest.vmcs.read(GUEST_ACTIVITY_STATE));
	}
}
