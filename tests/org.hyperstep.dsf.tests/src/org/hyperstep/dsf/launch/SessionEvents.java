/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.eclipse.cdt.dsf.debug.service.IRunControl.IExitedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IResumedDMEvent;
import org.eclipse.cdt.dsf.debug.service.IRunControl.ISuspendedDMEvent;
import org.eclipse.cdt.dsf.service.DsfServiceEventHandler;
import org.eclipse.cdt.dsf.service.DsfSession;
import org.eclipse.cdt.dsf.service.DsfSession.SessionStartedListener;
import org.eclipse.jdt.annotation.Nullable;

/** What run control tells a session, from its first event on, for a test that waits for it. */
@SuppressWarnings("nls")
public final class SessionEvents implements SessionStartedListener, AutoCloseable {
	private static final long PATIENCE_SECONDS = 120;

	private final BlockingQueue<ISuspendedDMEvent> stops = new LinkedBlockingQueue<>();
	private final BlockingQueue<IResumedDMEvent> starts = new LinkedBlockingQueue<>();
	private final BlockingQueue<IExitedDMEvent> exits = new LinkedBlockingQueue<>();
	private boolean started;

	/** Listens to the session that starts next. */
	SessionEvents() {
		DsfSession.addSessionStartedListener(this);
	}

	@Override
	public synchronized void sessionStarted(@Nullable DsfSession session) {
		if (session != null && !started) {
			started = true;
			session.getExecutor().execute(() -> session.addServiceEventListener(this, null));
		}
	}

	@DsfServiceEventHandler
	public void eventDispatched(@Nullable ISuspendedDMEvent event) {
		stops.add(java.util.Objects.requireNonNull(event));
	}

	@DsfServiceEventHandler
	public void eventDispatched(@Nullable IResumedDMEvent event) {
		starts.add(java.util.Objects.requireNonNull(event));
	}

	@DsfServiceEventHandler
	public void eventDispatched(@Nullable IExitedDMEvent event) {
		exits.add(java.util.Objects.requireNonNull(event));
	}

	/** The next stop that was not waited for yet. */
	public ISuspendedDMEvent awaitStop() throws InterruptedException {
		return await(stops, "stop");
	}

	IResumedDMEvent awaitStart() throws InterruptedException {
		return await(starts, "start");
	}

	IExitedDMEvent awaitExit() throws InterruptedException {
		return await(exits, "end");
	}

	private static <E> E await(BlockingQueue<E> events, String what) throws InterruptedException {
		E event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
		if (event == null) {
			throw new AssertionError("no " + what + " in " + PATIENCE_SECONDS + " s");
		}
		return event;
	}

	@Override
	public void close() {
		DsfSession.removeSessionStartedListener(this);
	}
}
