/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.eclipse.core.commands.State;
import org.eclipse.ui.commands.ICommandService;
import org.eclipse.ui.handlers.IHandlerService;
import org.eclipse.ui.keys.IBindingService;
import org.hyperstep.debug.StepPolicy.Mechanism;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class MaskingTest {
	private final SampleSession session;

	MaskingTest() throws Exception {
		session = SampleSession.debugTicker();
	}

	@AfterEach
	void end() throws Exception {
		HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, true);
		HypervisorPreferences.setMechanism(Mechanism.AUTOMATIC);
		session.close();
	}

	private static boolean shown() {
		State state = Workbench.window().getService(ICommandService.class).getCommand(HyperstepUi.MASK_COMMAND)
				.getState("org.eclipse.ui.commands.toggleState");
		return ((Boolean) state.getValue()).booleanValue();
	}

	private void awaitMasked(boolean masked) {
		Workbench.await("masking " + masked,
				() -> session.guest().policy().masks() == masked && shown() == masked);
	}

	@Test
	void toggleChangesTheSessionAndNotTheWorkspace() throws Exception {
		awaitMasked(true);
		Workbench.window().getService(IHandlerService.class).executeCommand(HyperstepUi.MASK_COMMAND, null);
		awaitMasked(false);
		assertTrue(HypervisorPreferences.isOn(StepSetting.MASK_INTERRUPTS));
		Workbench.window().getService(IHandlerService.class).executeCommand(HyperstepUi.MASK_COMMAND, null);
		awaitMasked(true);
	}

	@Test
	void toggleFollowsTheGuestWhoeverChangesItsPolicy() {
		awaitMasked(true);
		Workbench.get("the policy", session.guest().setPolicy(session.guest().policy().withMask(false)));
		awaitMasked(false);
	}

	@Test
	void preferenceHoldsForTheLiveSessionAtOnce() {
		HypervisorPreferences.set(StepSetting.MASK_INTERRUPTS, false);
		awaitMasked(false);
		HypervisorPreferences.setMechanism(Mechanism.RFLAGS_TF);
		Workbench.await("the mechanism", () -> session.guest().policy().mechanism() == Mechanism.RFLAGS_TF);
	}

	@Test
	void bothCommandsHaveAKey() {
		IBindingService keys = Workbench.window().getService(IBindingService.class);
		// The keys hold while something is debugged, which the workbench hears of after the stop.
		Workbench.await("the keys of debugging",
				() -> "Ctrl+Alt+K".equals(keys.getBestActiveBindingFormattedFor(HyperstepUi.MASK_COMMAND)));
		assertEquals("Ctrl+Alt+L", keys.getBestActiveBindingFormattedFor(HyperstepUi.DELIVER_COMMAND));
	}

	@Test
	void guestThatHasEndedHasNoToggle() {
		LiveGuestTester tester = new LiveGuestTester();
		assertTrue(tester.test(session.launch(), "isLiveGuest", new Object[0], null));
		session.launch().terminate();
		Workbench.await("the end", session.launch()::isTerminated);
		assertFalse(tester.test(session.launch(), "isLiveGuest", new Object[0], null));
	}
}
