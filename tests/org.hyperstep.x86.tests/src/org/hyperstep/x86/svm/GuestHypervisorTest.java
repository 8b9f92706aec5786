/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.state.CpuState.IF;
import static org.hyperstep.x86.state.CpuState.TF;
import static org.hyperstep.x86.svm.GuestHypervisorFixture.*;
import static org.hyperstep.x86.svm.VmcbField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Consumer;

import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ModelSpecificRegisters;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;

/** VMRUN and its relatives executed by software on the processor: the guest that it enters, and #VMEXIT back to it. */
@SuppressWarnings("nls")
class GuestHypervisorTest {
	private static final String NOPS = "90 90 90 90", VMMCALL = "0f01d9", VMLOAD = "0f01da", VMSAVE = "0f01db",
			STGI = "0f01dc", CLGI = "0f01dd", CPUID = "0fa2", UD2 = "0f0b", LOAD = "8b042500001000", PAUSE = "f390";
	private static final long VALID = 1L << 31, LOCK = 1 << 3, SVMDIS = 1 << 4;
	private static final int VM_CR = 0xc001_0114, SVM_KEY = 0xc001_0118;

	// ---- VMRUN and #VMEXIT ----

	@Test
	void vmexitGoesOnBehindVmrun() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS + VMMCALL);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(4, host.innerOffset());
		assertEquals(4, host.offset());
		assertNull(host.processor.contexts().inner());
	}

	@Test
	void vmrunAndVmexitTakeTheSameRoadUnderTheSoftwareBelow() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS + VMMCALL).below();
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(3, host.offset());
	}

	@Test
	void vmexitLoadsTheHostsStateAndLeavesTheOtherRegisters() {
		// mov $0x1234,%ecx; mov $0x77,%eax; xor %esp,%esp; sti; cld; vmmcall
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "b934120000 b877000000 31e4 fb" + VMMCALL);
		host.runToHalt();
		assertEquals(0x1234, host.state.general[CpuState.RCX]);
		assertEquals(VMCB, host.state.general[CpuState.RAX]);
		assertEquals(LongModeMemory.STACK, host.state.general[CpuState.RSP]);
		assertEquals(0, host.state.rflags & IF);
		assertEquals(0x77, host.vmcb.read(RAX));
		assertEquals(0, host.vmcb.read(RSP));
		assertEquals(IF, host.vmcb.read(RFLAGS) & IF);
	}

	@Test
	void vmexitClearsTheGlobalInterruptFlagAndDisablesBreakpoints() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, VMMCALL);
		host.state.dr7 = 0x402;
		host.runToHalt();
		assertFalse(host.state.interruptibility.globalInterruptFlag);
		assertEquals(0x400, host.state.dr7);
	}

	@Test
	void traceTrapOfVmrunComesBehindVmexit() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS + VMMCALL);
		host.memory.put(LongModeMemory.handler(Vector.DB), HLT);
		host.state.rflags |= TF;
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(LongModeMemory.handler(Vector.DB) + 1, host.state.rip);
		assertEquals(LongModeMemory.CODE + 3, host.memory.physical.read(host.state.general[CpuState.RSP], 8));
	}

	@Test
	void traceTrapOfTheGuestComesBehindItsFirstInstruction() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS)
				.intercept(SvmExitCode.exception(Vector.DB));
		host.vmcb.write(RFLAGS, TF | 2);
		host.runToHalt();
		assertEquals(SvmExitCode.EXCP1, host.exitCode());
		assertEquals(1, host.innerOffset());
	}

	@Test
	void refusedVmcbIsAnExitBehindVmrun() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, VMMCALL);
		host.vmcb.write(GUEST_ASID, 0);
		host.runToHalt();
		assertEquals(SvmExitCode.INVALID, host.exitCode());
		assertEquals(-1L, host.vmcb.read(EXITCODE));
		assertEquals(4, host.offset());
		assertEquals(0, host.innerOffset());
	}

	@Test
	void inconsistentHostStateShutsTheProcessorDown() {
		// The guest clears CR4 in the host save area.
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "31c0 4889042548150500" + VMMCALL);
		assertEquals(RunOutcome.SHUTDOWN, run(host));
	}

	private static RunOutcome run(GuestHypervisorFixture host) {
		host.vmcb.writeTo(host.memory.physical, VMCB, VmcbField.Group.CONTROL);
		host.vmcb.writeTo(host.memory.physical, VMCB, VmcbField.Group.VMRUN);
		return host.processor.run();
	}

	// ---- faults of the instructions ----

	private static int faultOf(GuestHypervisorFixture host) {
		for (int vector = 0; vector < 32; vector++) {
			host.memory.put(LongModeMemory.handler(vector), HLT);
		}
		host.runToHalt();
		return (int) (host.state.rip - 1 - LongModeMemory.HANDLERS) / 16;
	}

	@Test
	void svmInstructionsNeedSvmEnabled() {
		for (String code : new String[] { VMRUN, VMLOAD, VMSAVE, STGI, CLGI, "0f01df", "0f01de", VMMCALL }) {
			GuestHypervisorFixture host = new GuestHypervisorFixture(code, VMMCALL);
			host.state.efer &= ~CpuState.EFER_SVME;
			assertEquals(Vector.UD, faultOf(host), code);
		}
	}

	@Test
	void vmmcallAndSkinitAreUndefinedWhereNobodyIntercepts() {
		assertEquals(Vector.UD, faultOf(new GuestHypervisorFixture(VMMCALL, "90")));
		assertEquals(Vector.UD, faultOf(new GuestHypervisorFixture("0f01de", "90")));
	}

	@Test
	void vmcbAddressMustBeAPageBelowTheEndOfPhysicalMemory() {
		for (long address : new long[] { VMCB + 8, 1L << 50 }) {
			for (String code : new String[] { VMRUN, VMLOAD, VMSAVE }) {
				GuestHypervisorFixture host = new GuestHypervisorFixture(code, VMMCALL);
				host.state.general[CpuState.RAX] = address;
				assertEquals(Vector.GP, faultOf(host), code);
			}
		}
	}

	@Test
	void vmrunOfTheInnerGuestExitsToTheGuestHypervisor() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, VMRUN);
		host.vmcb.write(RAX, VMCB);
		host.runToHalt();
		assertEquals(SvmExitCode.VMRUN, host.exitCode());
		assertEquals(INNER_CODE + 3, host.vmcb.read(NRIP));
	}

	// ---- VMLOAD, VMSAVE ----

	@Test
	void vmloadAndVmsaveMoveWhatVmrunDoesNot() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMLOAD + VMSAVE + HLT, "90");
		host.vmcb.write(KERNEL_GS_BASE, 0x8000_1234_5678L);
		host.vmcb.write(FS_BASE, 0x5000);
		host.vmcb.write(LSTAR, 0x6000);
		host.runToHalt();
		assertEquals(0x5000, host.state.segments[CpuState.FS].base);
		assertEquals(0x6000, host.state.lstar);
		assertEquals(0xffff_8000_1234_5678L, host.vmcb.read(KERNEL_GS_BASE), "canonical");
	}

	@Test
	void fsOfTheGuestStaysBehindVmexit() {
		// mov $0x18,%ecx; mov %ecx,%fs; vmmcall
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "b918000000 8ee1" + VMMCALL);
		host.state.segments[CpuState.FS].selector = 0;
		host.runToHalt();
		assertEquals(0x18, host.state.segments[CpuState.FS].selector);
	}

	// ---- who intercepts ----

	@Test
	void guestHypervisorInterceptsBeforeTheSoftwareBelow() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, CPUID).intercept(SvmExitCode.CPUID)
				.below(SvmExitCode.CPUID);
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.CPUID, host.exitCode());
	}

	@Test
	void whatTheGuestHypervisorLetsThroughGoesToTheSoftwareBelowAndBack() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, CPUID + VMMCALL).below(SvmExitCode.CPUID);
		host.runBelow(SvmExitCode.CPUID);
		assertEquals(INNER_CODE, host.state.rip);
		host.state.rip += 2;
		host.svm.saveGuestState(host.below);
		host.resumeBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(2, host.innerOffset());
	}

	@Test
	void exceptionGoesToTheSoftwareBelowFirst() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, UD2)
				.intercept(SvmExitCode.exception(Vector.UD)).below(SvmExitCode.exception(Vector.UD));
		host.runBelow(SvmExitCode.EXCP6);
		assertTrue(host.processor.contexts().exception(Vector.UD, -1, 0), "given back, it is the guest hypervisor's");
		host.svm.saveGuestState(host.below);
		host.resumeBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.EXCP6, host.exitCode());
	}

	@Test
	void tripleFaultIsTheGuestHypervisorsWhereItInterceptsShutdown() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, UD2).intercept(SvmExitCode.SHUTDOWN)
				.below();
		host.vmcb.write(IDTR_LIMIT, 0);
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.SHUTDOWN, host.exitCode());
		host = new GuestHypervisorFixture(VMRUN_HLT, UD2).below();
		host.vmcb.write(IDTR_LIMIT, 0);
		host.runBelow(SvmExitCode.SHUTDOWN);
	}

	@Test
	void unmappedIdtShutsTheGuestDown() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, UD2).intercept(SvmExitCode.SHUTDOWN)
				.nestedPaging().below();
		host.vmcb.write(IDTR_BASE, 0x7fff_0000_0000L);
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.SHUTDOWN, host.exitCode());
	}

	@Test
	void icebpIsNotInterceptedAsDebugException() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "f1")
				.intercept(SvmExitCode.exception(Vector.DB));
		host.memory.put(LongModeMemory.handler(Vector.DB), VMMCALL);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		host = new GuestHypervisorFixture(VMRUN_HLT, "f1").intercept(SvmExitCode.ICEBP);
		host.runToHalt();
		assertEquals(SvmExitCode.ICEBP, host.exitCode());
	}

	@Test
	void lmswTakesTheSelectiveInterceptWhateverItWrites() {
		// smsw %ecx; lmsw %cx
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "0f01e1 0f01f1")
				.intercept(SvmExitCode.CR0_SEL_WRITE);
		host.runToHalt();
		assertEquals(SvmExitCode.CR0_SEL_WRITE, host.exitCode());
		assertEquals(3, host.innerOffset());
	}

	@Test
	void pauseFilterLetsSoManyPausesThrough() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, PAUSE.repeat(5) + VMMCALL)
				.intercept(SvmExitCode.PAUSE);
		host.vmcb.write(PAUSE_FILTER_COUNT, 3);
		host.runToHalt();
		assertEquals(SvmExitCode.PAUSE, host.exitCode());
		assertEquals(6, host.innerOffset());
	}

	@Test
	void pauseFilterGoesOnCountingWhileThePausesAreClose() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT,
				PAUSE.repeat(20) + "90".repeat(20) + PAUSE.repeat(20) + VMMCALL).intercept(SvmExitCode.PAUSE);
		host.vmcb.write(PAUSE_FILTER_COUNT, 21);
		host.vmcb.write(PAUSE_FILTER_THRESHOLD, 1000);
		host.runToHalt();
		assertEquals(SvmExitCode.PAUSE, host.exitCode());
	}

	@Test
	void pauseFilterCountsAnewWhenTheLastPauseIsLongAgo() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT,
				PAUSE.repeat(3) + "90".repeat(20) + PAUSE.repeat(3) + VMMCALL).intercept(SvmExitCode.PAUSE);
		host.vmcb.write(PAUSE_FILTER_COUNT, 3);
		host.vmcb.write(PAUSE_FILTER_THRESHOLD, 10);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
	}

	// ---- events ----

	@Test
	void injectedEventGoesThroughTheGuestsIdtAndIsCleared() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS);
		host.memory.put(LongModeMemory.handler(0x44), VMMCALL);
		host.vmcb.write(EVENTINJ, VALID | 0x44);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(LongModeMemory.handler(0x44), host.vmcb.read(RIP));
		assertEquals(0, host.vmcb.read(EVENTINJ));
		assertEquals(INNER_CODE, host.memory.physical.read(host.vmcb.read(RSP), 8));
	}

	@Test
	void exitDuringInjectionTellsTheEvent() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS)
				.intercept(SvmExitCode.exception(Vector.PF));
		host.memory.unmap(INNER_STACK - 8);
		host.vmcb.write(EVENTINJ, VALID | 0x44);
		host.runToHalt();
		assertEquals(SvmExitCode.EXCP14, host.exitCode());
		assertEquals(VALID | 0x44, host.vmcb.read(EXITINTINFO));
		assertEquals(0, host.innerOffset());
	}

	@Test
	void interruptThatTheGuestHypervisorInterceptsExitsByItsOwnFlag() {
		for (boolean hostFlag : new boolean[] { true, false }) {
			GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS).intercept(SvmExitCode.INTR);
			host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_INTR_MASKING);
			host.state.rflags = hostFlag ? IF | 2 : 2;
			host.below();
			host.processor.setDeadline(3);
			host.runBelow(SvmExitCode.INTR);
			assertEquals(hostFlag, host.processor.contexts().interruptExits());
			assertEquals(hostFlag, host.processor.events().admission.admitsInterrupt());
			if (hostFlag) {
				host.processor.contexts().interrupt(-1);
				assertEquals(3, host.offset());
				assertFalse(host.processor.events().admission.admitsInterrupt(), "GIF is clear");
			}
		}
	}

	@Test
	void windowOfTheSoftwareBelowOpensInTheInnerGuestByTheHostsFlag() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS).intercept(SvmExitCode.INTR);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_INTR_MASKING);
		host.state.rflags = IF | 2;
		host.below(SvmExitCode.VINTR);
		host.state.interruptibility.globalInterruptFlag = false;
		host.svm.saveGuestState(host.below);
		host.below.write(VIRTUAL_INTERRUPT, host.below.read(VIRTUAL_INTERRUPT) | Vmcb.V_IRQ | Vmcb.V_IGN_TPR);
		host.runBelow(SvmExitCode.VINTR);
		assertEquals(INNER_CODE, host.state.rip, "GIF held it off up to VMRUN, which sets it; the guest's IF is clear");
	}

	@Test
	void virtualInterruptOfTheInnerGuestWaitsForItsFlag() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "90 fb 90 90");
		host.memory.put(LongModeMemory.handler(0x55), VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_INTR_MASKING | Vmcb.V_IRQ | 0xfL << 16 | 0x55L << 32);
		host.runToHalt();
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(0, host.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_IRQ);
		assertEquals(INNER_CODE + 3, host.memory.physical.read(host.vmcb.read(RSP), 8), "behind STI's shadow");
	}

	@Test
	void physicalInterruptComesBeforeAVirtualOneOfTheInnerGuest() {
		assertComesBehindTheHosts(Vmcb.V_INTR_MASKING | Vmcb.V_IRQ | 0xfL << 16 | 0x55L << 32, 0x55);
	}

	@Test
	void physicalInterruptComesBeforeAVirtualNmiOfTheInnerGuest() {
		assertComesBehindTheHosts(Vmcb.V_INTR_MASKING | Vmcb.V_NMI_ENABLE | Vmcb.V_NMI, Vector.NMI);
	}

	/** Both are due at the inner guest's first instruction. */
	private static void assertComesBehindTheHosts(long virtual, int vector) {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS).intercept(SvmExitCode.NMI);
		host.memory.put(LongModeMemory.handler(vector), VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, virtual);
		host.vmcb.write(RFLAGS, IF | 2);
		host.below();
		host.processor.setDeadline(host.processor.retired() + 1);
		host.runBelow(SvmExitCode.INTR);
		assertEquals(INNER_CODE, host.state.rip);
		host.processor.setDeadline(Long.MAX_VALUE);
		host.resumeBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(INNER_CODE, host.memory.physical.read(host.vmcb.read(RSP), 8));
	}

	@Test
	void nmiThatTheGuestHypervisorInterceptsStaysRequested() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN + STGI + HLT, NOPS)
				.intercept(SvmExitCode.NMI).below();
		host.below.write(VIRTUAL_INTERRUPT,
				host.below.read(VIRTUAL_INTERRUPT) | Vmcb.V_NMI_ENABLE | Vmcb.V_NMI);
		host.state.interruptibility.globalInterruptFlag = false;
		host.memory.put(LongModeMemory.handler(Vector.NMI), HLT);
		host.svm.saveGuestState(host.below);
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.NMI, host.exitCode());
		assertEquals(LongModeMemory.handler(Vector.NMI), host.state.rip, "taken where GIF is set again");
		assertEquals(LongModeMemory.CODE + 6, host.memory.physical.read(host.state.general[CpuState.RSP], 8));
	}

	@Test
	void virtualNmiIsTakenOnceUntilIret() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS + VMMCALL)
				.intercept(SvmExitCode.NMI);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_NMI_ENABLE | Vmcb.V_NMI);
		host.memory.put(LongModeMemory.handler(Vector.NMI), VMMCALL);
		host.runToHalt();
		assertEquals(LongModeMemory.handler(Vector.NMI), host.vmcb.read(RIP));
		assertEquals(Vmcb.V_NMI_MASK, host.vmcb.read(VIRTUAL_INTERRUPT) & (Vmcb.V_NMI | Vmcb.V_NMI_MASK));
		assertFalse(host.state.interruptibility.blockingByNmi, "the host's NMIs are another thing");
	}

	@Test
	void injectedNmiWithoutVirtualNmisBlocksTheProcessors() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, NOPS);
		host.memory.put(LongModeMemory.handler(Vector.NMI), VMMCALL);
		host.vmcb.write(EVENTINJ, VALID | EventType.NMI << 8 | Vector.NMI);
		host.runToHalt();
		assertTrue(host.state.interruptibility.blockingByNmi);
	}

	// ---- the global interrupt flag ----

	@Test
	void stgiAndClgiOfTheGuestSetItsVirtualFlag() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, STGI + VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_GIF_ENABLE);
		host.runToHalt();
		assertNotEquals(0, host.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_GIF);
		host = new GuestHypervisorFixture(VMRUN_HLT, CLGI + VMMCALL);
		host.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_GIF_ENABLE | Vmcb.V_GIF);
		host.runToHalt();
		assertEquals(0, host.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_GIF);
	}

	@Test
	void traceTrapsComeAndBreakpointsAreDiscardedWhileTheGlobalInterruptFlagIsClear() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(CLGI + LOAD + HLT, "90");
		host.state.dr7 = 0x403 | 3 << 16 | 3 << 18;
		host.state.breakpointAddress[0] = LongModeMemory.SPARE;
		host.processor.stateReplaced();
		host.runToHalt();
		assertEquals(11, host.offset());
		host = new GuestHypervisorFixture(CLGI + NOPS + HLT, "90");
		host.memory.put(LongModeMemory.handler(Vector.DB), HLT);
		host.state.rflags |= TF;
		host.runToHalt();
		assertEquals(LongModeMemory.handler(Vector.DB) + 1, host.state.rip);
	}

	@Test
	void softwareBelowIsTakenNoticeOfWhereTheGlobalInterruptFlagIsSet() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(CLGI + NOPS + STGI + NOPS, "90").below();
		host.processor.events().watchUnblocking();
		host.runBelow(SvmExitCode.INTR);
		assertEquals(10, host.offset());
	}

	// ---- time ----

	@Test
	void timeOfTheGuestIsScaledThenOffset() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "0f31" + VMMCALL);
		host.processor.setTimeStampCounter(1_000_000);
		host.processor.system().modelSpecificRegisters.write(0xc000_0104, 3L << 31);
		host.vmcb.write(TSC_OFFSET, 7);
		host.runToHalt();
		long here = 1_000_000 + 1;
		assertEquals(here * 3 / 2 + 7, host.vmcb.read(RAX));
		assertEquals(1L << 32, new GuestHypervisorFixture(HLT, "90").processor.system().modelSpecificRegisters
				.read(0xc000_0104));
	}

	// ---- branch records ----

	@Test
	void branchesAreRecordedWhileTheFlagIsSet() {
		// mov $1,%eax; wrmsr; jmp +2; two NOPs; xor %eax,%eax; wrmsr; jmp +0
		GuestHypervisorFixture host = new GuestHypervisorFixture("b801000000 0f30 eb02 9090 31c0 0f30 eb00" + HLT,
				"90");
		host.state.general[CpuState.RCX] = 0x1d9;
		host.state.general[CpuState.RDX] = 0;
		host.runToHalt();
		assertEquals(LongModeMemory.CODE + 7, host.state.lastBranchFrom);
		assertEquals(LongModeMemory.CODE + 11, host.state.lastBranchTo);
	}

	@Test
	void exceptionKeepsTheBranchBeforeIt() {
		GuestHypervisorFixture host = new GuestHypervisorFixture("eb02 9090" + UD2, "90");
		host.memory.put(LongModeMemory.handler(Vector.UD), HLT);
		host.state.debugControl = CpuState.DEBUGCTL_LBR;
		host.processor.stateReplaced();
		host.runToHalt();
		assertEquals(LongModeMemory.CODE, host.state.lastExceptionFrom);
		assertEquals(LongModeMemory.CODE + 4, host.state.lastExceptionTo);
		assertEquals(LongModeMemory.CODE + 4, host.state.lastBranchFrom);
		assertEquals(LongModeMemory.handler(Vector.UD), host.state.lastBranchTo);
	}

	@Test
	void branchRecordsOfTheGuestAreItsOwnWhereTheyAreVirtualized() {
		for (boolean virtual : new boolean[] { true, false }) {
			GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, "eb02 9090" + VMMCALL);
			host.vmcb.write(LBR_VIRTUALIZATION_ENABLE, virtual ? Vmcb.LBR_VIRTUALIZATION : 0);
			host.vmcb.write(DBGCTL, CpuState.DEBUGCTL_LBR);
			host.state.debugControl = virtual ? 0 : CpuState.DEBUGCTL_LBR;
			host.state.lastBranchFrom = 0x1234;
			host.processor.stateReplaced();
			host.runToHalt();
			assertEquals(virtual ? 0x1234 : INNER_CODE, host.state.lastBranchFrom);
			assertEquals(virtual ? 0 : CpuState.DEBUGCTL_LBR, host.state.debugControl);
			assertEquals(virtual ? INNER_CODE : 0, host.vmcb.read(BR_FROM));
		}
	}

	@Test
	void singleStepOnBranchesTrapsBehindABranchOnly() {
		GuestHypervisorFixture host = new GuestHypervisorFixture("90 90 eb02 9090" + NOPS, "90");
		host.memory.put(LongModeMemory.handler(Vector.DB), HLT);
		host.state.debugControl = CpuState.DEBUGCTL_BTF;
		host.state.rflags |= TF;
		host.processor.stateReplaced();
		host.runToHalt();
		assertEquals(LongModeMemory.CODE + 6, host.memory.physical.read(host.state.general[CpuState.RSP], 8));
		assertEquals(0, host.state.debugControl, "cleared by the exception");
	}

	// ---- SVM lock ----

	@Test
	void disabledSvmCannotBeEnabledAndLockKeepsItSo() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(HLT, "90");
		ModelSpecificRegisters registers = host.processor.system().modelSpecificRegisters;
		assertThrows(GuestFault.class, () -> registers.write(VM_CR, SVMDIS), "in use");
		host.state.efer &= ~CpuState.EFER_SVME;
		registers.write(SVM_KEY, 0x1234);
		registers.write(VM_CR, SVMDIS | LOCK);
		assertThrows(GuestFault.class, () -> registers.write(0xc000_0080, host.state.efer | CpuState.EFER_SVME));
		registers.write(VM_CR, 0);
		assertEquals(SVMDIS | LOCK, registers.read(VM_CR));
		registers.write(SVM_KEY, 0x4321);
		assertEquals(SVMDIS | LOCK, registers.read(VM_CR));
		registers.write(SVM_KEY, 0x1234);
		registers.write(VM_CR, 0);
		assertEquals(0, registers.read(VM_CR));
		assertEquals(0, registers.read(SVM_KEY));
	}

	@Test
	void hostSaveAreaIsAPage() {
		ModelSpecificRegisters registers = new GuestHypervisorFixture(HLT, "90").processor
				.system().modelSpecificRegisters;
		assertThrows(GuestFault.class, () -> registers.write(0xc001_0117, SAVE_AREA + 8));
		assertThrows(GuestFault.class, () -> registers.write(0xc001_0117, 1L << 50));
	}

	// ---- nested paging ----

	@Test
	void nestedPageFaultGoesToTheGuestHypervisor() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, LOAD).nestedPaging();
		host.mapNested(LongModeMemory.SPARE, 0);
		host.runToHalt();
		assertEquals(SvmExitCode.NPF, host.exitCode());
		assertEquals(4 | 1L << 32, host.vmcb.read(EXITINFO1));
		assertEquals(LongModeMemory.SPARE, host.vmcb.read(EXITINFO2));
	}

	@Test
	void asidKeepsTheInnerGuestsTranslationsOverExits() {
		assertEquals(false, walksAgain(vmcb -> {
			// The same guest.
		}));
		assertEquals(true, walksAgain(vmcb -> vmcb.write(GUEST_ASID, 2)));
		assertEquals(true, walksAgain(vmcb -> vmcb.write(TLB_CONTROL, 1)));
	}

	/** Whether the inner guest's second read of a page sets the accessed flag, which the first one did, again. */
	private static boolean walksAgain(Consumer<Vmcb> change) {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, LOAD + HLT).nestedPaging();
		host.runToHalt();
		long entry = GuestHypervisorFixture.TABLES + 0x3000 + 8 * (LongModeMemory.SPARE >>> 12), accessed = 1 << 5;
		long before = host.memory.physical.read(entry, 8);
		assertEquals(accessed, before & accessed);
		host.memory.physical.write(entry, 8, before & ~accessed);
		host.vmcb.write(RIP, GuestHypervisorFixture.INNER_CODE);
		change.accept(host.vmcb);
		host.state.rip = LongModeMemory.CODE;
		host.state.activity = CpuState.Activity.ACTIVE;
		host.processor.events().stateChanged();
		host.runToHalt();
		return (host.memory.physical.read(entry, 8) & accessed) != 0;
	}

	@Test
	void nestedTranslationsCompose() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, LOAD + VMMCALL).nestedPaging();
		host.mapNested(LongModeMemory.SPARE, 0x12_3000 | 7);
		host.memory.physical.write(0x12_3000, 4, 0x600d);
		host.below();
		host.runBelow(SvmExitCode.HLT);
		assertEquals(SvmExitCode.VMMCALL, host.exitCode());
		assertEquals(0x600d, host.vmcb.read(RAX));
	}

	@Test
	void noExecuteIsReservedInNestedTablesOfAHostWithoutIt() {
		GuestHypervisorFixture host = new GuestHypervisorFixture(VMRUN_HLT, LOAD).nestedPaging();
		host.state.efer &= ~CpuState.EFER_NXE;
		host.mapNested(LongModeMemory.SPARE, LongModeMemory.SPARE | 7 | 1L << 63);
		host.runToHalt();
		assertEquals(SvmExitCode.NPF, host.exitCode());
		assertEquals(1 | 4 | 8 | 1L << 32, host.vmcb.read(EXITINFO1));
	}
}
