/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.BitSet;
import java.util.concurrent.atomic.AtomicReferenceArray;
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

	/** What a CPU was ordered to do: the engine knows a run to an address as a step, a user doesn't. */
	enum Motion {
		STEP, RUN
	}

	private final Guest guest;
	private final Consumer<IDMEvent<?>> session;
	/** By CPU. */
	private final AtomicReferenceArray<Motion> motions;

	/**
	 * Makes the listener.
	 *
	 * @param session tells the session's listeners, from any thread
	 */
	EngineEvents(Guest guest, Consumer<IDMEvent<?>> session) {
		this.guest = guest;
		this.session = session;
		this.motions = new AtomicReferenceArray<>(guest.cpus().size());
		BitSet all = new BitSet();
		all.set(0, motions.length());
		ordered(all, Motion.STEP);
	}

	/** Said before the engine is told. */
	void ordered(BitSet cpus, Motion order) {
		cpus.stream().forEach(cpu -> motions.set(cpu, order));
	}

	private boolean steps(int cpu) {
		return motions.get(Math.max(cpu, 0)) == Motion.STEP;
	}

	@Override
	public void resumed(Target resumed, int cpu, boolean stepping) {
		session.accept(RunControlEvents.resumed(guest, cpu, stepping && steps(cpu)));
	}

	@Override
	public void stopped(Target stopped, StopEvent event) {
		session.accept(RunControlEvents.suspended(guest, stopped.nonStop(), event,
				StopTexts.reason(event, steps(event.cpu()))));
	}

	@Override
	public void exited(Target exited, ExitStatus status) {
		session.accept(new RunControlEvents.Exited(guest, status));
	}

	@Override
	public void nonStopChanged(Target changed, boolean nonStop) {
		session.accept(new NonStopChanged(guest));
	}

	@Override
	public void stateEdited(Target edited) {
		session.accept(new RunControlEvents.Edited(guest));
	}
}
