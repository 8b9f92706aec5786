/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.ILaunch;
import org.eclipse.debug.core.ILaunchesListener2;
import org.eclipse.debug.ui.DebugUITools;
import org.eclipse.debug.ui.contexts.DebugContextEvent;
import org.eclipse.debug.ui.contexts.IDebugContextListener;
import org.eclipse.debug.ui.contexts.IDebugContextService;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.widgets.Display;
import org.eclipse.ui.IWorkbenchWindow;
import org.hyperstep.debug.Target;

/**
 * The guest that the user looks at in a window: that of the debug context, else the one looked at last while its launch
 * is listed, else the newest. UI thread, the listener included.
 */
public final class ActiveGuest implements AutoCloseable {
	private final IDebugContextService contexts;
	private final Display display;
	private final Consumer<Optional<Target>> listener;
	private final IDebugContextListener onContext = this::contextChanged;
	private final ILaunchesListener2 onLaunches = new LaunchesListener();
	private Optional<Target> guest = Optional.empty();
	private boolean closed;

	/** Begins to follow a window; the listener is told of each other guest, but not of the first: see {@link #get()}. */
	public ActiveGuest(IWorkbenchWindow window, Consumer<Optional<Target>> listener) {
		this.listener = listener;
		contexts = DebugUITools.getDebugContextManager().getContextService(window);
		display = window.getShell().getDisplay();
		contexts.addDebugContextListener(onContext);
		DebugPlugin.getDefault().getLaunchManager().addLaunchListener(onLaunches);
		guest = find();
	}

	public Optional<Target> get() {
		return guest;
	}

	@Override
	public void close() {
		closed = true;
		contexts.removeDebugContextListener(onContext);
		DebugPlugin.getDefault().getLaunchManager().removeLaunchListener(onLaunches);
	}

	private void contextChanged(DebugContextEvent event) {
		if ((event.getFlags() & DebugContextEvent.ACTIVATED) != 0) {
			update();
		}
	}

	private void update() {
		Optional<Target> found = find();
		if (!closed && !found.equals(guest)) {
			guest = found;
			listener.accept(found);
		}
	}

	private Optional<Target> find() {
		Optional<Target> selected = Guests.in(contexts.getActiveContext());
		if (selected.isPresent()) {
			return selected;
		}
		List<Target> listed = Guests.listed();
		return guest.filter(listed::contains).or(() -> listed.stream().findFirst());
	}

	/** Launches come, change and go on any thread. */
	private final class LaunchesListener implements ILaunchesListener2 {
		@Override
		public void launchesAdded(ILaunch @Nullable [] launches) {
			updateSoon();
		}

		@Override
		public void launchesChanged(ILaunch @Nullable [] launches) {
			updateSoon();
		}

		@Override
		public void launchesRemoved(ILaunch @Nullable [] launches) {
			updateSoon();
		}

		@Override
		public void launchesTerminated(ILaunch @Nullable [] launches) {
			updateSoon();
		}

		private void updateSoon() {
			if (!display.isDisposed()) {
				display.asyncExec(ActiveGuest.this::update);
			}
		}
	}
}
