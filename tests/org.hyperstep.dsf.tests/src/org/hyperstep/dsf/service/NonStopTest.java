/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerSuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.launch.LaunchedGuest;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Run control of a guest whose virtual CPUs stop and run each for itself. */
@SuppressWarnings("nls")
class NonStopTest {
	private static final int CPUS = 4;

	private static ILaunchConfigurationWorkingCopy relay(Virtualization virtualization, boolean nonStop)
			throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.RELAY);
		LaunchAttributes.CPUS.set(configuration, Integer.valueOf(CPUS));
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		LaunchAttributes.NON_STOP.set(configuration, Boolean.valueOf(nonStop));
		return configuration;
	}

	/** CPU 0 stands at main, the others run, which is: they wait for their start. */
	private static LaunchedGuest atMain(Virtualization virtualization) throws Exception {
		LaunchedGuest guest = LaunchedGuest.debug(relay(virtualization, true));
		assertEquals(guest.guest().cpus().get(0), guest.awaitStop().getDMContext());
		return guest;
	}

	/** All of them stand still: the first where it waits for the others, those where they begin their common work. */
	private static LaunchedGuest allStanding(Virtualization virtualization) throws Exception {
		LaunchedGuest guest = atMain(virtualization);
		LaunchedGuest.await(guest.target().setBreakpoint(new BreakpointLocation.Symbol("processor_main")));
		resume(guest, 0);
		Set<Object> arrived = new HashSet<>();
		for (int i = 1; i < CPUS; i++) {
			ISuspendedDMEvent stop = guest.awaitStop();
			assertFalse(stop instanceof IContainerSuspendedDMEvent, "in non-stop mode a CPU stops, not the guest");
			assertEquals(StateChangeReason.BREAKPOINT, stop.getReason());
			arrived.add(stop.getDMContext());
		}
		assertEquals(new HashSet<Object>(guest.guest().cpus().subList(1, CPUS)), arrived);
		assertEquals(cpus(1, 2, 3), suspended(guest));
		GuestRunControl runControl = guest.service(GuestRunControl.class);
		guest.order(rm -> runControl.suspend(guest.guest().cpus().get(0), rm));
		assertEquals(guest.guest().cpus().get(0), guest.awaitStop().getDMContext());
		return guest;
	}

	private static void resume(LaunchedGuest guest, int cpu) throws Exception {
		GuestRunControl runControl = guest.service(GuestRunControl.class);
		guest.order(rm -> runControl.resume(guest.guest().cpus().get(cpu), rm));
	}

	private static BitSet suspended(LaunchedGuest guest) throws Exception {
		GuestRunControl runControl = guest.service(GuestRunControl.class);
		return guest.query((DataRequestMonitor<BitSet> rm) -> {
			BitSet found = new BitSet();
			guest.guest().cpus().stream().filter(runControl::isSuspended).forEach(vcpu -> found.set(vcpu.cpu()));
			rm.done(found);
		});
	}

	private static BitSet cpus(int... numbers) {
		BitSet set = new BitSet();
		for (int number : numbers) {
			set.set(number);
		}
		return set;
	}

	@ParameterizedTest
	@EnumSource
	void theFirstStopIsOfTheFirstCpuAlone(Virtualization virtualization) throws Exception {
		try (LaunchedGuest guest = atMain(virtualization)) {
			assertTrue(guest.target().nonStop());
			assertEquals(cpus(0), suspended(guest));
			assertEquals("main", guest.function());
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			assertFalse(guest.query((DataRequestMonitor<Boolean> rm) -> rm
					.done(Boolean.valueOf(runControl.isSuspended(guest.guest().context())))).booleanValue());
		}
	}

	@ParameterizedTest
	@EnumSource
	void oneCpuIsSteppedWhileAnotherRuns(Virtualization virtualization) throws Exception {
		try (LaunchedGuest guest = allStanding(virtualization)) {
			resume(guest, 3);
			assertEquals(cpus(0, 1, 2), suspended(guest));
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			VcpuDMContext second = guest.guest().cpus().get(1);
			for (int i = 0; i < 20; i++) {
				guest.order(rm -> runControl.step(second, StepType.INSTRUCTION_STEP_INTO, rm));
				ISuspendedDMEvent stop = guest.awaitStop();
				assertEquals(second, stop.getDMContext());
				assertEquals(StateChangeReason.STEP, stop.getReason());
				assertEquals(cpus(0, 1, 2), suspended(guest));
			}
			guest.order(rm -> runControl.suspend(guest.guest().cpus().get(3), rm));
			assertEquals(guest.guest().cpus().get(3), guest.awaitStop().getDMContext());
			assertEquals(cpus(0, 1, 2, 3), suspended(guest));
		}
	}

	@Test
	void theGuestAsAWholeIsResumedAndSuspended() throws Exception {
		try (LaunchedGuest guest = allStanding(Virtualization.VMX)) {
			resume(guest, 2);
			guest.resume();
			assertEquals(cpus(), suspended(guest));
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			guest.order(rm -> runControl.suspend(guest.guest().context(), rm));
			for (int i = 0; i < CPUS; i++) {
				assertEquals(StateChangeReason.USER_REQUEST, guest.awaitStop().getReason());
			}
			assertEquals(cpus(0, 1, 2, 3), suspended(guest));
		}
	}

	@Test
	void severalSelectedCpusMoveTogetherAndTheOthersStand() throws Exception {
		try (LaunchedGuest guest = allStanding(Virtualization.SVM)) {
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			IExecutionDMContext[] two = { guest.guest().cpus().get(1), guest.guest().cpus().get(2) };
			guest.order(rm -> runControl.resume(two, rm));
			assertEquals(cpus(0, 3), suspended(guest));
			assertTrue(guest.query((DataRequestMonitor<Boolean> rm) -> runControl.canSuspendAll(two, rm)));
			assertFalse(guest.query((DataRequestMonitor<Boolean> rm) -> runControl.isSuspendedSome(two, rm)));
			guest.order(rm -> runControl.suspend(two, rm));
			guest.awaitStop();
			guest.awaitStop();
			assertTrue(guest.query((DataRequestMonitor<Boolean> rm) -> runControl.isSuspendedAll(two, rm)));
		}
	}

	@Test
	void theModeChangesWhileAllCpusStandStill() throws Exception {
		try (LaunchedGuest guest = allStanding(Virtualization.VMX)) {
			resume(guest, 3);
			Exception refusal = assertThrows(Exception.class,
					() -> LaunchedGuest.await(guest.target().setNonStop(false)));
			assertTrue(String.valueOf(refusal.getMessage()).contains("CPU 3 is running"), refusal.getMessage());
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			guest.order(rm -> runControl.suspend(guest.guest().cpus().get(3), rm));
			guest.awaitStop();
			LaunchedGuest.await(guest.target().setNonStop(false));
			resume(guest, 1);
			assertEquals(cpus(), suspended(guest));
			guest.order(rm -> runControl.suspend(guest.guest().cpus().get(2), rm));
			assertInstanceOf(IContainerSuspendedDMEvent.class, guest.awaitStop());
			assertEquals(cpus(0, 1, 2, 3), suspended(guest));
			LaunchedGuest.await(guest.target().setNonStop(true));
			resume(guest, 1);
			assertEquals(cpus(0, 2, 3), suspended(guest));
		}
	}

	@Test
	void registersOfAStandingCpuAreThereWhileAnotherRuns() throws Exception {
		try (LaunchedGuest guest = allStanding(Virtualization.VMX)) {
			resume(guest, 0);
			GuestRegisters registers = guest.service(GuestRegisters.class);
			long there = LaunchedGuest.await(registers.file(guest.guest().cpus().get(1))).value("rip");
			assertEquals(guest.address("processor_main"), there);
			Exception refusal = assertThrows(Exception.class,
					() -> LaunchedGuest.await(registers.file(guest.guest().cpus().get(0))));
			assertTrue(String.valueOf(refusal.getMessage()).contains("CPU 0 is running"), refusal.getMessage());
		}
	}

	@Test
	void inAllStopModeOneCpusBreakpointStopsTheGuest() throws Exception {
		try (LaunchedGuest guest = LaunchedGuest.debug(relay(Virtualization.VMX, false))) {
			assertInstanceOf(IContainerSuspendedDMEvent.class, guest.awaitStop());
			assertEquals(cpus(0, 1, 2, 3), suspended(guest));
			GuestRunControl runControl = guest.service(GuestRunControl.class);
			guest.order(rm -> runControl.resume(guest.guest().cpus().get(2), rm));
			assertEquals(cpus(), suspended(guest));
			CoreException refusal = assertThrows(CoreException.class,
					() -> guest.order(rm -> runControl.resume(guest.vcpu(), rm)));
			assertTrue(refusal.getMessage().contains("runs already"), refusal.getMessage());
		}
	}
}
