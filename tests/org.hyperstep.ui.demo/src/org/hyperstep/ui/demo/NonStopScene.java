/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.AbstractDebugView;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.swt.widgets.Tree;
import org.eclipse.swt.widgets.TreeItem;
import org.hyperstep.debug.BreakpointLocation;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/** Four CPUs that interrupt each other in a ring, each of which stops and runs for itself. */
@SuppressWarnings("nls")
final class NonStopScene {
	private static final int CPUS = 4;
	private static final int STEPS = 5;

	private final Stage stage;

	NonStopScene(Stage stage) {
		this.stage = stage;
	}

	/**
	 * Plays it, and gives the guest, which lives on.
	 *
	 * @param ticker the configuration whose project has the guest
	 */
	Target play(ILaunchConfiguration ticker) throws Exception {
		ILaunchConfigurationWorkingCopy relay = ticker.copy("relay, non-stop");
		LaunchAttributes.IMAGE.set(relay, LaunchAttributes.IMAGE.get(ticker).replace("ticker.elf", "relay.elf"));
		LaunchAttributes.COMMAND_LINE.set(relay, "");
		LaunchAttributes.CPUS.set(relay, Integer.valueOf(CPUS));
		LaunchAttributes.NON_STOP.set(relay, Boolean.TRUE);
		stage.act("the launch", () -> {
			DebugUITools.launch(relay, ILaunchManager.DEBUG_MODE);
			return Boolean.TRUE;
		});
		stage.await("the first CPU at main", () -> guest().flatMap(target -> target.lastStop(0))
				.filter(stop -> !(stop instanceof StopEvent.Ready)).isPresent());
		Target guest = guest().orElseThrow();
		stage.get("the breakpoint", guest.setBreakpoint(new BreakpointLocation.Symbol("processor_main")));
		stage.get("the first CPU to run", guest.resume(0));
		stage.await("the others at the breakpoint", () -> !guest.running(1) && !guest.running(2) && !guest.running(3));
		stage.get("the last CPU to run", guest.resume(CPUS - 1));
		for (int i = 0; i < STEPS; i++) {
			StopEvent stop = stage.get("a step of CPU 1", guest.step(1, StepKind.INSTRUCTION_INTO));
			if (!(stop instanceof StopEvent.StepDone) || stop.cpu() != 1 || !guest.running(0) || !guest.running(3)) {
				throw new AssertionError("a step of CPU 1 beside running ones ended with " + stop);
			}
		}
		stage.act("the Debug view", () -> stage.page().showView(IDebugUIConstants.ID_DEBUG_VIEW));
		stage.await("every row of the Debug view to say what it is", this::isEveryRowNamed);
		stage.shoot("non-stop");
		return guest;
	}

	/** Rows fill one by one, and late where other processes keep the processor busy. */
	private boolean isEveryRowNamed() {
		AbstractDebugView view = (AbstractDebugView) stage.page().findView(IDebugUIConstants.ID_DEBUG_VIEW);
		List<String> rows = texts(((Tree) view.getViewer().getControl()).getItems()).toList();
		return rows.stream().noneMatch(String::isBlank) && IntStream.range(0, CPUS)
				.allMatch(cpu -> rows.stream().anyMatch(row -> row.startsWith("CPU " + cpu)));
	}

	private static Stream<String> texts(TreeItem[] items) {
		return Arrays.stream(items).flatMap(item -> Stream.concat(Stream.of(item.getText()),
				item.getExpanded() ? texts(item.getItems()) : Stream.empty()));
	}

	private static Optional<Target> guest() {
		return List.of(DebugPlugin.getDefault().getLaunchManager().getLaunches()).stream()
				.map(HypervisorGuestLaunch::of).flatMap(Optional::stream).filter(launch -> !launch.isTerminated())
				.findFirst().flatMap(HypervisorGuestLaunch::target);
	}
}
