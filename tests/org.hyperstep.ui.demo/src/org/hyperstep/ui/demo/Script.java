/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.core.resources.IFile;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.AbstractDebugView;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.swt.SWT;
import org.eclipse.swt.widgets.Event;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.ui.IEditorPart;
import org.eclipse.ui.PlatformUI;
import org.eclipse.ui.handlers.IHandlerService;
import org.hyperstep.debug.EventKind;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.PendingEvent.Reason;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.samples.ExampleProject;
import org.hyperstep.symbols.Symbol;
import org.hyperstep.ui.HyperstepUi;

/** The tour of the README: what is done, and where each stop must be. On a thread of its own. */
@SuppressWarnings("nls")
final class Script {
	private static final String CONFIGURATION = "ticker.launch";
	private static final String CONFIGURATION_SVM = "ticker-svm.launch";
	private static final String SOURCE = "ticker.c";
	/** More instructions than pass between two ticks of the sample's timer. */
	private static final int MASKED_STEPS = 1000;
	/** Column widths at which names and 64-bit values are seen whole, in pixels. */
	private static final int REGISTER_NAME_WIDTH = 110;
	private static final int REGISTER_VALUE_WIDTH = 190;
	private static final String DISASSEMBLY = "org.eclipse.cdt.dsf.debug.ui.disassembly.view";

	private final Stage stage;

	Script(Stage stage) {
		this.stage = stage;
	}

	void play() throws Exception {
		openDebugPerspective();
		Session session = launch(CONFIGURATION);
		stoppedAtMain(session);
		toTheLoop(session);
		maskedSteps(session);
		lineSteps(session);
		oneStepUnmasked(session);
		views();
		deliver(session);
		dialogs();
		end(session);
		nonStop();
		leaveOneRunning();
	}

	private void openDebugPerspective() throws Exception {
		stage.act("the Debug perspective", () -> PlatformUI.getWorkbench()
				.showPerspective(IDebugUIConstants.ID_DEBUG_PERSPECTIVE, stage.window()));
		stage.act("the Welcome view", () -> {
			stage.page().hideView(stage.page().findView("org.eclipse.ui.internal.introview"));
			return Boolean.TRUE;
		});
	}

	private Session launch(String name) throws Exception {
		ILaunchConfiguration configuration = configuration(name);
		long begin = System.nanoTime();
		stage.act("the launch", () -> {
			DebugUITools.launch(configuration, ILaunchManager.DEBUG_MODE);
			return Boolean.TRUE;
		});
		stage.await("the stop at main", () -> stopped().isPresent());
		stage.say("launched and stopped in " + (System.nanoTime() - begin) / 1_000_000 + " ms");
		HypervisorGuestLaunch launch = launches().orElseThrow();
		return new Session(stage, launch, launch.target().orElseThrow());
	}

