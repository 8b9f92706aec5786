/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import org.eclipse.core.runtime.jobs.Job;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetListener;

/** Looks at a guest in the background for a view: at each stop, and a few times a second while the guest runs. */
public abstract class GuestFeed extends Job implements TargetListener, AutoCloseable {
	private final Target guest;
	private final long interval;
	private volatile boolean closed;

	/**
	 * Makes a feed that does nothing until it is begun.
	 *
	 * @param interval milliseconds between two looks at a running guest
	 */
	protected GuestFeed(String name, Target guest, long interval) {
		super(name);
		this.guest = guest;
		this.interval = interval;
		setSystem(true);
	}

	/** Looks at the guest now, and follows it from now on. */
	protected final void begin() {
		guest.addListener(this);
		schedule();
	}

	protected final Target guest() {
		return guest;
	}

	/** Whether nobody wants to hear of the guest any more. */
	protected final boolean isClosed() {
		return closed;
	}

	/** Looks again after the interval, if the guest runs. */
	protected final void lookAgain() {
		if (!closed && guest.running()) {
			schedule(interval);
		}
	}

	@Override
	public final void close() {
		closed = true;
		guest.removeListener(this);
		cancel();
	}

	@Override
	public final void resumed(Target target, boolean stepping) {
		if (!stepping) {
			schedule(interval);
		}
	}

	@Override
	public final void stopped(Target target, StopEvent event) {
		schedule();
	}

	@Override
	public final void exited(Target target, ExitStatus status) {
		schedule();
	}
}
