/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMContext;
import org.eclipse.cdt.dsf.debug.service.IStack.IFrameDMData;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.debug.core.DebugEvent;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IDebugEventSetListener;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.IProcess;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Virtualization;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.service.GuestStack;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** From a launch configuration to the end of a session. */
@SuppressWarnings("nls")
class GuestLaunchTest {
	private static final long PATIENCE_MILLIS = 10_000;

	@ParameterizedTest
	@EnumSource
	void debuggingStopsInMainBehindItsPrologue(Virtualization virtualization) throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			guest.awaitStop();
			IFrameDMData frame = topFrame(guest);
			assertEquals("main", frame.getFunction());
			assertTrue(frame.getFile().endsWith("ticker/ticker.c"), frame.getFile());
			assertEquals(guest.target().symbols().afterPrologue("main").orElseThrow(), guest.rip());
			assertTrue(guest.target().name().contains(virtualization.name()), guest.target().name());
		}
	}

	private static IFrameDMData topFrame(LaunchedGuest guest) throws Exception {
		GuestStack stack = guest.service(GuestStack.class);
		IFrameDMContext top = guest.query(rm -> stack.getTopFrame(guest.vcpu(), rm));
		return guest.query(rm -> stack.getFrameData(top, rm));
	}

	@Test
	void withoutASymbolItStandsBeforeTheFirstInstruction() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		LaunchAttributes.STOP_AT.set(configuration, "");
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			assertInstanceOf(StopEvent.Ready.class, guest.runControl().lastStop().orElseThrow());
			assertEquals(0, LaunchedGuest.await(guest.target().statistics()).retired());
		}
	}

	@Test
	void aSymbolThatTheImageLacksIsToldInTheConsole() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		LaunchAttributes.STOP_AT.set(configuration, "no_such_symbol");
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			assertInstanceOf(StopEvent.Ready.class, guest.runControl().lastStop().orElseThrow());
			String told = String.valueOf(guest.process().getAttribute(GuestProcess.ATTR_TOLD));
			assertTrue(told.contains("no_such_symbol"), told);
		}
	}

	@Test
	void terminateEndsProcessSessionAndLaunch() throws Exception {
		LaunchedGuest guest = LaunchedGuest.atMain(Sample.TICKER);
		String session = guest.launch().session().getId();
		CompletableFuture<IProcess> terminated = terminationOf(guest.process());
		assertTrue(guest.launch().canTerminate());
		guest.launch().terminate();
		assertFalse(guest.launch().canTerminate());
		guest.events().awaitExit();
		LaunchedGuest.await(guest.launch().ended());
		LaunchedGuest.await(terminated);
		assertTrue(guest.launch().isTerminated());
		assertFalse(DsfSession.isSessionActive(session));
		assertEquals(ExitStatus.Kind.TERMINATED, guest.target().exitStatus().orElseThrow().kind());
		assertEquals(0, guest.process().getExitValue());
		guest.close();
	}

	private static CompletableFuture<IProcess> terminationOf(IProcess process) {
		CompletableFuture<IProcess> terminated = new CompletableFuture<>();
		IDebugEventSetListener listener = events -> Arrays.stream(events)
				.filter(event -> event.getKind() == DebugEvent.TERMINATE && event.getSource() == process)
				.forEach(event -> terminated.complete(process));
		DebugPlugin.getDefault().addDebugEventListener(listener);
		if (process.isTerminated()) {
			terminated.complete(process);
		}
		return terminated.whenComplete(
				(ended, failure) -> DebugPlugin.getDefault().removeDebugEventListener(listener));
	}

	@Test
	void terminateEndsARunningGuest() throws Exception {
		LaunchedGuest guest = LaunchedGuest.atMain(Sample.DEAD_LOOP);
		guest.resume();
		guest.launch().terminate();
		LaunchedGuest.await(guest.launch().ended());
		guest.close();
	}

	@Test
	void twoSessionsAtOnceDoNotDisturbEachOther() throws Exception {
		try (LaunchedGuest one = LaunchedGuest.atMain(Sample.TICKER);
				LaunchedGuest other = LaunchedGuest.atMain(Sample.TICKER_DWARF4)) {
			other.runTo("compute");
			assertEquals("main", one.function());
			assertEquals("compute", other.function());
			one.launch().terminate();
			LaunchedGuest.await(one.launch().ended());
			other.runTo("crc32");
			assertEquals("crc32", other.function());
		}
	}

	@Test
	void theEndOfEclipseEndsAllSessions() throws Exception {
		LaunchedGuest suspended = LaunchedGuest.atMain(Sample.TICKER);
		LaunchedGuest running = LaunchedGuest.atMain(Sample.DEAD_LOOP);
		running.resume();
		LiveLaunches.closeAll();
		assertEquals(0, LiveLaunches.count());
		assertTrue(suspended.launch().isTerminated());
		assertTrue(running.launch().isTerminated());
		assertEquals(List.of(), engineThreads());
		suspended.close();
		running.close();
	}

	/** The engine's threads that go on; one that has ended its work may take a moment to be gone. */
	private static List<Thread> engineThreads() throws InterruptedException {
		List<Thread> threads = Thread.getAllStackTraces().keySet().stream()
				.filter(thread -> thread.getName().startsWith("Hyperstep ") && thread.getName().endsWith(".elf"))
				.toList();
		for (Thread thread : threads) {
			thread.join(PATIENCE_MILLIS);
		}
		return threads.stream().filter(Thread::isAlive).toList();
	}

	@ParameterizedTest
	@EnumSource
	void tripleFaultIsAStopWithItsState(Virtualization virtualization) throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TRIPLE_FAULT);
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		try (LaunchedGuest guest = LaunchedGuest.debug(configuration)) {
			guest.awaitStop();
			guest.resume();
			assertEquals(StateChangeReason.EXCEPTION, guest.awaitStop().getReason());
			StopEvent stop = guest.runControl().lastStop().orElseThrow();
			assertInstanceOf(StopEvent.TripleFault.class, stop);
			assertEquals(stop.linear(), guest.rip());
		}
	}

	@ParameterizedTest
	@EnumSource
	void runningGoesToTheGuestsOwnEnd(Virtualization virtualization) throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		LaunchAttributes.VIRTUALIZATION.set(configuration, virtualization);
		try (LaunchedGuest guest = LaunchedGuest.launch(configuration, ILaunchManager.RUN_MODE)) {
			IProcess process = guest.process();
			LaunchedGuest.await(guest.launch().ended());
			LaunchedGuest.await(terminationOf(process));
			StringBuilder output = new StringBuilder();
			guest.target().serial().addSink(bytes -> output.append(new String(bytes, StandardCharsets.ISO_8859_1)));
			assertTrue(output.indexOf("ticker: ok") >= 0, output::toString);
			assertEquals(1, process.getExitValue());
		}
	}

	@Test
	void aTripleFaultWithoutADebuggerEndsTheProcessWithAMessage() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TRIPLE_FAULT);
		try (LaunchedGuest guest = LaunchedGuest.launch(configuration, ILaunchManager.RUN_MODE)) {
			IProcess process = guest.process();
			LaunchedGuest.await(guest.launch().ended());
			LaunchedGuest.await(terminationOf(process));
			String told = String.valueOf(process.getAttribute(GuestProcess.ATTR_TOLD));
			assertTrue(told.contains("Triple fault"), told);
			assertEquals(1, process.getExitValue());
		}
	}
}
