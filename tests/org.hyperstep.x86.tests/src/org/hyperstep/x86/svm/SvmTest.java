/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.state.CpuState.IF;
import static org.hyperstep.x86.state.CpuState.TF;
import static org.hyperstep.x86.svm.VmcbField.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.HashSet;
import java.util.Set;

import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.LongModeMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** VMRUN, intercepts, injection, virtual interrupts and nested paging of an SVM guest. */
@SuppressWarnings("nls")
class SvmTest {
	private static final String NOPS = "90 90 90 90", HLT = "f4", STI = "fb", INT_80 = "cd80", UD2 = "0f0b",
			LOAD = "8b042500001000";
	private static final long VALID = 1L << 31, BS = 1 << 14;

	private static void virtualInterrupt(SvmFixture guest, int vector, int priority, long more) {
		guest.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_IRQ | (long) priority << 16 | (long) vector << 32 | more);
	}

	// ---- virtual interrupts ----

	@Test
	void virtualInterruptIsTakenThroughTheIdt() {
		SvmFixture guest = new SvmFixture(NOPS + HLT);
		guest.flags(IF);
		virtualInterrupt(guest, 0x50, 5, 0);
		guest.run(SvmExitCode.HLT);
		assertEquals(0, guest.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_IRQ);
		assertEquals(4 + 2, guest.processor.retired(), "four NOPs, and the handler's two instructions");
	}

	@Test
	void virtualInterruptExitsBeforeItIsTakenWhenIntercepted() {
		SvmFixture guest = new SvmFixture(NOPS);
		guest.vmcb.intercept(SvmExitCode.VINTR, true);
		guest.flags(IF);
		virtualInterrupt(guest, 0, 0, Vmcb.V_IGN_TPR);
		guest.run(SvmExitCode.VINTR);
		assertEquals(0, guest.offset());
		assertNotEquals(0, guest.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_IRQ);
	}

	@Test
	void virtualInterruptWaitsForItsPriority() {
		SvmFixture guest = new SvmFixture(NOPS + HLT);
		guest.flags(IF);
		virtualInterrupt(guest, 0x50, 5, 5);
		guest.run(SvmExitCode.HLT);
		assertNotEquals(0, guest.vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_IRQ);
	}

	@Test
	void interruptShadowHoldsVirtualInterruptsOffForOneInstruction() {
		SvmFixture guest = new SvmFixture(STI + NOPS);
		guest.vmcb.intercept(SvmExitCode.VINTR, true);
		virtualInterrupt(guest, 0, 0, Vmcb.V_IGN_TPR);
		guest.run(SvmExitCode.VINTR);
		assertEquals(2, guest.offset());
	}

	@Test
	void virtualNmiWaitsForIret() {
		SvmFixture guest = new SvmFixture(NOPS + HLT);
		guest.vmcb.intercept(SvmExitCode.NMI, true);
		guest.vmcb.write(VIRTUAL_INTERRUPT, Vmcb.V_NMI_ENABLE | Vmcb.V_NMI);
		guest.vmcb.write(EVENTINJ, VALID | EventType.NMI << 8 | Vector.NMI);
		guest.run(SvmExitCode.HLT);
		assertEquals(0, guest.vmcb.read(VIRTUAL_INTERRUPT) & (Vmcb.V_NMI | Vmcb.V_NMI_MASK));
		assertEquals(4 + 2 + 2, guest.processor.retired(), "the handler ran twice, one after the other");
	}

	@Test
	void hostInterruptIsTakenBeforeTheFirstInstruction() {
		SvmFixture guest = new SvmFixture(NOPS);
		guest.runAndLeaveAtOnce(SvmExitCode.INTR);
		assertEquals(0, guest.offset());
	}

	// ---- injection ----

	@Test
	void injectedInterruptIsDeliveredThenTheHostInterruptIsTaken() {
		SvmFixture guest = new SvmFixture(NOPS);
		guest.vmcb.write(EVENTINJ, VALID | 0x44);
		guest.runAndLeaveAtOnce(SvmExitCode.INTR);
		assertEquals(LongModeMemory.handler(0x44), guest.state.rip);
		assertEquals(0, guest.vmcb.read(EVENTINJ));
	}

	@Test
	void injectedSoftwareInterruptPushesNextRip() {
		SvmFixture guest = new SvmFixture(INT_80);
		guest.vmcb.write(EVENTINJ, VALID | EventType.SOFTWARE_INTERRUPT << 8 | 0x80);
		guest.vmcb.write(NRIP, LongModeMemory.CODE + 2);
		guest.runAndLeaveAtOnce(SvmExitCode.INTR);
		assertEquals(LongModeMemory.CODE + 2, guest.memory.physical.read(guest.state.general[CpuState.RSP], 8));
	}

	@Test
	void exitDuringDeliveryRecordsTheEvent() {
		SvmFixture guest = new SvmFixture(INT_80);
		guest.memory.unmap(LongModeMemory.STACK - 8);
		guest.vmcb.intercept(SvmExitCode.exception(Vector.PF), true);
		guest.run(SvmExitCode.exception(Vector.PF));
		assertEquals(VALID | EventType.SOFTWARE_INTERRUPT << 8 | 0x80, guest.vmcb.read(EXITINTINFO));
		assertEquals(LongModeMemory.STACK - 40 & ~0xfffL, guest.vmcb.read(EXITINFO2) & ~0xfffL);
	}

	// ---- intercepts ----

	@Test
	void interceptedDebugExceptionHasWrittenDr6() {
		SvmFixture guest = new SvmFixture(NOPS);
		guest.state.dr6 = 0xffff8ff1L;
		guest.vmcb.intercept(SvmExitCode.exception(Vector.DB), true);
		guest.flags(TF);
		guest.run(SvmExitCode.exception(Vector.DB));
		assertEquals(0xffff8ff0L | BS, guest.vmcb.read(DR6), "B3 to B0 are updated, the rest accumulates");
		assertEquals(1, guest.offset());
	}

	@Test
	void interceptedInstructionTellsTheNextRip() {
		SvmFixture guest = new SvmFixture("0fa2");
		guest.run(SvmExitCode.CPUID);
		assertEquals(LongModeMemory.CODE + 2, guest.vmcb.read(NRIP));
	}

	@Test
	void interceptedInstructionInTheMidstOfABlockTellsTheNextRip() {
		SvmFixture guest = new SvmFixture(NOPS + "f390");
		guest.vmcb.intercept(SvmExitCode.PAUSE, true);
		guest.run(SvmExitCode.PAUSE);
		assertEquals(4, guest.offset());
		assertEquals(guest.vmcb.read(RIP) + 2, guest.vmcb.read(NRIP));
	}

	@Test
	void interceptedSoftwareInterruptTellsItsVector() {
		SvmFixture guest = new SvmFixture(INT_80);
		guest.vmcb.intercept(SvmExitCode.SWINT, true);
		guest.run(SvmExitCode.SWINT);
		assertEquals(0x80, guest.vmcb.read(EXITINFO1));
	}

	@Test
	void pushfPopfAndIretHaveInterceptsOfTheirOwn() {
		for (SvmExitCode code : new SvmExitCode[] { SvmExitCode.PUSHF, SvmExitCode.POPF, SvmExitCode.IRET }) {
			SvmFixture guest = new SvmFixture(
					code == SvmExitCode.PUSHF ? "9c" : code == SvmExitCode.POPF ? "9d" : "48cf");
			guest.vmcb.intercept(code, true);
			guest.run(code);
			assertEquals(0, guest.offset());
		}
	}

	@Test
	void movCrInterceptNamesTheGeneralRegister() {
		SvmFixture guest = new SvmFixture("440f22c0");
		guest.vmcb.intercept(SvmExitCode.CR8_WRITE, true);
		guest.run(SvmExitCode.CR8_WRITE);
		assertEquals(1L << 63, guest.vmcb.read(EXITINFO1));
	}

	@Test
	void selectiveCr0WriteLetsTsThrough() {
		SvmFixture guest = new SvmFixture("0f22c3 0f22c1");
		guest.vmcb.intercept(SvmExitCode.CR0_SEL_WRITE, true);
		guest.state.general[CpuState.RBX] = guest.state.cr0 | CpuState.CR0_TS;
		guest.state.general[CpuState.RCX] = guest.state.cr0 | CpuState.CR0_WP;
		guest.run(SvmExitCode.CR0_SEL_WRITE);
		assertEquals(3, guest.offset());
	}

	@Test
	void portInterceptDescribesTheAccess() {
		SvmFixture guest = new SvmFixture("66ba3412 66ed");
		guest.vmcb.intercept(SvmExitCode.IOIO, true);
		guest.vmcb.write(IOPM_BASE_PA, 0x20_0000);
		guest.memory.physical.write(0x20_0000 + 0x1234 / 8, 1, 0xff);
		guest.run(SvmExitCode.IOIO);
		long information = guest.vmcb.read(EXITINFO1);
		assertEquals(1, information & 0xf, "IN, neither string nor repeated");
		assertEquals(1 << 5, information & 7 << 4, "16 bits");
		assertEquals(1 << 9, information & 7 << 7, "64-bit addresses");
		assertEquals(0x1234, information >>> 16);
		assertEquals(LongModeMemory.CODE + 6, guest.vmcb.read(EXITINFO2));
	}

	@Test
	void msrPermissionMapChoosesMsrs() {
		SvmFixture guest = new SvmFixture("b9820000c0 0f32 0f30");
		guest.vmcb.intercept(SvmExitCode.MSR, true);
		guest.vmcb.write(MSRPM_BASE_PA, 0x20_0000);
		guest.memory.physical.write(0x20_0000 + 0x800 + 0x82 * 2 / 8, 1, 1 << 5);
		guest.run(SvmExitCode.MSR);
		assertEquals(1, guest.vmcb.read(EXITINFO1));
		assertEquals(7, guest.offset());
	}

	@Test
	void shutdownExits() {
		SvmFixture guest = new SvmFixture(UD2);
		guest.state.idtrLimit = 0;
		guest.store();
		guest.run(SvmExitCode.SHUTDOWN);
	}

	// ---- nested paging ----

	@Test
	void nestedPageFaultTellsAccessAndAddress() {
		SvmFixture guest = new SvmFixture(LOAD);
		NestedTables tables = new NestedTables(guest);
		tables.set(LongModeMemory.SPARE, 0);
		guest.run(SvmExitCode.NPF);
		assertEquals(4 | 1L << 32, guest.vmcb.read(EXITINFO1), "user read, not present, final address");
		assertEquals(LongModeMemory.SPARE, guest.vmcb.read(EXITINFO2));
		assertEquals(15, guest.vmcb.read(INSTRUCTION_BYTES_LOW) & 0xff);
		assertEquals(0x25_048bL, guest.vmcb.read(INSTRUCTION_BYTES_LOW) >>> 8 & 0xff_ffff_ffffL);
	}

	@Test
	void nestedPageFaultOfTheGuestsTableWalkIsAWrite() {
		SvmFixture guest = new SvmFixture(LOAD);
		new NestedTables(guest).set(LongModeMemory.PT, 0);
		guest.run(SvmExitCode.NPF);
		assertEquals(2 | 4 | 1L << 33, guest.vmcb.read(EXITINFO1));
	}

	/** Nested paging structures that map the guest's memory one to one. */
	private static final class NestedTables {
		private static final long ROOT = 0x20_4000;
		private final SvmFixture guest;

		NestedTables(SvmFixture guest) {
			this.guest = guest;
			guest.memory.physical.write(ROOT, 8, ROOT + 0x1000 | 7);
			guest.memory.physical.write(ROOT + 0x1000, 8, ROOT + 0x2000 | 7);
			guest.memory.physical.write(ROOT + 0x2000, 8, ROOT + 0x3000 | 7);
			for (int page = 0; page < 512; page++) {
				set((long) page << 12, 7);
			}
			guest.vmcb.write(NP_ENABLE, 1);
			guest.vmcb.write(N_CR3, ROOT);
			guest.vmcb.write(G_PAT, guest.state.pat);
		}

		void set(long page, int bits) {
			guest.memory.physical.write(ROOT + 0x3000 + (page >> 12) * 8, 8, bits == 0 ? 0 : page | bits);
		}
	}

	// ---- consistency checks ----

	/** One field that breaks one rule. */
	private enum Inconsistent {
		SVME_CLEAR(EFER, CpuState.EFER_LME | CpuState.EFER_LMA), NOT_WRITE_THROUGH_WITH_CACHE(CR0, 0x2000_0000L),
		CR0_UPPER_HALF(CR0, 1L << 32), CR4_RESERVED(CR4, 1L << 40), DR6_UPPER_HALF(DR6, 1L << 32),
		DR7_UPPER_HALF(DR7, 1L << 32), EFER_RESERVED(EFER, 1L << 40 | 1 << 12), PAE_MISSING(CR4, 0),
		LONG_AND_DEFAULT(CS_ATTRIB, 0xe9b), ASID_ZERO(GUEST_ASID, 0), VMRUN_INTERCEPT_MISSING(INTERCEPT_MISC2, 0),
		INJECTED_TYPE_RESERVED(EVENTINJ, 1L << 31 | 1 << 8 | 0x30),
		INJECTED_EXCEPTION_IS_NMI(EVENTINJ, 1L << 31 | 3 << 8 | 2);

		private final VmcbField field;
		private final long value;

		Inconsistent(VmcbField field, long value) {
			this.field = field;
			this.value = value;
		}
	}

	@ParameterizedTest
	@EnumSource
	void inconsistentStateIsRefused(Inconsistent row) {
		SvmFixture guest = new SvmFixture(HLT);
		guest.vmcb.write(row.field, row.value);
		guest.run(SvmExitCode.INVALID);
	}

	// ---- tables ----

	@Test
	void fieldsDoNotOverlap() {
		Set<Integer> bytes = new HashSet<>();
		for (VmcbField field : VmcbField.values()) {
			for (int i = 0; i < field.bytes(); i++) {
				assertEquals(true, bytes.add(field.offset() + i), field.name());
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void exitCodesAreFoundAgain(SvmExitCode code) {
		assertEquals(code, SvmExitCode.of(code.number()));
	}

	@Test
	void interceptVectorsRunInStepWithExitCodes() {
		Vmcb vmcb = new Vmcb();
		vmcb.intercept(SvmExitCode.INTR, true);
		vmcb.intercept(SvmExitCode.VMRUN, true);
		vmcb.intercept(SvmExitCode.CR8_WRITE, true);
		assertEquals(1, vmcb.read(INTERCEPT_MISC1));
		assertEquals(1, vmcb.read(INTERCEPT_MISC2));
		assertEquals(1L << 24, vmcb.read(INTERCEPT_CR));
	}
}
