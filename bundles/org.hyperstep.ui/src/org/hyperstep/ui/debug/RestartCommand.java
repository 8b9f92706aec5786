/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.debug.core.commands.IRestartHandler;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.ui.PlatformUI;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/** Restart: ends the guest and launches it anew. What is left of the first one is gone before the second one starts. */
final class RestartCommand extends LaunchCommand implements IRestartHandler {
	@Override
	boolean canExecute(HypervisorGuestLaunch launch) {
		return launch.canTerminate() && launch.getLaunchConfiguration() != null;
	}

	@Override
	void execute(HypervisorGuestLaunch launch) {
		launch.ended().thenRun(() -> PlatformUI.getWorkbench().getDisplay()
				.asyncExec(() -> DebugUITools.launch(launch.getLaunchConfiguration(), launch.getLaunchMode())));
		launch.terminate();
	}
}
