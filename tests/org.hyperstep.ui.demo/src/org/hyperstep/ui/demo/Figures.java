/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.demo;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

import org.eclipse.cdt.dsf.debug.service.IRunControl.StepType;
import org.eclipse.core.resources.ResourcesPlugin;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.PlatformUI;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.samples.ExampleProject;

/**
 * The bench's lines that need Eclipse: steps per second through DSF's run control and the time from a launch to its first
 * stop, in a real workbench with the Debug perspective open, whose views follow each step. On a thread of its own.
 */
@SuppressWarnings("nls")
final class Figures {
	private static final int LAUNCHES = 7;
	private static final int WINDOWS = 8;
	private static final double WINDOW_SECONDS = 0.5;
	private static final int BATCH = 50;

	private final Stage stage;

	Figures(Stage stage) {
		this.stage = stage;
	}

	void print() throws Exception {
		stage.act("the Debug perspective", () -> PlatformUI.getWorkbench()
				.showPerspective(IDebugUIConstants.ID_DEBUG_PERSPECTIVE, stage.window()));
		end(launch("ticker.launch"));
		row("DSF, masked steps, VMX", stepRate("ticker.launch"), "steps/s");
		row("DSF, masked steps, SVM", stepRate("ticker-svm.launch"), "steps/s");
		row("Eclipse, launch to the stop at main, median", firstStop("ticker.launch"), "ms");
	}

	private static void row(String name, double value, String unit) {
		System.out
				.println(String.format(Locale.ROOT, value >= 1000 ? "| %s | %,.0f | %s |" : "| %s | %.0f | %s |", name,
						Double.valueOf(value), unit));
	}

	private static ILaunchConfiguration configuration(String file) {
		return DebugPlugin.getDefault().getLaunchManager().getLaunchConfiguration(
				ResourcesPlugin.getWorkspace().getRoot().getProject(ExampleProject.NAME).getFile(file));
	}

	private HypervisorGuestLaunch launch(String file) throws Exception {
		ILaunch launch = configuration(file).launch(ILaunchManager.DEBUG_MODE, new NullProgressMonitor());
		HypervisorGuestLaunch guest = HypervisorGuestLaunch.of(launch).orElseThrow();
		stage.await("the stop at main", () -> stopped(guest));
		return guest;
	}

	private static boolean stopped(HypervisorGuestLaunch launch) {
		Optional<StopEvent> stop = launch.target().flatMap(Target::lastStop);
		return stop.isPresent() && !(stop.get() instanceof StopEvent.Ready);
	}

	/** The best of several windows, after one to warm up. */
	private double stepRate(String file) throws Exception {
		HypervisorGuestLaunch launch = launch(file);
		Session session = new Session(stage, launch, launch.target().orElseThrow());
		double best = 0;
		for (int window = 0; window <= WINDOWS; window++) {
			double rate = window(session);
			best = window == 0 ? 0 : Math.max(best, rate);
		}
		end(launch);
		return best;
	}

	private static double window(Session session) throws Exception {
		long start = System.nanoTime();
		int steps = 0;
		while (System.nanoTime() - start < WINDOW_SECONDS * 1e9) {
			for (int i = 0; i < BATCH; i++) {
				session.step(StepType.INSTRUCTION_STEP_INTO);
			}
			steps += BATCH;
		}
		return steps * 1e9 / (System.nanoTime() - start);
	}

	/** Milliseconds, the median of several launches after one to warm up. */
	private double firstStop(String file) throws Exception {
		long[] nanos = new long[LAUNCHES];
		end(launch(file));
		for (int i = 0; i < nanos.length; i++) {
			long start = System.nanoTime();
			HypervisorGuestLaunch launch = launch(file);
			nanos[i] = System.nanoTime() - start;
			end(launch);
		}
		Arrays.sort(nanos);
		return nanos[LAUNCHES / 2] / 1e6;
	}

	private void end(HypervisorGuestLaunch launch) throws Exception {
		stage.get("the guest's end", launch.target().orElseThrow().terminate());
		stage.await("the launch's end", launch::isTerminated);
		stage.act("the launch's removal", () -> {
			removeLaunches();
			return Boolean.TRUE;
		});
	}

	private static void removeLaunches() throws CoreException {
		ILaunchManager launches = DebugPlugin.getDefault().getLaunchManager();
		launches.removeLaunches(launches.getLaunches());
		ResourcesPlugin.getWorkspace().save(true, new NullProgressMonitor());
	}
}
