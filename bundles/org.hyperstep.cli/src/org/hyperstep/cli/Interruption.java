/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Ctrl-C while a command runs. The process ends when its shutdown hooks have: this one tells the command and then waits, though
 * not for long, until the command has tidied up and closed this.
 */
final class Interruption implements AutoCloseable {
	private static final long LONGEST_WAIT = 3;

	private final CompletableFuture<Boolean> wanted = new CompletableFuture<>();
	private final CompletableFuture<Boolean> tidy = new CompletableFuture<>();
	private final Thread hook = new Thread(this::interrupt, "Hyperstep end"); //$NON-NLS-1$

	Interruption() {
		Runtime.getRuntime().addShutdownHook(hook);
	}

	/** Does {@code action}, on the hook's thread, when the user wants the process to end. */
	void whenWanted(Runnable action) {
		wanted.thenRun(action);
	}

	private void interrupt() {
		wanted.complete(Boolean.TRUE);
		tidy.completeOnTimeout(Boolean.FALSE, LONGEST_WAIT, TimeUnit.SECONDS).join();
	}

	@Override
	public void close() {
		tidy.complete(Boolean.TRUE);
		if (!wanted.isDone()) {
			try {
				Runtime.getRuntime().removeShutdownHook(hook);
			} catch (IllegalStateException ending) {
				// The process has begun to end, and the hook sees that all is tidy.
				return;
			}
		}
	}
}
