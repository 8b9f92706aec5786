/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.core.commands.State;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.Guests;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The command that lets the CPUs of the session stop each for itself, or all together. */
@SuppressWarnings("nls")
class NonStopToggleTest {
	private final SampleSession session;

	NonStopToggleTest() throws Exception {
		session = SampleSession.debugRelay(2);
		Workbench.await("the Debug view's selection",
				() -> Guests.of(DebugUITools.getDebugContext()).filter(session.guest()::equals).isPresent());
	}

	@AfterEach
	void end() throws Exception {
		Workbench.errorDialogs(false);
		session.close();
	}

	private static void toggle() throws Exception {
		Workbench.window().getService(IHandlerService.class).executeCommand(HyperstepUi.NON_STOP_COMMAND, null);
	}

	private void awaitMode(boolean nonStop) {
		State state = Workbench.window().getService(ICommandService.class).getCommand(HyperstepUi.NON_STOP_COMMAND)
				.getState("org.eclipse.ui.commands.toggleState");
		Workbench.await("non-stop mode " + nonStop, () -> session.guest().nonStop() == nonStop
				&& ((Boolean) state.getValue()).booleanValue() == nonStop);
	}

	@Test
	void itChangesTheModeWhileAllCpusStandStill() throws Exception {
		awaitMode(true);
		Workbench.get("all to stop", session.guest().suspend());
		toggle();
		awaitMode(false);
		toggle();
		awaitMode(true);
	}

	@Test
	void itSaysWhyItCannotWhileACpuRuns() throws Exception {
		assertTrue(session.guest().running(1));
		Workbench.errorDialogs(true);
		toggle();
		Workbench.awaitDialog("CPU 1 is running; suspend the guest first");
		awaitMode(true);
	}
}
