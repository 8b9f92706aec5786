/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;

import org.eclipse.ui.handlers.IHandlerService;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.PendingEvent.Kind;
import org.hyperstep.debug.PendingEvent.Reason;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.ui.HyperstepUi;
import org.hyperstep.ui.session.SampleSession;
import org.hyperstep.ui.session.Workbench;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SuppressWarnings("nls")
class PendingEventsViewTest {
	private final SampleSession session;
	private final PendingEventsView view;

	PendingEventsViewTest() throws Exception {
		session = SampleSession.debugTicker();
		view = Workbench.show(HyperstepUi.PENDING_EVENTS_VIEW, PendingEventsView.class);
	}

	@AfterEach
	void closeView() throws Exception {
		Workbench.page().hideView(view);
		session.close();
	}

	@Test
	void heldBackInterruptIsShownWithItsReason() {
		PendingEvent held = session.stepToHeldBackInterrupt();
		Workbench.await("the held back interrupt", () -> view.events().stream().anyMatch(held::sameEvent));
		assertEquals(Reason.MASKED_BY_DEBUGGER, view.events().get(0).reason());
	}

	@Test
	void deliverNowStopsAtTheHandlersFirstInstruction() throws Exception {
		PendingEvent held = session.stepToHeldBackInterrupt();
		Workbench.await("the held back interrupt", () -> view.events().stream().anyMatch(held::sameEvent));
		Workbench.page().activate(view);
		Workbench.window().getService(IHandlerService.class).executeCommand(HyperstepUi.DELIVER_COMMAND, null);
		Workbench.await("the stop in the handler", () -> session.guest().lastStop().map(StopEvent::linear)
				.filter(linear -> linear.longValue() == session.address("timer_entry")).isPresent());
		assertTrue(session.guest().policy().masks());
		Workbench.await("nothing held back", () -> view.events().stream().noneMatch(held::sameEvent));
	}

	@Test
	void aRaisedNmiIsPendingWhileItIsMasked() {
		session.stepToHeldBackInterrupt();
		view.raiseActions().orElseThrow().raise(Kind.NMI, 0);
		Workbench.await("the NMI", () -> view.events().stream().anyMatch(
				event -> event.kind() == Kind.NMI && event.reason() == Reason.MASKED_BY_DEBUGGER));
	}

	@Test
	void aVectorIsANumberFrom16To255() {
		assertEquals(0x20, RaiseActions.vector(" 0x20 ").orElseThrow());
		assertEquals(255, RaiseActions.vector("255").orElseThrow());
		for (String wrong : new String[] { "", "15", "256", "0x", "-1", "twenty" }) {
			assertTrue(RaiseActions.vector(wrong).isEmpty(), wrong);
		}
	}

	@Test
	void nothingIsShownAfterTheGuestsEnd() {
		session.stepToHeldBackInterrupt();
		Workbench.await("the held back interrupt", () -> !view.events().isEmpty());
		Workbench.get("the end", session.guest().terminate());
		Workbench.await("an empty view", () -> view.events().isEmpty());
	}

	@Test
	void everyKindAndEveryReasonHasItsWords() {
		Stream<String> texts = Stream.concat(Arrays.stream(Kind.values()).map(PendingColumns::kind),
				Arrays.stream(Reason.values()).map(PendingColumns::reason));
		assertFalse(texts.anyMatch(String::isBlank));
	}
}