	private static ILaunchConfiguration configuration(String name) {
		IFile file = ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME).getFile(name);
		check(file.exists(), "the workspace has no " + file.getFullPath());
		return DebugPlugin.getDefault().getLaunchManager().getLaunchConfiguration(file);
	}

	private static Optional<HypervisorGuestLaunch> launches() {
		return List.of(DebugPlugin.getDefault().getLaunchManager().getLaunches()).stream()
				.map(HypervisorGuestLaunch::of).flatMap(Optional::stream).findFirst();
	}

	private static Optional<StopEvent> stopped() {
		return launches().flatMap(HypervisorGuestLaunch::target).flatMap(Target::lastStop)
				.filter(stop -> !(stop instanceof StopEvent.Ready));
	}

	private void stoppedAtMain(Session session) throws Exception {
		checkFunction(session.guest(), session.here(), "main");
		stage.await("the source of main", () -> shows(SOURCE));
		showRegisters();
		stage.act("the Disassembly view", () -> stage.page().showView(DISASSEMBLY));
		stage.shoot("stopped-at-main");
	}

	/** The Registers view with its first group open. */
	private void showRegisters() throws Exception {
		AbstractDebugView view = stage.act("Registers",
				() -> (AbstractDebugView) stage.page().showView(IDebugUIConstants.ID_REGISTER_VIEW));
		stage.await("the register groups", () -> view.getViewer().getControl() instanceof Tree tree
				&& tree.getItemCount() > 0 && !tree.getItem(0).getText().isEmpty());
		stage.act("the general registers", () -> {
			Tree tree = (Tree) view.getViewer().getControl();
			Event expand = new Event();
			expand.item = tree.getItem(0);
			tree.notifyListeners(SWT.Expand, expand);
			tree.getItem(0).setExpanded(true);
			tree.getColumn(0).setWidth(REGISTER_NAME_WIDTH);
			tree.getColumn(1).setWidth(REGISTER_VALUE_WIDTH);
			return Boolean.TRUE;
		});
	}

	private boolean shows(String file) {
		IEditorPart editor = stage.page().getActiveEditor();
		return editor != null && editor.getEditorInput().getName().equals(file);
	}

	/** Into crc32, by a run to its address, with ticks from the timer on the way. */
	private void toTheLoop(Session session) throws Exception {
		Target guest = session.guest();
		long loop = address(guest, "crc32");
		StopEvent stop = stage.get("the run to crc32", guest.runTo(0, loop));
		check(stop.linear() == loop, "the run to crc32 stopped at " + where(guest, stop.linear()));
		check(delivered(guest) > 0, "no timer interrupt was delivered on the way to crc32");
		stage.shoot("in-the-loop");
	}

	private static long delivered(Target guest) {
		return guest.journal().read(0, Integer.MAX_VALUE).stream()
				.filter(entry -> entry.kind() == EventKind.INTERRUPT_DELIVERED).count();
	}

	/** Many more instructions than a period of the timer has: each stop must be the next one in program order. */
	private void maskedSteps(Session session) throws Exception {
		Target guest = session.guest();
		check(guest.policy().masks(), "hardware interrupts are not masked though that is the default");
		ProgramOrder order = new ProgramOrder(stage, guest);
		long begin = System.nanoTime();
		for (int i = 0; i < MASKED_STEPS; i++) {
			long from = session.here().linear();
			Set<Long> expected = order.after(from);
			StopEvent stop = session.step(StepType.INSTRUCTION_STEP_INTO);
			check(stop instanceof StopEvent.StepDone done && done.enteredVector() < 0,
					"masked step " + i + " from " + where(guest, from) + " ended with " + stop);
			check(expected.contains(Long.valueOf(stop.linear())),
					"masked step " + i + " from " + where(guest, from) + " stopped at " + where(guest, stop.linear()));
		}
		stage.say(MASKED_STEPS + " masked steps, each to the next instruction in program order, "
				+ (System.nanoTime() - begin) / 1_000_000 + " ms");
		List<PendingEvent> pending = stage.get("pending events", guest.pendingEvents(0));
		check(pending.stream().anyMatch(event -> event.reason() == Reason.MASKED_BY_DEBUGGER),
				"no interrupt is held back after " + MASKED_STEPS + " masked steps: " + pending);
		stage.act("Pending Events", () -> stage.page().showView(HyperstepUi.PENDING_EVENTS_VIEW));
		stage.shoot("masked-steps");
	}

	/** Steps of the C source stay in the source, too. */
	private void lineSteps(Session session) throws Exception {
		for (int i = 0; i < 5; i++) {
			StopEvent stop = session.step(StepType.STEP_OVER);
			check(inSource(session.guest(), stop.linear()),
					"a line step stopped at " + where(session.guest(), stop.linear()));
		}
		stage.shoot("line-steps");
	}

	private static boolean inSource(Target guest, long linear) {
		return guest.symbols().sourceAt(linear).filter(source -> source.path().endsWith(SOURCE)).isPresent();
	}

	/** The toggle takes the mask away; the interrupt that was held back must come with the next step. */
	private void oneStepUnmasked(Session session) throws Exception {
		Target guest = session.guest();
		toggleMask(guest, false);
		StopEvent stop = session.step(StepType.INSTRUCTION_STEP_INTO);
		long handler = address(guest, "timer_entry");
		check(stop.linear() == handler, "the unmasked step stopped at " + where(guest, stop.linear())
				+ ", not at the first instruction of timer_entry");
		stage.shoot("unmasked-step-in-the-handler");
	}

	private void toggleMask(Target guest, boolean masked) throws Exception {
		stage.act("the masking command", () -> stage.window().getService(IHandlerService.class)
				.executeCommand(HyperstepUi.MASK_COMMAND, null));
		stage.await("the mask to be " + masked, () -> guest.policy().masks() == masked);
	}

	private void views() throws Exception {
		for (String view : List.of(HyperstepUi.GUEST_EVENTS_VIEW, HyperstepUi.PENDING_EVENTS_VIEW,
				HyperstepUi.VM_EXITS_VIEW)) {
			stage.act(view, () -> stage.page().showView(view));
			stage.shoot("view-" + view.substring(view.lastIndexOf('.') + 1));
		}
		stage.act("Console", () -> stage.page().showView("org.eclipse.ui.console.ConsoleView"));
		stage.shoot("console");
	}

	/** Masked again, back out of the handler and on until a tick is held back; then that one is delivered by hand. */
	private void deliver(Session session) throws Exception {
		Target guest = session.guest();
		toggleMask(guest, true);
		StopEvent out = session.step(StepType.STEP_RETURN);
		checkNot(guest, out, "timer_entry");
		PendingEvent held = heldBack(session);
		StopEvent stop = stage.get("the delivery", guest.deliverNow(0, held));
		check(stop.linear() == address(guest, "timer_entry"),
				"the event delivered by hand stopped at " + where(guest, stop.linear()));
		stage.act("Pending Events", () -> stage.page().showView(HyperstepUi.PENDING_EVENTS_VIEW));
		stage.shoot("delivered-by-hand");
	}

	private PendingEvent heldBack(Session session) throws Exception {
		for (int i = 0; i < MASKED_STEPS; i++) {
			Optional<PendingEvent> held = stage.get("pending events", session.guest().pendingEvents(0)).stream()
					.filter(event -> event.reason() == Reason.MASKED_BY_DEBUGGER).findFirst();
			if (held.isPresent()) {
				return held.get();
			}
			session.step(StepType.INSTRUCTION_STEP_INTO);
		}
		throw new AssertionError("no interrupt was held back in " + MASKED_STEPS + " masked steps");
	}

	private void dialogs() throws Exception {
		new Dialogs(stage).show();
	}

	private void end(Session session) throws Exception {
		end(session.guest());
	}

	private void nonStop() throws Exception {
		end(new NonStopScene(stage).play(configuration(CONFIGURATION)));
	}

	private void end(Target guest) throws Exception {
		CompletableFuture<Void> ended = guest.terminate();
		stage.get("the guest's end", ended);
		stage.await("the launch's end", () -> launches().filter(launch -> !launch.isTerminated()).isEmpty());
		stage.act("the launch's removal", () -> {
			ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
			launches.removeLaunches(launches.getLaunches());
			return Boolean.TRUE;
		});
		ResourcesPlugin.getWorkspace().save(true, new NullProgressMonitor());
	}

	/** The workbench is closed with a session in it: the process must end all the same, and in order. */
	private void leaveOneRunning() throws Exception {
		Session session = launch(CONFIGURATION_SVM);
		checkFunction(session.guest(), session.here(), "main");
		// CDT's job that shows the source does not look whether there is still a window.
		stage.settle();
		stage.say("closing the workbench with a session in it");
	}

	private static long address(Target guest, String symbol) {
		return guest.symbols().symbol(symbol).map(Symbol::linear)
				.orElseThrow(() -> new AssertionError("the sample has no " + symbol));
	}

	private static void checkFunction(Target guest, StopEvent stop, String function) {
		check(functionAt(guest, stop.linear()).equals(function),
				"the stop is at " + where(guest, stop.linear()) + ", not in " + function);
	}

	private static void checkNot(Target guest, StopEvent stop, String function) {
		check(!functionAt(guest, stop.linear()).equals(function), "the stop is still in " + function);
	}

	private static String functionAt(Target guest, long linear) {
		return guest.symbols().symbolAt(linear).map(Symbol::name).orElse("");
	}

	private static String where(Target guest, long linear) {
		return guest.symbols().symbolAt(linear)
				.map(symbol -> symbol.name() + "+0x" + Long.toHexString(linear - symbol.linear()))
				.orElse("0x" + Long.toHexString(linear));
	}

	private static void check(boolean holds, String otherwise) {
		if (!holds) {
			throw new AssertionError(otherwise);
		}
	}
}
