/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IContainerDMContext;
import org.eclipse.cdt.dsf.debug.ui.contexts.DsfSuspendTrigger;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;
import org.hyperstep.dsf.service.Guest;

/** Tells the platform that a session has stopped, so that it may show the Debug perspective. */
@ThreadSafe
final class GuestSuspendTrigger extends DsfSuspendTrigger {
	private final HypervisorGuestLaunch launch;

	GuestSuspendTrigger(HypervisorGuestLaunch launch) {
		super(launch.session(), launch);
		this.launch = launch;
	}

	@Override
	protected void getLaunchTopContainers(DataRequestMonitor<IContainerDMContext[]> rm) {
		rm.setData(launch.guest().map(Guest::context).map(guest -> new IContainerDMContext[] { guest })
				.orElse(new IContainerDMContext[0]));
		rm.done();
	}
}
