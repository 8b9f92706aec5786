/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.TargetException;

/**
 * The one thread that touches a guest. It takes orders from a queue; between them, while there is work to go on with, it
 * does a slice of that work. A slice takes milliseconds, so no order waits long.
 */
final class EngineThread {

	/** What the thread goes on with between orders. */
	interface Work {
		/** Does a slice. Returns whether there is more. */
		boolean slice();

		/** An order waits: the slice under way should end soon. Any thread. */
		void interrupt();
	}

	private final BlockingQueue<Runnable> orders = new LinkedBlockingQueue<>();
	private final Thread thread;
	private final Work work;
	private boolean busy;
	private boolean ended;
	private volatile boolean slicing;
	/** Guarded by {@link #orders}: no order is taken any more. */
	private boolean closed;

	EngineThread(String name, Work work) {
		this.work = work;
		this.thread = new Thread(this::loop, name);
		thread.setDaemon(true);
		thread.start();
	}

	/** Has an order executed; the future completes with its outcome. After the end it fails. */
	<T> CompletableFuture<T> order(Callable<T> order) {
		CompletableFuture<T> outcome = new CompletableFuture<>();
		synchronized (orders) {
			if (!closed) {
				orders.add(() -> execute(order, outcome));
				if (slicing) {
					work.interrupt();
				}
				return outcome;
			}
		}
		outcome.completeExceptionally(new TargetException("The debug session has ended.")); //$NON-NLS-1$
		return outcome;
	}

	/** What is done on the engine's thread. */
	@FunctionalInterface
	interface Action {
		void perform() throws Exception;
	}

	/** Has an action executed; the future completes when it is done. */
	CompletableFuture<Void> perform(Action action) {
		return CompletableFuture.allOf(order(() -> {
			action.perform();
			return Boolean.TRUE;
		}));
	}

	private static <T> void execute(Callable<T> order, CompletableFuture<T> outcome) {
		try {
			outcome.complete(order.call());
		} catch (Exception | AssertionError failure) {
			outcome.completeExceptionally(failure);
		}
	}

	/** On the engine's thread: go on with the work between orders. */
	void begin() {
		busy = true;
	}

	/** On the engine's thread: the work is interrupted. */
	void pause() {
		busy = false;
	}

	/** On the engine's thread: take no more orders than those that wait already. */
	void end() {
		busy = false;
		ended = true;
	}

	/** Waits until the thread is gone. Not on the engine's thread. */
	void join() {
		try {
			thread.join();
		} catch (InterruptedException stop) {
			Thread.currentThread().interrupt();
		}
	}

	boolean isCurrent() {
		return Thread.currentThread() == thread;
	}

	private void loop() {
		while (!ended) {
			@Nullable
			Runnable order = next();
			if (order != null) {
				order.run();
			} else if (busy) {
				slice();
			}
		}
		synchronized (orders) {
			closed = true;
		}
		orders.forEach(Runnable::run);
	}

	private void slice() {
		slicing = true;
		boolean more = work.slice();
		slicing = false;
		busy &= more;
	}

	private @Nullable Runnable next() {
		if (busy) {
			return orders.poll();
		}
		try {
			return orders.take();
		} catch (InterruptedException stop) {
			ended = true;
			return null;
		}
	}
}
