/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.eclipse.core.runtime.jobs.Job;
import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.ui.HyperstepUi;

/**
 * Something asked of the engine, in the Progress view under its name while it lasts. It holds no thread. What the engine
 * refuses is told to the user in a dialog with the engine's sentence.
 */
public final class EngineRequest extends Job {
	private final Supplier<CompletableFuture<?>> request;

	private EngineRequest(String name, Supplier<CompletableFuture<?>> request) {
		super(name);
		this.request = request;
	}

	/** Any thread: asks, and returns at once. */
	public static Job ask(String name, Supplier<CompletableFuture<?>> request) {
		EngineRequest job = new EngineRequest(name, request);
		job.schedule();
		return job;
	}

	@Override
	protected IStatus run(@Nullable IProgressMonitor monitor) {
		request.get().whenComplete((value, failure) -> done(failure == null ? Status.OK_STATUS : refused(failure)));
		return ASYNC_FINISH;
	}

	private static IStatus refused(Throwable failure) {
		Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause()
				: failure;
		String message = cause.getMessage();
		return HyperstepUi.error(message == null ? cause.toString() : message, cause);
	}
}
