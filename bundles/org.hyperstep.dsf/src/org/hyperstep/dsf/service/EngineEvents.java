/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.function.Consumer;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.datamodel.IDMEvent;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.Target;
import org.hyperstep.debug.TargetListener;

/** Hands what the engine's thread tells of a guest to the session, in the words of run control. */
@ThreadSafe
final class EngineEvents implements TargetListener {

	/** What the guest was ordered to do: the engine knows a run to an address as a step, a user doesn't. */
	enum Motion {
		STEP, RUN
	}

	private final Guest guest;
	private final Consumer<IDMEvent<?>> session;
	private volatile Motion motion = Motion.STEP;

	/**
	 * Makes the listener.
	 *
	 * @param session tells the session's listeners, from any thread
	 */
	EngineEvents(Guest guest, Consumer<IDMEvent<?>> session) {
		this.guest = guest;
		this.session = session;
	}

	/** Said before the engine is told. */
	void ordered(Motion order) {
		motion = order;
	}

	@Override
	public void resumed(Target resumed, boolean stepping) {
		session.accept(new RunControlEvents.Resumed(guest, stepping && motion == Motion.STEP));
	}

	@Override
	public void stopped(Target stopped, StopEvent event) {
		session.accept(event instanceof StopEvent.BreakpointHit hit ? new RunControlEvents.BreakpointHit(guest, hit)
				: new RunControlEvents.Suspended(guest, event, StopTexts.reason(event, motion == Motion.STEP)));
	}

	@Override
	public void exited(Target exited, ExitStatus status) {
		session.accept(new RunControlEvents.Exited(guest, status));
	}

	@Override
	public void stateEdited(Target edited) {
		session.accept(new RunControlEvents.Edited(guest));
	}
}
