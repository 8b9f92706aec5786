/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.datamodel.IDMContext;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StopEvent;

/** Where each virtual CPU is between two events, as run control tells the session. */
@ConfinedToDsfExecutor("")
final class CpuStates {

	/** Where a virtual CPU is. */
	enum State {
		SUSPENDED, RESUMING, RUNNING, STEPPING, EXITED;

		/** It has not left its place yet. */
		boolean stands() {
			return this == SUSPENDED || this == RESUMING;
		}

		boolean moves() {
			return this == RUNNING || this == STEPPING;
		}
	}

	/** What is known of one virtual CPU. */
	private static final class Cpu {
		State state = State.SUSPENDED;
		@Nullable
		StopEvent stop;
		StateChangeReason reason = StateChangeReason.USER_REQUEST;
	}

	private final List<Cpu> cpus = new ArrayList<>();
	private @Nullable StopEvent newest;

	/** All of them stand still, for no known reason. */
	CpuStates(int count) {
		for (int cpu = 0; cpu < count; cpu++) {
			cpus.add(new Cpu());
		}
	}

	int count() {
		return cpus.size();
	}

	State of(int cpu) {
		return cpus.get(cpu).state;
	}

	/** The numbers of the virtual CPUs of a context that are in a state. */
	BitSet those(IDMContext context, Predicate<State> state) {
		BitSet found = new BitSet();
		Guest.vcpuOf(context).ifPresentOrElse(vcpu -> found.set(vcpu.cpu()), () -> found.set(0, count()));
		for (int cpu = found.nextSetBit(0); cpu >= 0; cpu = found.nextSetBit(cpu + 1)) {
			found.set(cpu, state.test(of(cpu)));
		}
		return found;
	}

	/** Whether all virtual CPUs of a context are in a state. */
	boolean all(IDMContext context, Predicate<State> state) {
		return those(context, state.negate()).isEmpty();
	}

	/** Whether any virtual CPU of a context is in a state. */
	boolean any(IDMContext context, Predicate<State> state) {
		return !those(context, state).isEmpty();
	}

	/** Virtual CPUs change their state, for a reason that is no stop. */
	void set(BitSet which, State state) {
		which.stream().forEach(cpu -> {
			cpus.get(cpu).state = state;
			if (!state.stands()) {
				cpus.get(cpu).stop = null;
			}
		});
	}

	/** A virtual CPU stands still. */
	void stopped(int cpu, StopEvent stop, StateChangeReason reason) {
		Cpu stopped = cpus.get(cpu);
		stopped.state = State.SUSPENDED;
		stopped.stop = stop;
		stopped.reason = reason;
		newest = stop;
	}

	/** The newest stop, while all virtual CPUs stand still. */
	Optional<StopEvent> stop() {
		return cpus.stream().allMatch(cpu -> cpu.stop != null) ? Optional.ofNullable(newest) : Optional.empty();
	}

	/** Why a virtual CPU stands still; empty while it moves. */
	Optional<StopEvent> stop(int cpu) {
		return Optional.ofNullable(cpus.get(cpu).stop);
	}

	/**
	 * DSF's word for why a context stands still or moves. Of a virtual CPU that was stopped with another one it is that the
	 * guest has stopped.
	 */
	StateChangeReason reason(IDMContext context) {
		Optional<StopEvent> stop = stopOf(context);
		if (stop.isEmpty()) {
			return any(context, State.STEPPING::equals) ? StateChangeReason.STEP : StateChangeReason.USER_REQUEST;
		}
		return concerns(stop.get(), context) ? cpus.get(stop.get().cpu()).reason : StateChangeReason.CONTAINER;
	}

	/** The stop of a context, where that itself caused it. */
	Optional<StopEvent> ownStop(IDMContext context) {
		return stopOf(context).filter(stop -> concerns(stop, context));
	}

	private Optional<StopEvent> stopOf(IDMContext context) {
		return Guest.vcpuOf(context).map(vcpu -> stop(vcpu.cpu())).orElseGet(this::stop);
	}

	private static boolean concerns(StopEvent stop, IDMContext context) {
		return Guest.vcpuOf(context).map(vcpu -> vcpu.cpu() == stop.cpu()).orElse(Boolean.TRUE);
	}
}
