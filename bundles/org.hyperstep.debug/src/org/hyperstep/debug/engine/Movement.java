/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReferenceArray;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.RunningException;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetException;

/**
 * Which CPUs move, and what comes of it: advances their motions in turn, slice by slice. In all-stop mode the guest moves
 * and stands still as a whole; in non-stop mode each CPU does for itself. On the engine's thread; what it says of stops and
 * of the end may be read on any.
 */
@SuppressWarnings("nls")
final class Movement implements EngineThread.Work {
	/** In place of a CPU's number: the guest as a whole. */
	static final int ALL = -1;

	/** Told of what happens, on the engine's thread. */
	interface Reporter {
		/** A CPU, or {@link #ALL}, begins to move. */
		void resumed(int cpu, boolean stepping);

		/** The CPU of the event, or in all-stop mode all, stand still. */
		void stopped(StopEvent event);

		void exited(ExitStatus status);
	}

	private final Machinery machinery;
	private final Reporter reporter;
	private final int cpus;
	/** What each CPU does; one that stands still does nothing. CPUs that run freely share one motion. */
	private final List<Doing> doing = new ArrayList<>();
	/** Why each CPU stands still; null for one that moves. */
	private final AtomicReferenceArray<@Nullable StopEvent> stops;
	/** The CPU whose motion had the last slice. */
	private int turn;
	/** Motions that had nothing to do, one after the other, since one of them had. */
	private int idleInARow;
	private long hostNanos;
	private volatile boolean nonStop;
	private volatile @Nullable StopEvent newest;
	private volatile @Nullable ExitStatus exitStatus;

	/** What one CPU does, and who waits for its end. */
	private static final class Doing {
		@Nullable
		Motion motion;
		@Nullable
		CompletableFuture<StopEvent> awaited;
	}

	Movement(Machinery machinery, Reporter reporter) {
		this.machinery = machinery;
		this.reporter = reporter;
		this.cpus = machinery.backEnd.cpus();
		machinery.onIdle(this::idle);
		this.stops = new AtomicReferenceArray<>(cpus);
		for (int cpu = 0; cpu < cpus; cpu++) {
			doing.add(new Doing());
		}
		StopEvent ready = new StopEvent.Ready(0, machinery.rip(0));
		newest = ready;
		standStill(ready);
	}

	private void standStill(StopEvent event) {
		for (int cpu = 0; cpu < cpus; cpu++) {
			stops.set(cpu, event);
		}
	}

	// What is asked, on any thread

	boolean nonStop() {
		return nonStop;
	}

	/** Why the guest stands still; null while any CPU moves, or the guest has ended. */
	@Nullable
	StopEvent lastStop() {
		for (int cpu = 0; cpu < cpus; cpu++) {
			if (stops.get(cpu) == null) {
				return null;
			}
		}
		return newest;
	}

	/** Why a CPU stands still; null while it moves or the guest has ended. */
	@Nullable
	StopEvent lastStop(int cpu) {
		return stops.get(cpu);
	}

	/** How the guest ended; null while it has not. */
	@Nullable
	ExitStatus exitStatus() {
		return exitStatus;
	}

	// What is asked on the engine's thread

	/** Host time in which the guest ran. */
	long hostNanos() {
		return hostNanos;
	}

	/** Whether anything moves. */
	boolean moving() {
		return doing.stream().anyMatch(one -> one.motion != null);
	}

	void requireAlive() throws TargetException {
		ExitStatus ended = exitStatus;
		if (ended != null) {
			throw new TargetException("The guest has ended: " + ended.text());
		}
	}

	/** The whole guest stands still. */
	void requireStop() throws TargetException {
		requireAlive();
		if (lastStop() == null) {
			throw new RunningException("The guest is running; suspend it first.");
		}
	}

	/** The CPU stands still. */
	void requireStop(int cpu) throws TargetException {
		requireAlive();
		if (stops.get(cpu) == null) {
			throw new RunningException(
					nonStop ? "CPU " + cpu + " is running; suspend it first."
							: "The guest is running; suspend it first.");
		}
	}

	// Orders

	void setNonStop(boolean wanted) throws TargetException {
		requireAlive();
		for (int cpu = 0; cpu < cpus; cpu++) {
			if (stops.get(cpu) == null) {
				throw new RunningException(
						"Whether CPUs stop and run each for itself can be changed only while all of them "
								+ "stand still, and CPU " + cpu + " is running; suspend the guest first.");
			}
		}
		nonStop = wanted;
	}

