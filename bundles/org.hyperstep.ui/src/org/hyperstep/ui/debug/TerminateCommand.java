/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.debug.core.commands.ITerminateHandler;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/** Terminate. */
final class TerminateCommand extends LaunchCommand implements ITerminateHandler {
	@Override
	boolean canExecute(HypervisorGuestLaunch launch) {
		return launch.canTerminate();
	}

	@Override
	void execute(HypervisorGuestLaunch launch) {
		launch.terminate();
	}
}
