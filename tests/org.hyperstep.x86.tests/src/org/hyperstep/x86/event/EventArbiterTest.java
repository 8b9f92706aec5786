/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.EventArbiter.Boundary;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.ProcessorModel.Level;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.hyperstep.x86.system.SystemFixture;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class EventArbiterTest {
	private static final int INTERRUPT_GATE = 0x8e;
	private static final long DEBUG = 0x6000, NMI = 0x6100, INTERRUPT = 0x6200;

	private final SystemFixture fixture = new SystemFixture();
	private final CpuState state = fixture.state;
	private final EventArbiter events = fixture.unit.events;
	private boolean requested;

	@BeforeEach
	void handlers() {
		fixture.protectedMode(0).gate32(1, SystemFixture.CODE32, DEBUG, INTERRUPT_GATE)
				.gate32(2, SystemFixture.CODE32, NMI, INTERRUPT_GATE)
				.gate32(0x40, SystemFixture.CODE32, INTERRUPT, INTERRUPT_GATE);
		events.setInterruptSource(new InterruptSource() {
			@Override
			public boolean interruptRequested() {
				return requested;
			}

			@Override
			public int acknowledge() {
				requested = false;
				return 0x40;
			}
		});
	}

	private void request() {
		requested = true;
		events.interruptLineChanged();
	}

	private void setFlag(long flag) {
		state.rflags |= flag;
		events.stateChanged();
	}

	/** An instruction of one byte that does {@code effect}. */
	private void instruction(Runnable effect) {
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		effect.run();
		state.rip++;
		events.instructionCompleted();
	}

	private void nop() {
		instruction(() -> {
			// nothing
		});
	}

	@Test
	void nothingToDoMeansNoAttention() {
		assertEquals(0, events.attention);
		assertEquals(Boundary.FREE, events.boundary());
	}

	@Test
	void trapFlagTrapsAfterEachInstruction() {
		setFlag(CpuState.TF);
		nop();
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(DEBUG, state.rip);
		assertEquals(0xffff4ff0L, state.dr6);
		assertEquals(0x8001, fixture.stacked(0, 4));
	}

	@Test
	void popfThatSetsTrapFlagTrapsAfterTheNextInstruction() {
		fixture.unit.flagInstructions.popFlags(CpuState.TF | 2, 32);
		state.rip++;
		events.instructionCompleted();
		nop();
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void popfThatClearsTrapFlagStillTraps() {
		setFlag(CpuState.TF);
		instruction(() -> fixture.unit.flagInstructions.popFlags(2, 32));
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0x8001, fixture.stacked(0, 4));
	}

	@Test
	void faultingInstructionDoesNotTrap() {
		fixture.gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT_GATE);
		setFlag(CpuState.TF);
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		events.deliverFault(fixture.unit.fault.generalProtection(0));
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(0x7000, state.rip);
		assertEquals(0xffff0ff0L, state.dr6);
	}

	@Test
	void softwareInterruptUnderTrapFlagDoesNotTrap() {
		setFlag(CpuState.TF);
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		events.delivery.softwareInterrupt(0x40, 0x8002);
		events.instructionCompleted();
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(INTERRUPT, state.rip);
		assertEquals(CpuState.TF, fixture.stacked(2, 4) & CpuState.TF);
	}

	@Test
	void stiDelaysTheInterruptByOneInstruction() {
		request();
		assertEquals(0, events.attention, "IF=0");
		fixture.unit.flagInstructions.sti();
		state.rip++;
		events.instructionCompleted();
		nop();
		events.boundary();
		assertEquals(INTERRUPT, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void secondStiDoesNotExtendTheShadow() {
		request();
		fixture.unit.flagInstructions.sti();
		state.rip++;
		events.instructionCompleted();
		instruction(fixture.unit.flagInstructions::sti);
		events.boundary();
		assertEquals(INTERRUPT, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void stiCliTakesNoInterrupt() {
		request();
		fixture.unit.flagInstructions.sti();
		state.rip++;
		events.instructionCompleted();
		instruction(fixture.unit.flagInstructions::cli);
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(0x8002, state.rip);
	}

	@Test
	void stiDoesNotDelayTheSingleStepTrap() {
		setFlag(CpuState.TF);
		instruction(fixture.unit.flagInstructions::sti);
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0x8001, fixture.stacked(0, 4));
	}

	@Test
	void movSsShadowDelaysSingleStepTrap() {
		setFlag(CpuState.TF);
		instruction(events::blockByMovSs);
		nop();
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void movSsShadowDelaysInterruptsAndNmis() {
		setFlag(CpuState.IF);
		events.blockByMovSs();
		state.rip++;
		events.instructionCompleted();
		request();
		events.assertNmi();
		nop();
		events.boundary();
		assertEquals(NMI, state.rip, "NMI comes before INTR");
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void secondMovSsDoesNotExtendTheShadow() {
		setFlag(CpuState.IF);
		events.blockByMovSs();
		state.rip++;
		events.instructionCompleted();
		request();
		instruction(events::blockByMovSs);
		events.boundary();
		assertEquals(INTERRUPT, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void dataBreakpointUnderMovSsIsDeliveredAfterTheNextInstruction() {
		state.breakpointAddress[0] = 0x5000;
		state.dr7 = 0x400 | 1 | 3 << 16;
		fixture.unit.mmu.breakpointsChanged();
		events.stateChanged();
		instruction(() -> {
			fixture.unit.mmu.read8(0x5000);
			events.blockByMovSs();
		});
		nop();
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0xffff0ff1L, state.dr6);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void softwareInterruptUnderMovSsIsFollowedByThePendingTrap() {
		state.breakpointAddress[0] = 0x5000;
		state.dr7 = 0x400 | 1 | 3 << 16;
		fixture.unit.mmu.breakpointsChanged();
		events.stateChanged();
		instruction(() -> {
			fixture.unit.mmu.read8(0x5000);
			events.blockByMovSs();
		});
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		events.delivery.softwareInterrupt(0x40, 0x8003);
		events.instructionCompleted();
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(INTERRUPT, fixture.stacked(0, 4));
	}

	@Test
	void dataBreakpointOfAFaultingInstructionIsLost() {
		fixture.gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT_GATE);
		state.breakpointAddress[0] = 0x5000;
		state.dr7 = 0x400 | 1 | 3 << 16;
		fixture.unit.mmu.breakpointsChanged();
		events.stateChanged();
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		fixture.unit.mmu.read8(0x5000);
		events.deliverFault(fixture.unit.fault.generalProtection(0));
		events.boundary();
		assertEquals(0x7000, state.rip);
	}

	@Test
	void executionBreakpointFaultsBeforeTheInstructionUnlessRf() {
		state.breakpointAddress[3] = 0x8000;
		state.dr7 = 0x400 | 1 << 7;
		events.stateChanged();
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(0x8000, fixture.stacked(0, 4));
		assertEquals(0xffff0ff8L, state.dr6);
		state.rip = 0x8000;
		setFlag(CpuState.RF);
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		assertEquals(0x8000, state.rip);
		state.rip++;
		events.instructionCompleted();
		assertEquals(0, state.rflags & CpuState.RF);
	}

	/** "Segmentation in IA-32e Mode": linear addresses of compatibility mode have 32 bits, as those of legacy mode. */
	@Test
	void executionBreakpointIsMetWhereLinearAddressesWrapInCompatibilityMode() {
		SystemFixture compatible = new SystemFixture().longMode(0).gate64(1, SystemFixture.CODE64, DEBUG,
				INTERRUPT_GATE, 0);
		compatible.state.segments[CpuState.CS].set(SystemFixture.CODE32, 0xffff_f000L, 0xffff_ffffL, 0xc09b);
		compatible.state.rip = 0x9000;
		compatible.state.breakpointAddress[0] = 0x8000;
		compatible.state.dr7 = 0x400 | 1;
		compatible.unit.events.stateChanged();
		compatible.unit.events.boundary();
		assertEquals(DEBUG, compatible.state.rip);
	}

	@Test
	void executionBreakpointIsMetByRegistersThatAreLoadedInTheMiddleOfARepeatedInstruction() {
		state.breakpointAddress[3] = 0x8000;
		state.dr7 = 0x400 | 1 << 7;
		events.betweenIterations();
		state.rip = 0x8000;
		events.stateReplaced();
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		assertEquals(DEBUG, state.rip);
	}

	@Test
	void executionBreakpointUnderMovSsIsHeldOffByIntelsProcessors() {
		assertEquals(Boundary.ONE_INSTRUCTION, boundaryUnderMovSsWithBreakpoint(fixture));
		assertEquals(0x8000, state.rip);
	}

	@Test
	void executionBreakpointUnderMovSsIsTakenByAmdsProcessors() {
		SystemFixture amd = new SystemFixture(ProcessorModel.of(Vendor.AMD, Level.V3, 0, 1));
		amd.protectedMode(0).gate32(1, SystemFixture.CODE32, DEBUG, INTERRUPT_GATE);
		boundaryUnderMovSsWithBreakpoint(amd);
		assertEquals(DEBUG, amd.state.rip);
		assertEquals(0x8000, amd.stacked(0, 4));
		assertEquals(0xffff0ff1L, amd.state.dr6);
		assertEquals(Shadow.NONE, amd.state.interruptibility.shadow);
	}

	private static Boundary boundaryUnderMovSsWithBreakpoint(SystemFixture processor) {
		processor.state.rip = 0x8000;
		processor.state.breakpointAddress[0] = 0x8000;
		processor.state.dr7 = 0x400 | 1;
		processor.state.interruptibility.shadow = Shadow.MOV_SS;
		processor.unit.events.stateChanged();
		return processor.unit.events.boundary();
	}

	@Test
	void resumeFlagLoadedByIretStaysForOneInstruction() {
		state.rflags |= CpuState.RF;
		events.resumeFlagLoaded();
		events.instructionCompleted();
		assertEquals(CpuState.RF, state.rflags & CpuState.RF);
		nop();
		assertEquals(0, state.rflags & CpuState.RF);
	}

	@Test
	void debugTrapComesBeforeNmiAndInterrupt() {
		setFlag(CpuState.TF | CpuState.IF);
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		request();
		events.assertNmi();
		state.rip++;
		events.instructionCompleted();
		events.boundary();
		// all three, innermost last: the #DB's handler was interrupted by the NMI at its first instruction
		assertEquals(NMI, state.rip);
		assertEquals(DEBUG, fixture.stacked(0, 4));
		assertTrue(requested, "IF is clear in the handlers");
	}

	@Test
	void haltWaitsForAnInterrupt() {
		setFlag(CpuState.IF);
		fixture.unit.privilegedInstructions.hlt(1);
		state.rip++;
		events.instructionCompleted();
		assertEquals(Boundary.IDLE, events.boundary());
		request();
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(INTERRUPT, state.rip);
		assertEquals(Activity.ACTIVE, state.activity);
		assertEquals(0x8001, fixture.stacked(0, 4));
	}

	@Test
	void haltWithInterruptsOffWakesByNmiOnly() {
		fixture.unit.privilegedInstructions.hlt(1);
		state.rip++;
		events.instructionCompleted();
		request();
		assertEquals(Boundary.IDLE, events.boundary());
		events.assertNmi();
		events.boundary();
		assertEquals(NMI, state.rip);
	}

	@Test
	void stiHltTakesTheInterruptAfterHlt() {
		request();
		fixture.unit.flagInstructions.sti();
		state.rip++;
		events.instructionCompleted();
		instruction(() -> fixture.unit.privilegedInstructions.hlt(1));
		events.boundary();
		assertEquals(INTERRUPT, state.rip);
		assertEquals(0x8002, fixture.stacked(0, 4));
	}

	@Test
	void singleStepOverHltTrapsAndWakes() {
		setFlag(CpuState.TF);
		instruction(() -> fixture.unit.privilegedInstructions.hlt(1));
		events.boundary();
		assertEquals(DEBUG, state.rip);
		assertEquals(Activity.ACTIVE, state.activity);
	}

	@Test
	void hostInterruptEndsPlainOperationOnce() {
		events.assertHostInterrupt();
		assertEquals(Boundary.HOST_INTERRUPT, events.boundary());
		assertEquals(Boundary.FREE, events.boundary());
	}

	// ---- guest mode ----

	/** Exits at what it is named for. */
	private static final class Guest implements Interception {
		String exit = "";

		private void leave(String why) {
			exit = why;
			throw VmExit.SIGNAL;
		}

		@Override
		public @Nullable VmExit monitorTrap() {
			exit = "monitor trap";
			return VmExit.SIGNAL;
		}

		@Override
		public void interruptWindow() {
			leave("interrupt window");
		}

		@Override
		public void nmiWindow() {
			leave("NMI window");
		}

		@Override
		public @Nullable VmExit hostInterrupt() {
			exit = "host interrupt";
			return VmExit.SIGNAL;
		}
	}

	private Guest enter() {
		Guest guest = new Guest();
		requested = false;
		fixture.unit.setInterception(guest);
		return guest;
	}

	/** Windows leave by an exception, for they may deliver an event instead. */
	private Boundary boundary() {
		try {
			return events.boundary();
		} catch (VmExit exit) {
			return Boundary.EXIT;
		}
	}

	private void assertExit(Guest guest, String why) {
		assertEquals(Boundary.EXIT, boundary());
		assertEquals(why, guest.exit);
	}

	@Test
	void monitorTrapExitsBehindOneInstruction() {
		Guest guest = enter();
		events.armMonitorTrap(true);
		nop();
		assertExit(guest, "monitor trap");
		assertEquals(0x8001, state.rip);
	}

	@Test
	void monitorTrapExitsAtTheHandlerOfAnInjectedEvent() {
		Guest guest = enter();
		events.armMonitorTrap(true);
		events.delivery.inject(0x40, EventType.EXTERNAL_INTERRUPT, GuestFault.NO_ERROR_CODE, 0);
		assertExit(guest, "monitor trap");
		assertEquals(INTERRUPT, state.rip);
	}

	@Test
	void monitorTrapExitsAtTheHandlerOfAFault() {
		fixture.gate32(13, SystemFixture.CODE32, 0x7000, INTERRUPT_GATE);
		Guest guest = enter();
		events.armMonitorTrap(true);
		assertEquals(Boundary.ONE_INSTRUCTION, events.boundary());
		events.deliverFault(fixture.unit.fault.generalProtection(0));
		assertExit(guest, "monitor trap");
		assertEquals(0x7000, state.rip);
	}

	@Test
	void monitorTrapComesBeforeTheGuestsOwnTrap() {
		Guest guest = enter();
		events.armMonitorTrap(true);
		setFlag(CpuState.TF);
		nop();
		assertExit(guest, "monitor trap");
		assertEquals(0x8001, state.rip);
		assertEquals(Interruptibility.BS, state.interruptibility.pendingDebugExceptions);
	}

	@Test
	void injectedMonitorTrapIsDueBeforeTheFirstInstruction() {
		Guest guest = enter();
		events.monitorTrapDue();
		assertExit(guest, "monitor trap");
		assertEquals(0x8000, state.rip);
	}

	@Test
	void interruptWindowWaitsForIfAndShadows() {
		Guest guest = enter();
		events.armInterruptWindow(true);
		assertEquals(Boundary.FREE, events.boundary());
		fixture.unit.flagInstructions.sti();
		state.rip++;
		events.instructionCompleted();
		nop();
		assertExit(guest, "interrupt window");
		assertEquals(0x8002, state.rip);
	}

	@Test
	void interruptWindowThatIsOpenExitsAtOnce() {
		Guest guest = enter();
		setFlag(CpuState.IF);
		events.armInterruptWindow(true);
		assertExit(guest, "interrupt window");
		assertEquals(0x8000, state.rip);
	}

	@Test
	void nmiWindowWaitsForTheEndOfBlocking() {
		Guest guest = enter();
		state.interruptibility.blockingByNmi = true;
		events.armNmiWindow(true);
		assertEquals(Boundary.FREE, events.boundary());
		state.interruptibility.blockingByNmi = false;
		events.stateChanged();
		assertExit(guest, "NMI window");
	}

	@Test
	void hostInterruptIsTakenWhateverTheGuestBlocks() {
		Guest guest = enter();
		state.interruptibility.shadow = Shadow.MOV_SS;
		events.stateReplaced();
		events.assertHostInterrupt();
		assertExit(guest, "host interrupt");
		assertEquals(Shadow.MOV_SS, state.interruptibility.shadow);
	}

	@Test
	void hostInterruptIsTakenAfterTheDeliveryOfAnInjectedEvent() {
		Guest guest = enter();
		events.assertHostInterrupt();
		events.delivery.inject(0x40, EventType.EXTERNAL_INTERRUPT, GuestFault.NO_ERROR_CODE, 0);
		assertExit(guest, "host interrupt");
		assertEquals(INTERRUPT, state.rip);
	}

	@Test
	void clearGlobalInterruptFlagHoldsTheMachinesEventsOff() {
		setFlag(CpuState.IF);
		state.interruptibility.globalInterruptFlag = false;
		request();
		events.assertNmi();
		assertEquals(Boundary.FREE, events.boundary());
		assertEquals(0x8000, state.rip);
	}

	@Test
	void hostInterruptIsNotTheGuestsAndIsTakenWithItsGlobalInterruptFlagClear() {
		state.interruptibility.globalInterruptFlag = false;
		events.assertHostInterrupt();
		assertEquals(Boundary.HOST_INTERRUPT, events.boundary());
	}
}
