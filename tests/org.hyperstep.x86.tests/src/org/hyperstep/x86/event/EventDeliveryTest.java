/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.SystemFixture;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class EventDeliveryTest {
	private static final int INTERRUPT = 0x8e, TRAP = 0x8f, USER_INTERRUPT = 0xee;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final EventArbiter events = fixture.unit.events;
	private final EventDelivery delivery = events.delivery;
	private final GuestFault fault = fixture.unit.fault;

	// ---- real mode ----

	@Test
	void realModePushesThreeWordsAndNoErrorCode() {
		state.segments[CpuState.CS].set(0x100, 0x1000, 0xffff, 0x9b);
		state.rip = 0x123;
		state.idtrBase = 0;
		state.idtrLimit = 0x3ff;
		state.rflags = 0x46 | CpuState.IF | CpuState.TF | CpuState.AC;
		state.general[CpuState.RSP] = 0x8000;
		fixture.memory.write(13 * 4, 4, 0x2000_0456);
		events.deliverFault(fault.generalProtection(0));
		assertEquals(0x456, state.rip);
		assertEquals(0x2000, state.segments[CpuState.CS].selector);
		assertEquals(0x20000, state.segments[CpuState.CS].base);
		assertEquals(0x7ffa, state.general[CpuState.RSP]);
		assertEquals(0x123, fixture.stacked(0, 2));
		assertEquals(0x100, fixture.stacked(1, 2));
		assertEquals(0x46 | CpuState.IF | CpuState.TF, fixture.stacked(2, 2));
		assertEquals(0x46, state.rflags);
	}

	@Test
	void realModeVectorBeyondTheLimitShutsDown() {
		state.idtrLimit = 0;
		delivery.hardwareInterrupt(8);
		assertEquals(CpuState.Activity.SHUTDOWN, state.activity);
	}

	// ---- protected mode ----

	@Test
	void interruptGateOfTheSameLevelClearsInterruptFlagAndTrapGateDoesNot() {
		fixture.protectedMode(0).gate32(0x40, SystemFixture.CODE32, 0x12_3456, INTERRUPT)
				.gate32(0x41, SystemFixture.CODE32, 0x5000, TRAP);
		state.rflags |= CpuState.IF | CpuState.TF | CpuState.NT;
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x12_3456, state.rip);
		assertEquals(2, state.rflags);
		assertEquals(0x9000 - 12, state.general[CpuState.RSP]);
		assertEquals(0x8000, fixture.stacked(0, 4));
		assertEquals(2 | CpuState.IF | CpuState.TF | CpuState.NT, fixture.stacked(2, 4));
		state.rflags |= CpuState.IF;
		delivery.hardwareInterrupt(0x41);
		assertEquals(CpuState.IF, state.rflags & CpuState.IF);
	}

	@Test
	void innerLevelTakesItsStackFromTheTss() {
		fixture.protectedMode(3).gate32(0x80, SystemFixture.CODE32, 0x6000, USER_INTERRUPT);
		fixture.memory.write(SystemFixture.TSS + 4, 4, 0xa000);
		fixture.memory.write(SystemFixture.TSS + 8, 4, SystemFixture.DATA);
		delivery.softwareInterrupt(0x80, 0x8002);
		assertEquals(0, state.cpl);
		assertEquals(SystemFixture.DATA, state.segments[CpuState.SS].selector);
		assertEquals(SystemFixture.CODE32, state.segments[CpuState.CS].selector);
		assertEquals(0xa000 - 20, state.general[CpuState.RSP]);
		assertEquals(0x8002, fixture.stacked(0, 4));
		assertEquals(SystemFixture.USER_CODE32 | 3, fixture.stacked(1, 4));
		assertEquals(0x9000, fixture.stacked(3, 4));
		assertEquals(SystemFixture.USER_DATA | 3, fixture.stacked(4, 4));
	}

	@Test
	void sixteenBitGatePushesWords() {
		fixture.protectedMode(0).gate32(0x40, SystemFixture.CODE32, 0xbeef_6000L, 0x86);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x6000, state.rip);
		assertEquals(0x9000 - 6, state.general[CpuState.RSP]);
	}

	@Test
	void softwareInterruptNeedsTheGatesLevelAndHardwareDoesNot() {
		fixture.protectedMode(3).gate32(0x40, SystemFixture.CODE32, 0x6000, INTERRUPT)
				.gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT);
		fixture.memory.write(SystemFixture.TSS + 4, 4, 0xa000);
		fixture.memory.write(SystemFixture.TSS + 8, 4, SystemFixture.DATA);
		delivery.softwareInterrupt(0x40, 0x8002);
		assertEquals(0x7000, state.rip);
		assertEquals(0x40 * 8 + 2, fixture.stacked(0, 4), "IDT bit, and no EXT");
		assertEquals(0x8000, fixture.stacked(1, 4), "the fault returns to INT n itself");
		fixture.protectedMode(3);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x6000, state.rip);
	}

	@Test
	void missingGateOfAnInterruptSetsExt() {
		fixture.protectedMode(0).gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT)
				.gate32(11, SystemFixture.CODE32, 0x7100, INTERRUPT)
				.gate32(0x41, SystemFixture.CODE32, 0x5000, INTERRUPT & 0x7f);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x40 * 8 + 3, fixture.stacked(0, 4));
		delivery.hardwareInterrupt(0x41);
		assertEquals(0x7100, state.rip);
		assertEquals(0x41 * 8 + 3, fixture.stacked(0, 4));
	}

	@Test
	void virtual8086LeavesItsSegmentsOnTheInnerStack() {
		fixture.protectedMode(3).gate32(0x40, SystemFixture.CODE32, 0x6000, INTERRUPT);
		fixture.memory.write(SystemFixture.TSS + 4, 4, 0xa000);
		fixture.memory.write(SystemFixture.TSS + 8, 4, SystemFixture.DATA);
		state.rflags |= CpuState.VM | CpuState.IF;
		for (int i = 0; i < 6; i++) {
			state.segments[i].set(0x1230 + i, 0x12300 + i * 16, 0xffff, 0xf3);
		}
		delivery.hardwareInterrupt(0x40);
		assertEquals(0xa000 - 36, state.general[CpuState.RSP]);
		assertEquals(0x1230 + CpuState.ES, fixture.stacked(5, 4));
		assertEquals(0x1230 + CpuState.DS, fixture.stacked(6, 4));
		assertEquals(0x1230 + CpuState.FS, fixture.stacked(7, 4));
		assertEquals(0x1230 + CpuState.GS, fixture.stacked(8, 4));
		assertTrue(state.segments[CpuState.DS].unusable());
		assertFalse(state.virtual8086());
		assertEquals(0, state.cpl);
	}

	// ---- 64-bit mode ----

	@Test
	void longModeAlignsTheStackAndAlwaysPushesIt() {
		fixture.longMode(0).gate64(14, SystemFixture.CODE64, 0x12_3456, INTERRUPT, 0);
		state.general[CpuState.RSP] = 0x9008;
		events.deliverFault(fault.raise(Vector.PF, 2, 0x1234_5678));
		assertEquals(0x12_3456, state.rip);
		assertEquals(0x1234_5678, state.cr2);
		assertEquals(0x9000 - 48, state.general[CpuState.RSP]);
		assertEquals(2, fixture.stacked(0, 8));
		assertEquals(0x8000, fixture.stacked(1, 8));
		assertEquals(CpuState.RF | 2, fixture.stacked(3, 8), "faults push RF");
		assertEquals(0x9008, fixture.stacked(4, 8));
	}

	@Test
	void interruptStackTableIsUsedOnTheSameLevelToo() {
		fixture.longMode(0).gate64(8, SystemFixture.CODE64, 0x6000, INTERRUPT, 3);
		fixture.memory.write(SystemFixture.TSS + 36 + 16, 8, 0xb000);
		delivery.hardwareInterrupt(8);
		assertEquals(0xb000 - 40, state.general[CpuState.RSP]);
	}

	@Test
	void changeOfLevelInLongModeLoadsANullStackSegment() {
		fixture.longMode(3).gate64(0x40, SystemFixture.CODE64, 0x6000, INTERRUPT, 0);
		fixture.memory.write(SystemFixture.TSS + 4, 8, 0xa000);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0, state.segments[CpuState.SS].selector);
		assertTrue(state.segments[CpuState.SS].unusable());
		assertEquals(0, state.cpl);
		assertEquals(0xa000 - 40, state.general[CpuState.RSP]);
		assertEquals(SystemFixture.USER_DATA | 3, fixture.stacked(4, 8));
	}

	@Test
	void longModeGateNeedsALongCodeSegment() {
		fixture.longMode(0).gate64(0x40, SystemFixture.CODE32, 0x6000, INTERRUPT, 0).gate64(13,
				SystemFixture.CODE64, 0x7000, INTERRUPT, 0);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x7000, state.rip);
		assertEquals(SystemFixture.CODE32 | 1, fixture.stacked(0, 8));
	}

	// ---- RF, DR6, NMI ----

	@Test
	void instructionBreakpointPushesNoRfAndGeneralDetectDoes() {
		fixture.protectedMode(0).gate32(1, SystemFixture.CODE32, 0x6000, INTERRUPT);
		events.deliverFault(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, 2));
		assertEquals(2, fixture.stacked(2, 4));
		assertEquals(0xffff0ff2L, state.dr6);
		state.dr7 |= 1 << 13;
		events.deliverFault(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, 1 << 13));
		assertEquals(CpuState.RF | 2, fixture.stacked(2, 4));
		assertEquals(0xffff2ff0L, state.dr6);
		state.dr6 |= 1 << 14;
		events.deliverFault(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, 4));
		assertEquals(0xffff6ff4L, state.dr6, "B3 to B0 are those of this exception, the rest stays");
		assertEquals(0x400, state.dr7, "GD is cleared by delivery");
	}

	@Test
	void trapBetweenIterationsPushesRf() {
		fixture.protectedMode(0).gate32(1, SystemFixture.CODE32, 0x6000, INTERRUPT);
		state.interruptibility.pendingDebugExceptions = Interruptibility.BS;
		events.stateReplaced();
		events.betweenIterations();
		events.boundary();
		assertEquals(0x6000, state.rip);
		assertEquals(CpuState.RF | 2, fixture.stacked(2, 4));
	}

	@Test
	void nmiBlocksNmis() {
		fixture.protectedMode(0).gate32(2, SystemFixture.CODE32, 0x6000, INTERRUPT);
		events.assertNmi();
		events.boundary();
		assertEquals(0x6000, state.rip);
		state.rip = 0x8000;
		events.assertNmi();
		events.boundary();
		assertEquals(0x8000, state.rip);
		assertEquals(0, events.attention);
	}

	// ---- combinations ----

	@Test
	void contributoryAfterContributoryIsADoubleFault() {
		fixture.protectedMode(0).gate32(8, SystemFixture.CODE32, 0x6000, INTERRUPT);
		// #GP finds no gate: #GP again.
		events.deliverFault(fault.generalProtection(0x18));
		assertEquals(0x6000, state.rip);
		assertEquals(0, fixture.stacked(0, 4));
		assertEquals(0x8000, fixture.stacked(1, 4));
	}

	@Test
	void benignExceptionsAndInterruptsAreFollowedByTheSecond() {
		fixture.protectedMode(0).gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT);
		events.deliverFault(fault.undefinedInstruction());
		assertEquals(0x7000, state.rip);
		assertEquals(6 * 8 + 3, fixture.stacked(0, 4));
	}

	@Test
	void faultDuringDoubleFaultShutsDown() {
		fixture.protectedMode(0);
		List<String> log = new ArrayList<>();
		fixture.unit.setInterception(new Recorder(log));
		events.deliverFault(fault.generalProtection(0));
		assertEquals(CpuState.Activity.SHUTDOWN, state.activity);
		assertEquals(EventArbiter.Boundary.SHUTDOWN, events.boundary());
		assertEquals(List.of("exception 13 0", "begins 13 3", "exception 8 0", "begins 8 3", "triple"), log);
	}

	@Test
	void pageFaultDuringPageFaultIsADoubleFault() {
		fixture.longMode(3).gate64(14, SystemFixture.CODE64, 0x6000, INTERRUPT, 0).gate64(8, SystemFixture.CODE64,
				0x7000, INTERRUPT, 1);
		fixture.memory.write(SystemFixture.TSS + 4, 8, 0x20_1000);
		fixture.memory.write(SystemFixture.TSS + 36, 8, 0xb000);
		fixture.map(0x20_0000, 0, 0);
		events.deliverFault(fault.raise(Vector.PF, 4, 0x5555));
		assertEquals(0x7000, state.rip);
		assertEquals(0x5555, state.cr2, "the second #PF became #DF before CR2 was loaded");
	}

	@Test
	void pageFaultDuringAnInterruptIsDeliveredAsItself() {
		fixture.longMode(3).gate64(0x40, SystemFixture.CODE64, 0x6000, INTERRUPT, 0).gate64(14,
				SystemFixture.CODE64, 0x7000, INTERRUPT, 1);
		fixture.memory.write(SystemFixture.TSS + 4, 8, 0x20_1000);
		fixture.memory.write(SystemFixture.TSS + 36, 8, 0xb000);
		fixture.map(0x20_0000, 0, 0);
		delivery.hardwareInterrupt(0x40);
		assertEquals(0x7000, state.rip);
		assertEquals(0x20_0ff8, state.cr2);
		assertEquals(2, fixture.stacked(0, 8), "a supervisor write");
	}

	// ---- intercepts ----

	@Test
	void exitDuringDeliveryLeavesTheRegisters() {
		fixture.protectedMode(3).gate32(0x40, SystemFixture.CODE32, 0x6000, INTERRUPT);
		fixture.unit.setInterception(new Interception() {
			@Override
			public void deliveryBegins(int vector, int type, int errorCode, int instructionLength) {
				throw VmExit.SIGNAL;
			}
		});
		assertThrows(VmExit.class, () -> delivery.hardwareInterrupt(0x40));
		assertEquals(0x8000, state.rip);
		assertEquals(0x9000, state.general[CpuState.RSP]);
		assertEquals(3, state.cpl);
	}

	@Test
	void interceptedExceptionsLeaveCr2AndDr6() {
		fixture.protectedMode(0);
		fixture.unit.setInterception(new Interception() {
			@Override
			public void exception(int vector, int errorCode, long payload, boolean software) {
				throw VmExit.SIGNAL;
			}
		});
		assertThrows(VmExit.class, () -> events.deliverFault(fault.raise(Vector.PF, 0, 99)));
		assertThrows(VmExit.class,
				() -> events.deliverFault(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, 1)));
		assertEquals(0, state.cr2);
		assertEquals(0xffff0ff0L, state.dr6);
	}

	@Test
	void injectionAsksNoInterceptAndAddsTheLengthOfSoftwareEvents() {
		List<String> log = new ArrayList<>();
		fixture.protectedMode(0).gate32(3, SystemFixture.CODE32, 0x6000, INTERRUPT).gate32(13, SystemFixture.CODE32,
				0x7000, INTERRUPT);
		fixture.unit.setInterception(new Recorder(log));
		delivery.inject(3, EventType.SOFTWARE_EXCEPTION, GuestFault.NO_ERROR_CODE, 1);
		assertEquals(0x8001, fixture.stacked(0, 4));
		delivery.inject(13, EventType.HARDWARE_EXCEPTION, 0x1234, 7);
		assertEquals(0x1234, fixture.stacked(0, 4));
		assertEquals(0x6000, fixture.stacked(1, 4));
		assertEquals(List.of("begins 3 6", "ends", "begins 13 3", "ends"), log);
	}

	@Test
	void icebpTakesWaitingDebugTrapsWithIt() {
		fixture.protectedMode(0).gate32(1, SystemFixture.CODE32, 0x6000, INTERRUPT);
		state.interruptibility.pendingDebugExceptions = Interruptibility.ENABLED_BREAKPOINT | 1;
		state.interruptibility.shadow = Interruptibility.Shadow.MOV_SS;
		events.stateReplaced();
		assertEquals(EventArbiter.Boundary.ONE_INSTRUCTION, events.boundary());
		delivery.icebp(0x8001);
		events.instructionCompleted();
		assertEquals(0x6000, state.rip);
		assertEquals(0x8001, fixture.stacked(0, 4));
		assertEquals(0xffff0ff1L, state.dr6);
		events.boundary();
		assertEquals(0x6000, state.rip, "one #DB only");
	}

	@Test
	void amdAndIntelDeliverAlike() {
		SystemFixture amd = new SystemFixture(ProcessorModel.amd(0, 1));
		amd.longMode(0).gate64(0x40, SystemFixture.CODE64, 0x6000, INTERRUPT, 0);
		amd.unit.events.delivery.hardwareInterrupt(0x40);
		assertEquals(0x6000, amd.state.rip);
	}

	private record Recorder(List<String> log) implements Interception {
		@Override
		public void exception(int vector, int errorCode, long payload, boolean software) {
			log.add("exception " + vector + " " + errorCode);
		}

		@Override
		public void deliveryBegins(int vector, int type, int errorCode, int instructionLength) {
			log.add("begins " + vector + " " + type);
		}

		@Override
		public void deliveryEnds() {
			log.add("ends");
		}

		@Override
		public void tripleFault() {
			log.add("triple");
		}
	}
}
