/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.eclipse.core.runtime.CoreException;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunchConfigurationType;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.IDebugUIConstants;
import org.eclipse.ui.WorkbenchException;
import org.eclipse.ui.PlatformUI;
import org.hyperstep.debug.StepKind;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.LaunchAttributes;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.dsf.launch.LiveLaunches;
import org.hyperstep.samples.Sample;

/** A guest that was launched as a user launches one, selected in the Debug view; closing it leaves nothing. */
@SuppressWarnings("nls")
public final class SampleSession implements AutoCloseable {
	/** More than passes between two ticks of the sample's timer. */
	private static final int MANY_STEPS = 2000;

	private final Path directory;
	private final HypervisorGuestLaunch launch;

	private SampleSession(Path directory, HypervisorGuestLaunch launch) {
		this.directory = directory;
		this.launch = launch;
	}

	/** Debugs the sample with the timer to its stop at main; it computes for ever. */
	public static SampleSession debugTicker() throws CoreException, IOException {
		Path directory = Files.createTempDirectory("guest");
		boolean alone = LiveLaunches.count() == 0;
		SampleSession session = launch(directory, Sample.TICKER.copyTo(directory), "forever",
				ILaunchManager.DEBUG_MODE);
		Workbench.await("the stop at main",
				() -> session.guest().lastStop().filter(stop -> !(stop instanceof StopEvent.Ready)).isPresent());
		// The Debug view leaves a guest that stands still selected when another one stops.
		Workbench.await("the Debug view's selection",
				() -> !alone || Guests.of(DebugUITools.getDebugContext()).filter(session.guest()::equals).isPresent());
		return session;
	}

	/** Debugs the sample with the ring of interrupts in non-stop mode, to the first CPU's stop at main. */
	public static SampleSession debugRelay(int cpus) throws CoreException, IOException {
		Path directory = Files.createTempDirectory("guest");
		SampleSession session = launch(directory, Sample.RELAY.copyTo(directory), "", ILaunchManager.DEBUG_MODE,
				configuration -> {
					LaunchAttributes.CPUS.set(configuration, Integer.valueOf(cpus));
					LaunchAttributes.NON_STOP.set(configuration, Boolean.TRUE);
				});
		Workbench.await("the first CPU's stop at main",
				() -> session.guest().lastStop(0).filter(stop -> !(stop instanceof StopEvent.Ready)).isPresent());
		return session;
	}

	/** Launches an image of a directory that goes with the session. */
	public static SampleSession launch(Path directory, Path image, String commandLine, String mode)
			throws CoreException {
		return launch(directory, image, commandLine, mode, configuration -> {
			// as it is
		});
	}

	private static SampleSession launch(Path directory, Path image, String commandLine, String mode,
			Consumer<ILaunchConfigurationWorkingCopy> change) throws CoreException {
		try {
			PlatformUI.getWorkbench().showPerspective(IDebugUIConstants.ID_DEBUG_PERSPECTIVE, Workbench.window());
		} catch (WorkbenchException e) {
			throw new CoreException(e.getStatus());
		}
		ILaunchConfigurationType type = DebugPlugin.getDefault().getLaunchManager()
				.getLaunchConfigurationType(HyperstepDsf.LAUNCH_TYPE);
		ILaunchConfigurationWorkingCopy configuration = type.newInstance(null, image.getFileName().toString());
		LaunchAttributes.IMAGE.set(configuration, image.toString());
		LaunchAttributes.COMMAND_LINE.set(configuration, commandLine);
		LaunchAttributes.MEMORY.set(configuration, "64M");
		change.accept(configuration);
		List<HypervisorGuestLaunch> before = launches().toList();
		DebugUITools.launch(configuration, mode);
		Workbench.await("the launch",
				() -> launches().anyMatch(each -> !before.contains(each) && each.target().isPresent()
						&& each.getProcesses().length > 0));
		return new SampleSession(directory,
				launches().filter(each -> !before.contains(each)).findFirst().orElseThrow());
	}

	private static Stream<HypervisorGuestLaunch> launches() {
		return List.of(DebugPlugin.getDefault().getLaunchManager().getLaunches()).stream()
				.flatMap(each -> HypervisorGuestLaunch.of(each).stream());
	}

	public Target guest() {
		return launch.target().orElseThrow();
	}

	public HypervisorGuestLaunch launch() {
		return launch;
	}

	/** The linear address of a symbol. */
	public long address(String symbol) {
		return guest().symbols().symbol(symbol).orElseThrow().linear();
	}

	/** Runs to a symbol. */
	public void runTo(String symbol) {
		Workbench.get("the run to " + symbol, guest().runTo(0, address(symbol)));
	}

	/** In the computing loop, makes masked steps until an interrupt is held back, and gives it. */
	public PendingEvent stepToHeldBackInterrupt() {
		runTo("crc32");
		for (int i = 0; i < MANY_STEPS; i++) {
			List<PendingEvent> pending = Workbench.get("pending events", guest().pendingEvents(0));
			if (pending.stream().anyMatch(event -> event.reason() == PendingEvent.Reason.MASKED_BY_DEBUGGER)) {
				return pending.get(0);
			}
			Workbench.get("a step", guest().step(0, StepKind.INSTRUCTION_INTO));
		}
		throw new AssertionError("no interrupt was held back in " + MANY_STEPS + " steps");
	}

	@Override
	public void close() throws IOException {
		launch.terminate();
		Workbench.await("the end of the launch", launch::isTerminated);
		DebugPlugin.getDefault().getLaunchManager().removeLaunch(launch);
		try (Stream<Path> files = Files.walk(directory)) {
			files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
		}
	}
}
