/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.Consumer;

import org.eclipse.core.runtime.NullProgressMonitor;
import org.eclipse.core.runtime.OperationCanceledException;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfigurationWorkingCopy;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.sourcelookup.ISourceLookupDirector;
import org.hyperstep.samples.Sample;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A launch may be cancelled before each of its steps, by its progress or by Terminate, and leaves nothing behind. */
@SuppressWarnings("nls")
class LaunchCancellationTest {

	/** Does something when the start-up names its n-th step. */
	private static final class AtStep extends NullProgressMonitor {
		private final Consumer<AtStep> action;
		private int stepsToGo;

		AtStep(int step, Consumer<AtStep> action) {
			this.stepsToGo = step;
			this.action = action;
		}

		@Override
		public void subTask(@org.eclipse.jdt.annotation.Nullable String name) {
			if (stepsToGo-- == 0) {
				action.accept(this);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 5, 9, 12 })
	void cancelledProgressLeavesNothing(int step) throws Exception {
		HypervisorGuestLaunch launch = launch();
		abandoned(launch, new AtStep(step, monitor -> monitor.setCanceled(true)));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 5, 9, 12 })
	void terminateDuringTheLaunchLeavesNothing(int step) throws Exception {
		HypervisorGuestLaunch launch = launch();
		abandoned(launch, new AtStep(step, monitor -> launch.terminate()));
	}

	private static HypervisorGuestLaunch launch() throws Exception {
		ILaunchConfigurationWorkingCopy configuration = LaunchedGuest.configuration(Sample.TICKER);
		return (HypervisorGuestLaunch) new HypervisorGuestLaunchDelegate().getLaunch(configuration,
				ILaunchManager.DEBUG_MODE);
	}

	private static void abandoned(HypervisorGuestLaunch launch, AtStep monitor) throws Exception {
		LaunchedGuest.manager().addLaunch(launch);
		GuestStartup startup = new GuestStartup(launch, launch.getLaunchConfiguration(),
				(ISourceLookupDirector) launch.getSourceLocator());
		assertThrows(OperationCanceledException.class, () -> startup.perform(monitor));
		LaunchedGuest.await(launch.ended());
		assertEquals(0, LiveLaunches.count());
		LaunchedGuest.manager().removeLaunch((ILaunch) launch);
	}
}