	/** Begins a motion of one CPU; the future completes with the stop at its end. */
	void start(int cpu, Motion started, CompletableFuture<StopEvent> outcome) throws TargetException {
		requireStop(cpu);
		Doing one = doing.get(cpu);
		one.motion = started;
		one.awaited = outcome;
		moves(nonStop ? cpu : ALL, started.stepping());
	}

	/** Lets CPUs that stand still run freely: one of them, or {@link #ALL}. */
	void run(int cpu) throws TargetException {
		requireAlive();
		int which = nonStop ? cpu : ALL;
		if (which == ALL && !nonStop) {
			requireStop();
		} else if (which != ALL) {
			requireStop(which);
		}
		ResumeMotion free = free();
		for (int one = 0; one < cpus; one++) {
			if ((which == ALL || which == one) && doing.get(one).motion == null) {
				free.add(one);
				doing.get(one).motion = free;
				if (nonStop) {
					moves(one, false);
				}
			}
		}
		if (!nonStop) {
			moves(ALL, false);
		}
	}

	private ResumeMotion free() {
		return doing.stream().map(one -> one.motion).filter(ResumeMotion.class::isInstance)
				.map(ResumeMotion.class::cast).findFirst().orElseGet(() -> new ResumeMotion(machinery));
	}

	private void moves(int which, boolean stepping) {
		for (int cpu = 0; cpu < cpus; cpu++) {
			if (which == ALL || which == cpu) {
				stops.set(cpu, null);
			}
		}
		reporter.resumed(which, stepping);
	}

	// Slices

	@Override
	public boolean slice() {
		Motion moving = next();
		if (moving == null) {
			return false;
		}
		long start = System.nanoTime();
		int idleBefore = idleInARow;
		StopEvent stop = advance(moving);
		if (idleInARow == idleBefore) {
			idleInARow = 0;
		}
		hostNanos += System.nanoTime() - start;
		ExitStatus ended = machinery.exit();
		if (ended != null) {
			exit(ended);
		} else if (stop != null) {
			stop(stop);
		}
		return moving();
	}

	/** The motion whose turn it is: that of the next CPU that does something else than the last one did. */
	private @Nullable Motion next() {
		Motion last = doing.get(turn).motion;
		for (int i = 1; i <= cpus; i++) {
			int cpu = (turn + i) % cpus;
			Motion motion = doing.get(cpu).motion;
			if (motion != null && (motion != last || i == cpus)) {
				turn = cpu;
				return motion;
			}
		}
		return last;
	}

	/** A motion has nothing to do: once that is so of all of them in turn, nothing can happen but from outside. */
	private void idle() {
		idleInARow++;
		if (idleInARow >= doing.stream().map(one -> one.motion).filter(Objects::nonNull).distinct().count()) {
			idleInARow = 0;
			machinery.backEnd.awaitInput();
		}
	}

	private @Nullable StopEvent advance(Motion moving) {
		try {
			return moving.advance();
		} catch (RuntimeException | AssertionError failure) {
			return new StopEvent.Failure(turn, machinery.rip(turn), Failures.describe(failure));
		}
	}

	@Override
	public void interrupt() {
		machinery.backEnd.interrupt();
	}

	/** What the event tells of stands still from now on, whatever it was doing: its CPU, or all. */
	void stop(StopEvent event) {
		newest = event;
		List<CompletableFuture<StopEvent>> told = new ArrayList<>();
		for (int cpu = 0; cpu < cpus; cpu++) {
			if (!nonStop || cpu == event.cpu()) {
				told.addAll(ends(cpu));
				stops.set(cpu, event);
			}
		}
		if (!moving()) {
			machinery.unmark();
		}
		reporter.stopped(event);
		told.forEach(outcome -> outcome.complete(event));
	}

	/** Ends what a CPU does. Returns who waits for it. */
	private List<CompletableFuture<StopEvent>> ends(int cpu) {
		Doing one = doing.get(cpu);
		if (one.motion instanceof ResumeMotion free) {
			free.remove(cpu);
		}
		one.motion = null;
		CompletableFuture<StopEvent> awaited = one.awaited;
		one.awaited = null;
		return awaited == null ? List.of() : List.of(awaited);
	}

	/** The guest has ended. */
	void exit(ExitStatus status) {
		List<CompletableFuture<StopEvent>> told = new ArrayList<>();
		exitStatus = status;
		for (int cpu = 0; cpu < cpus; cpu++) {
			told.addAll(ends(cpu));
			stops.set(cpu, null);
		}
		reporter.exited(status);
		told.forEach(outcome -> outcome
				.completeExceptionally(new TargetException("The guest has ended: " + status.text())));
	}
}
