/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.concurrent.CompletableFuture;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.ExitStatus;
import org.hyperstep.debug.StopEvent;
import org.hyperstep.debug.TargetException;

/**
 * Whether the guest moves, and what comes of it: advances the present motion slice by slice. On the engine's thread; what
 * it says of the last stop and of the end may be read on any.
 */
@SuppressWarnings("nls")
final class Movement implements EngineThread.Work {

	/** Told of what happens, on the engine's thread. */
	interface Reporter {
		void resumed(StopEvent from, boolean stepping);

		void stopped(StopEvent event);

		void exited(ExitStatus status);
	}

	private final Machinery machinery;
	private final Reporter reporter;
	private @Nullable Motion motion;
	private @Nullable CompletableFuture<StopEvent> awaited;
	private long hostNanos;
	private volatile @Nullable StopEvent lastStop;
	private volatile @Nullable ExitStatus exitStatus;

	Movement(Machinery machinery, Reporter reporter) {
		this.machinery = machinery;
		this.reporter = reporter;
		this.lastStop = new StopEvent.Ready(0, machinery.rip(0));
	}

	/** Why the guest stands still; null while it runs or has ended. Any thread. */
	@Nullable
	StopEvent lastStop() {
		return lastStop;
	}

	/** How the guest ended; null while it has not. Any thread. */
	@Nullable
	ExitStatus exitStatus() {
		return exitStatus;
	}

	/** Host time in which the guest ran. */
	long hostNanos() {
		return hostNanos;
	}

	void requireAlive() throws TargetException {
		ExitStatus ended = exitStatus;
		if (ended != null) {
			throw new TargetException("The guest has ended: " + ended.text());
		}
	}

	/** The present stop. */
	StopEvent requireStop() throws TargetException {
		requireAlive();
		StopEvent stop = lastStop;
		if (stop == null) {
			throw new TargetException("The guest is running; suspend it first.");
		}
		return stop;
	}

	/** Begins a motion; the future completes with the stop at its end. */
	void start(Motion started, CompletableFuture<StopEvent> outcome) throws TargetException {
		StopEvent from = requireStop();
		motion = started;
		awaited = outcome;
		lastStop = null;
		reporter.resumed(from, started.stepping());
	}

	@Override
	public boolean slice() {
		Motion moving = motion;
		if (moving == null) {
			return false;
		}
		long start = System.nanoTime();
		StopEvent stop = advance(moving);
		hostNanos += System.nanoTime() - start;
		ExitStatus ended = machinery.exit();
		if (ended != null) {
			exit(ended);
		} else if (stop != null) {
			stop(stop);
		}
		return motion != null;
	}

	private @Nullable StopEvent advance(Motion moving) {
		try {
			return moving.advance();
		} catch (RuntimeException | AssertionError failure) {
			return new StopEvent.Failure(0, machinery.rip(0), Failures.describe(failure));
		}
	}

	@Override
	public void interrupt() {
		machinery.backEnd.interrupt();
	}

	/** The guest stands still from now on, whatever it was doing. */
	void stop(StopEvent event) {
		motion = null;
		machinery.unmark();
		lastStop = event;
		reporter.stopped(event);
		CompletableFuture<StopEvent> outcome = awaited;
		awaited = null;
		if (outcome != null) {
			outcome.complete(event);
		}
	}

	/** The guest has ended. */
	void exit(ExitStatus status) {
		motion = null;
		lastStop = null;
		exitStatus = status;
		CompletableFuture<StopEvent> outcome = awaited;
		awaited = null;
		reporter.exited(status);
		if (outcome != null) {
			outcome.completeExceptionally(new TargetException("The guest has ended: " + status.text()));
		}
	}
}
