/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;

import org.eclipse.ui.handlers.IHandlerService;
import org.hyperstep.debug.MemorySpace;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.PendingEvent.Kind;
import org.hyperstep.debug.PendingEvent.Reason;
import org.hyperstep.debug.StepKind;
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
	void aRaisedNmiIsPendingWhileItIsMasked() throws Exception {
		session.stepToHeldBackInterrupt();
		command(HyperstepUi.RAISE_NMI_COMMAND);
		Workbench.await("the NMI", () -> view.events().stream().anyMatch(
				event -> event.kind() == Kind.NMI && event.reason() == Reason.MASKED_BY_DEBUGGER));
	}

	@Test
	void anSmiIsRaisedWhereverTheUserIsInTheWorkbench() throws Exception {
		session.stepToHeldBackInterrupt();
		Workbench.show("org.eclipse.ui.console.ConsoleView", org.eclipse.ui.IViewPart.class);
		command(HyperstepUi.RAISE_SMI_COMMAND);
		Workbench.await("the SMI", () -> view.events().stream().anyMatch(event -> event.kind() == Kind.SMI));
	}

	@Test
	void deliverAllLeavesNothingPending() throws Exception {
		PendingEvent held = session.stepToHeldBackInterrupt();
		Workbench.await("the held back interrupt", () -> view.events().stream().anyMatch(held::sameEvent));
		command(HyperstepUi.DELIVER_ALL_COMMAND);
		Workbench.await("the stop in the handler", () -> session.guest().lastStop().map(StopEvent::linear)
				.filter(linear -> linear.longValue() == session.address("timer_entry")).isPresent());
		Workbench.await("nothing held back", () -> view.events().stream().noneMatch(held::sameEvent));
	}

	@Test
	void aHaltWithEverythingMaskedIsSaidWithTheChoiceToDeliverOne() throws Exception {
		session.stepToHeldBackInterrupt();
		long here = session.guest().lastStop().orElseThrow().linear();
		Workbench.get("a HLT in the guest's code",
				session.guest().writeMemory(0, MemorySpace.LINEAR, here, new byte[] { (byte) 0xf4 }));
		StopEvent stop = Workbench.get("a step", session.guest().step(0, StepKind.INSTRUCTION_INTO));
		stop = stop instanceof StopEvent.Halted ? stop
				: Workbench.get("another step", session.guest().step(0, StepKind.INSTRUCTION_INTO));
		assertInstanceOf(StopEvent.Halted.class, stop);
		Workbench.await("the notice",
				() -> view.getContentDescription().contains("CPU 0 is halted; 1 events held back"));
		command(HyperstepUi.DELIVER_COMMAND);
		Workbench.await("the stop in the handler", () -> session.guest().lastStop().map(StopEvent::linear)
				.filter(linear -> linear.longValue() == session.address("timer_entry")).isPresent());
	}

	private void command(String command) throws Exception {
		if (command.equals(HyperstepUi.DELIVER_COMMAND)) {
			Workbench.page().activate(view);
		}
		Workbench.window().getService(IHandlerService.class).executeCommand(command, null);
	}

	@Test
	void aVectorIsANumberFrom16To255() {
		assertEquals(0x20, Raise.vector(" 0x20 ").orElseThrow());
		assertEquals(255, Raise.vector("255").orElseThrow());
		for (String wrong : new String[] { "", "15", "256", "0x", "-1", "twenty" }) {
			assertTrue(Raise.vector(wrong).isEmpty(), wrong);
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
