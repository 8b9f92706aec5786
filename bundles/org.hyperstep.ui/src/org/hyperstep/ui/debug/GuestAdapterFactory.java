/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.core.runtime.IAdapterFactory;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchesListener;
import org.eclipse.debug.core.commands.IRestartHandler;
import org.eclipse.debug.core.commands.ITerminateHandler;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IColumnPresentationFactory;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IElementContentProvider;
import org.eclipse.debug.internal.ui.viewers.model.provisional.IModelProxyFactory;
import org.eclipse.debug.ui.contexts.ISuspendTrigger;
import org.hyperstep.dsf.launch.HypervisorGuestLaunch;

/**
 * Adapters of launches. The first one that is asked for makes those of the whole session; they go when the launch is
 * removed from the list.
 */
@ThreadSafe
public final class GuestAdapterFactory implements IAdapterFactory, ILaunchesListener {
	private final Map<HypervisorGuestLaunch, SessionAdapters> adapters = new HashMap<>();

	/** Made by the platform, once. */
	public GuestAdapterFactory() {
		DebugPlugin.getDefault().getLaunchManager().addLaunchListener(this);
	}

	@Override
	public <T> T getAdapter(Object adaptable, Class<T> type) {
		Optional<Object> found = adaptable instanceof HypervisorGuestLaunch launch
				? of(launch).flatMap(session -> session.ofLaunch(type))
				: Optional.empty();
		return type.cast(found.orElse(null));
	}

	/** None for a launch whose session was over before a view asked: there is nothing to show of it. */
	private synchronized Optional<SessionAdapters> of(HypervisorGuestLaunch launch) {
		if (!adapters.containsKey(launch) && launch.session().isActive()) {
			adapters.put(launch, new SessionAdapters(launch));
		}
		return Optional.ofNullable(adapters.get(launch));
	}

	@Override
	public Class<?>[] getAdapterList() {
		return new Class<?>[] { IElementContentProvider.class, IModelProxyFactory.class,
				IColumnPresentationFactory.class, ISuspendTrigger.class, ITerminateHandler.class,
				IRestartHandler.class };
	}

	@Override
	public synchronized void launchesRemoved(ILaunch[] launches) {
		for (ILaunch launch : launches) {
			SessionAdapters gone = adapters.remove(launch);
			if (gone != null) {
				gone.dispose();
			}
		}
	}

	@Override
	public void launchesAdded(ILaunch[] launches) {
		// adapters are made when a view asks for them
	}

	@Override
	public void launchesChanged(ILaunch[] launches) {
		// the session tells its own views
	}
}
