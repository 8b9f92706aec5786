/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.Arrays;
import java.util.List;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.debug.core.commands.IDebugCommandHandler;
import org.eclipse.debug.core.commands.IDebugCommandRequest;
import org.eclipse.debug.core.commands.IEnabledStateRequest;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/** A command on whole launches, whatever part of them is selected. */
@ThreadSafe
abstract class LaunchCommand implements IDebugCommandHandler {

	/** Whether it can be done to a launch now. */
	abstract boolean canExecute(HypervisorGuestLaunch launch);

	/** Does it, and returns at once. */
	abstract void execute(HypervisorGuestLaunch launch);

	@Override
	public final void canExecute(IEnabledStateRequest request) {
		List<HypervisorGuestLaunch> launches = launches(request.getElements());
		request.setEnabled(!launches.isEmpty() && launches.stream().allMatch(this::canExecute));
		request.done();
	}

	@Override
	public final boolean execute(IDebugCommandRequest request) {
		launches(request.getElements()).forEach(this::execute);
		request.done();
		return false;
	}

	private static List<HypervisorGuestLaunch> launches(Object[] elements) {
		return Arrays.stream(elements).flatMap(element -> HypervisorGuestLaunch.of(element).stream()).distinct()
				.toList();
	}
}
