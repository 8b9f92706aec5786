/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import org.eclipse.core.resources.IProject;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchConfiguration;
import org.eclipse.debug.core.ILaunchManager;
import org.eclipse.debug.core.model.LaunchConfigurationDelegate;
import org.eclipse.debug.core.sourcelookup.ISourceLookupDirector;
import org.hyperstep.dsf.HyperstepDsf;

/** Launches guests, to debug them or to run them without a debugger. */
public final class HypervisorGuestLaunchDelegate extends LaunchConfigurationDelegate {

	/** The launch knows its sources from the beginning: as soon as it is listed, views ask for them. */
	@Override
	public ILaunch getLaunch(ILaunchConfiguration configuration, String mode) throws CoreException {
		return new HypervisorGuestLaunch(configuration, mode, director(configuration));
	}

	private static ISourceLookupDirector director(ILaunchConfiguration configuration) throws CoreException {
		GuestSourceLookupDirector director = new GuestSourceLookupDirector();
		director.setId(GuestSourceLookupDirector.ID);
		String memento = configuration.getAttribute(ILaunchConfiguration.ATTR_SOURCE_LOCATOR_MEMENTO, ""); //$NON-NLS-1$
		if (memento.isEmpty()) {
			director.initializeDefaults(configuration);
		} else {
			director.initializeFromMemento(memento, configuration);
		}
		return director;
	}

	/**
	 * The project with the image is built before, where automatic builds before launches are on. What is wrong with the
	 * image's path is told by the launch itself.
	 */
	@Override
	protected IProject[] getBuildOrder(ILaunchConfiguration configuration, String mode) {
		try {
			return ImageProject.of(configuration).stream().toArray(IProject[]::new);
		} catch (CoreException noPath) {
			return new IProject[0];
		}
	}

	@Override
	public void launch(ILaunchConfiguration configuration, String mode, ILaunch launch, IProgressMonitor monitor)
			throws CoreException {
		if (!(launch instanceof HypervisorGuestLaunch guest)
				|| !(launch.getSourceLocator() instanceof GuestSourceLookupDirector director)) {
			throw HyperstepDsf.failure(Messages.Startup_wrongLaunch, null);
		}
		director.addParticipant(new GuestSourceLookupParticipant(guest.session()));
		boolean started = false;
		try {
			new GuestStartup(guest, configuration, director).perform(monitor);
			started = true;
		} finally {
			if (!started) {
				guest.end();
				manager().removeLaunch(launch);
			}
		}
	}

	private static ILaunchManager manager() {
		return DebugPlugin.getDefault().getLaunchManager();
	}
}
