/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.IDsfStatusConstants;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMData;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMData2;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMContext;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMData;
import org.eclipse.cdt.utils.Addr64;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.hyperstep.debug.EventJournal;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.LaunchSetting;
import org.hyperstep.dsf.launch.LaunchedGuest;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of a guest that a timer interrupts every few hundred instructions, made through run control. */
@SuppressWarnings("nls")
class SteppingTest {
	private static final List<String> PROGRAM = List.of("main", "compute", "fill_buffer", "crc32", "count_primes");
	private static final long PROMPT_NANOS = 100_000_000;

	@AfterEach
	void preferencesAsTheyCome() {
		for (StepSetting setting : StepSetting.values()) {
			HypervisorPreferences.set(setting, setting.defaultValue());
		}
	}

	private static LaunchedGuest inCompute(ILaunchConfigurationWorkingCopy configuration) throws Exception {
		LaunchedGuest guest = LaunchedGuest.debug(configuration);
		guest.awaitStop();
		guest.runTo("compute");
		return guest;
	}

	private static ILaunchConfigurationWorkingCopy ticker(Virtualization virtualization) throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		return configuration;
	}

	private static StopEvent.StepDone stepDone(LaunchedGuest guest, StepType type) throws Exception {
		assertEquals(StateChangeReason.STEP, guest.step(type).getReason());
		GuestRunControl runControl = guest.service(GuestRunControl.class);
		return assertInstanceOf(StopEvent.StepDone.class, runControl.lastStop().orElseThrow());
	}

	@ParameterizedTest
	@EnumSource
	void fiftyMaskedStepsStayInTheProgram(Virtualization virtualization) throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(virtualization))) {
			for (int i = 0; i < 50; i++) {
				StopEvent.StepDone done = stepDone(guest, StepType.INSTRUCTION_STEP_INTO);
				assertEquals(-1, done.enteredVector());
				assertEquals(done.linear(), guest.rip());
				assertTrue(PROGRAM.contains(guest.function()), guest.function());
			}
		}
	}

	@ParameterizedTest
	@EnumSource
	void anUnmaskedStepEntersTheHandlerAndSaysSo(Virtualization virtualization) throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(virtualization))) {
			untilAnInterruptIsHeldBack(guest);
			guest.launch().setMasking(false);
			StopEvent.StepDone done = stepDone(guest, StepType.INSTRUCTION_STEP_INTO);
			assertEquals(guest.address("timer_entry"), done.linear());
			assertTrue(done.enteredVector() >= 32);
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			IExecutionDMData data = guest.query(
					(DataRequestMonitor<IExecutionDMData> rm) -> runControl.getExecutionData(guest.vcpu(), rm));
			String details = assertInstanceOf(IExecutionDMData2.class, data).getDetails();
			assertTrue(details.contains("0x" + Integer.toHexString(done.enteredVector())), details);
		}
	}

	private static void untilAnInterruptIsHeldBack(LaunchedGuest guest) throws Exception {
		for (int i = 0; i < 1000; i++) {
			if (!LaunchedGuest.await(guest.target().pendingEvents(0)).isEmpty()) {
				return;
			}
			stepDone(guest, StepType.INSTRUCTION_STEP_INTO);
		}
		Assertions.fail("no interrupt in 1000 steps");
	}

	/** Views ask behind a stop, when the guest may have gone on already. */
	@Test
	void theInnermostFrameIsThatOfTheStopUntilTheSessionHearsOfMore() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker(Virtualization.VMX);
		LaunchAttributes.COMMAND_LINE.set(configuration, "forever");
		try (LaunchedGuest guest = inCompute(configuration)) {
			GuestStack stack = guest.service(GuestStack.class);
			IFrameDMContext top = guest
					.query((DataRequestMonitor<IFrameDMContext> rm) -> stack.getTopFrame(guest.vcpu(), rm));
			IFrameDMData data = guest.query((DataRequestMonitor<IFrameDMData> rm) -> {
				guest.target().resume().join();
				stack.getFrameData(top, rm);
			});
			assertEquals("compute", data.getFunction());
			assertEquals(guest.address("compute"), data.getAddress().getValue().longValue());
			assertTrue(data.getFile().endsWith("ticker/ticker.c"));
			CoreException refusal = assertThrows(CoreException.class, () -> guest
					.query((DataRequestMonitor<IFrameDMData> rm) -> stack.getFrameData(top, rm)));
			assertEquals(IDsfStatusConstants.INVALID_STATE, refusal.getStatus().getCode());
		}
	}

	@Test
	void aChangedPreferenceHoldsForALiveSessionAtOnce() throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(Virtualization.VMX))) {
			untilAnInterruptIsHeldBack(guest);
			HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, false);
			assertEquals(guest.address("timer_entry"), stepDone(guest, StepType.INSTRUCTION_STEP_INTO).linear());
			HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, true);
			LaunchedGuest.await(guest.target().statistics());
			assertTrue(guest.target().policy().masks());
		}
	}

	@Test
	void aLaunchsOwnSettingBeatsThePreference() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker(Virtualization.VMX);
		StepSetting.MASK_INTERRUPTS.attribute().set(configuration, LaunchSetting.OFF);
		try (LaunchedGuest guest = inCompute(configuration)) {
			assertFalse(guest.target().policy().masks());
			HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, false);
			HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, true);
			LaunchedGuest.await(guest.target().statistics());
			assertFalse(guest.target().policy().masks());
		}
	}

	@Test
	void whatTheWorkspaceLetsThroughIsLetThroughInALiveSessionAtOnce() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker(Virtualization.VMX);
		StepSetting.LET_SMI_THROUGH.attribute().set(configuration, LaunchSetting.OFF);
		try (LaunchedGuest guest = inCompute(configuration)) {
			HypervisorPreferences.set(StepSetting.LET_NMI_THROUGH, true);
			HypervisorPreferences.set(StepSetting.LET_SMI_THROUGH, true);
			HypervisorPreferences.set(StepSetting.MASK_DURING_STEP_OVER, true);
			LaunchedGuest.await(guest.target().statistics());
			StepPolicy policy = guest.target().policy();
			assertTrue(policy.maskInterrupts());
			assertFalse(policy.maskNmi());
			assertTrue(policy.maskSmi(), "the launch says otherwise");
			assertTrue(policy.maskDuringStepOver());
			guest.launch().setMasking(false);
			guest.launch().setMasking(true);
			LaunchedGuest.await(guest.target().statistics());
			assertEquals(policy, guest.target().policy(), "the toggle keeps what is let through");
			LaunchedGuest.await(guest.target().raise(0, PendingEvent.Kind.NMI, 0));
			assertEquals(PendingEvent.Reason.DELIVERABLE,
					LaunchedGuest.await(guest.target().pendingEvents(0)).get(0).reason());
		}
	}

	@Test
	void theJournalKeepsAsMuchAsTheLaunchSays() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = ticker(Virtualization.VMX);
		LaunchAttributes.JOURNAL_SIZE.set(configuration, "1M");
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			guest.awaitStop();
			assertTrue(guest.target().journal().capacity() * EventJournal.RECORD_BYTES < 2 << 20);
		}
	}

	@ParameterizedTest
	@EnumSource
	void linesAreSteppedOverIntoAndOutOf(Virtualization virtualization) throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(virtualization))) {
			stepDone(guest, StepType.STEP_OVER);
			int call = line(guest);
			stepDone(guest, StepType.STEP_OVER);
			assertEquals("compute", guest.function());
			assertTrue(line(guest) > call);
			stepDone(guest, StepType.STEP_INTO);
			assertEquals("crc32", guest.function());
			stepDone(guest, StepType.STEP_RETURN);
			assertEquals("compute", guest.function());
		}
	}

	private static int line(LaunchedGuest guest) throws Exception {
		return guest.target().symbols().sourceAt(guest.rip()).orElseThrow().line();
	}

	@Test
	void runToLineAndToAddressStopThere() throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(Virtualization.VMX))) {
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			long primes = guest.address("count_primes");
			guest.order(rm -> runControl.runToAddress(guest.vcpu(), new Addr64(Long.toString(primes)), false, rm));
			guest.awaitStop();
			assertEquals(primes, guest.rip());
			int line = line(guest) + 3;
			guest.order(rm -> runControl.runToLine(guest.vcpu(), "ticker/ticker.c", line, false, rm));
			guest.awaitStop();
			assertTrue(line(guest) >= line);
		}
	}

	@Test
	void moveToAddressMovesTheInstructionPointerAndTellsViews() throws Exception {
		try (LaunchedGuest guest = inCompute(ticker(Virtualization.VMX))) {
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			long crc = guest.address("crc32");
			guest.order(rm -> runControl.moveToAddress(guest.vcpu(), new Addr64(Long.toString(crc)), false, rm));
			guest.awaitStop();
			assertEquals("crc32", guest.function());
		}
	}

	@Test
	void aRunningGuestRefusesToMoveWithAMessage() throws Exception {
		try (LaunchedGuest guest = LaunchedGuest.atMain(Sample.DEAD_LOOP)) {
			guest.resume();
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			CoreException refusal = Assertions.assertThrows(CoreException.class,
					() -> guest.order(rm -> runControl.step(guest.vcpu(), StepType.INSTRUCTION_STEP_INTO, rm)));
			assertTrue(refusal.getMessage().contains("runs already"), refusal.getMessage());
		}
	}

	@ParameterizedTest
	@EnumSource
	void aDeadLoopIsSuspendedWithin100Milliseconds(Virtualization virtualization) throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.DEAD_LOOP);
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			guest.awaitStop();
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			List<Long> times = new ArrayList<>();
			for (int i = 0; i < 9; i++) {
				guest.resume();
				long start = System.nanoTime();
				guest.order(rm -> runControl.suspend(guest.vcpu(), rm));
				assertEquals(StateChangeReason.USER_REQUEST, guest.awaitStop().getReason());
				times.add(System.nanoTime() - start);
			}
			times.sort(null);
			assertTrue(times.get(times.size() / 2) < PROMPT_NANOS, times + " ns");
		}
	}
}
