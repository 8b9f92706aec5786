/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.IProcess;
import org.eclipse.ui.console.ConsolePlugin;
import org.eclipse.ui.console.IConsole;
import org.eclipse.ui.console.TextConsole;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.dsf.launch.LiveLaunches;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("nls")
class ConsoleTest {

	private static Optional<TextConsole> console(IProcess process) {
		return Arrays.stream(ConsolePlugin.getDefault().getConsoleManager().getConsoles())
				.filter(each -> process.equals(processOf(each))).map(TextConsole.class::cast).findFirst();
	}

	private static Object processOf(IConsole console) {
		return console instanceof org.eclipse.debug.ui.console.IConsole ofProcess ? ofProcess.getProcess() : console;
	}

	private static String text(IProcess process) {
		return console(process).map(each -> each.getDocument().get()).orElse("");
	}

	@Test
	void whatTheGuestSaysStandsInItsConsole() throws Exception {
		try (SampleSession session = SampleSession.debugTicker()) {
			IProcess process = session.launch().getProcesses()[0];
			session.runTo("crc32");
			Workbench.await("the guest's greeting", () -> text(process).contains("hello from the guest"));
		}
	}

	@Test
	void whatIsTypedGoesToTheGuestAndComesBack(@TempDir Path directory) throws Exception {
		try (SampleSession session = SampleSession.launch(directory, EchoGuest.writeTo(directory.resolve("echo.elf")),
				"", ILaunchManager.RUN_MODE)) {
			IProcess process = session.launch().getProcesses()[0];
			process.getStreamsProxy().write("ping\n");
			Workbench.await("the echo", () -> text(process).contains("ping"));
			Workbench.await("the guest's end", process::isTerminated);
			assertEquals(ExitStatus.Kind.DEBUG_EXIT, session.guest().exitStatus().orElseThrow().kind());
			assertEquals(1, process.getExitValue());
		}
	}

	@Test
	void terminateEndsTheGuestAndRemoveAllTakesItsConsoleAway(@TempDir Path directory) throws Exception {
		try (SampleSession session = SampleSession.launch(directory, EchoGuest.writeTo(directory.resolve("echo.elf")),
				"", ILaunchManager.RUN_MODE)) {
			IProcess process = session.launch().getProcesses()[0];
			Workbench.await("the console", () -> console(process).isPresent());
			assertTrue(process.canTerminate());
			process.terminate();
			Workbench.await("the end", session.launch()::isTerminated);
			DebugPlugin.getDefault().getLaunchManager().removeLaunch(session.launch());
			Workbench.await("the console's removal", () -> console(process).isEmpty());
			assertEquals(0, LiveLaunches.count());
		}
	}

	@Test
	void twoSessionsAreTwoGuests() throws Exception {
		try (SampleSession first = SampleSession.debugTicker()) {
			first.runTo("crc32");
			try (SampleSession second = SampleSession.debugTicker()) {
				assertFalse(first.guest().equals(second.guest()));
				assertEquals(List.of(second.guest(), first.guest()), Guests.listed());
				assertEquals(first.address("crc32"), first.guest().lastStop().orElseThrow().linear());
			}
			assertTrue(first.guest().exitStatus().isEmpty());
		}
	}
}
