/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.launch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

import org.eclipse.cdt.dsf.concurrent.ConfinedToDsfExecutor;
import org.eclipse.cdt.dsf.concurrent.DataRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.DsfRunnable;
import org.eclipse.cdt.dsf.concurrent.ImmediateRequestMonitor;
import org.eclipse.cdt.dsf.concurrent.Query;
import org.eclipse.cdt.dsf.concurrent.RequestMonitor;
import org.eclipse.cdt.dsf.service.IDsfService;
import org.eclipse.core.runtime.CoreException;
import org.eclipse.core.runtime.ILog;
import org.hyperstep.dsf.HyperstepDsf;
import org.hyperstep.dsf.service.Guest;

/** What a launch has built so far, and how it is taken down again: the last thing first. */
final class GuestSession {

	/** Takes one thing down; the future completes when it is gone. */
	@FunctionalInterface
	interface Undo {
		CompletableFuture<?> undo();
	}

	private final Guest guest;
	private final Deque<Undo> undos = new ArrayDeque<>();

	GuestSession(Guest guest) {
		this.guest = guest;
	}

	Guest guest() {
		return guest;
	}

	/** Something has been built: this takes it down. */
	synchronized void built(Undo undo) {
		undos.push(undo);
	}

	/** Something has been built: this takes it down at once. */
	void built(Runnable undo) {
		built(() -> {
			undo.run();
			return CompletableFuture.completedFuture(Boolean.TRUE);
		});
	}

	/** Takes everything down. A failure on the way is logged and stops nothing. */
	CompletableFuture<?> stop() {
		Undo next;
		synchronized (this) {
			if (undos.isEmpty()) {
				return CompletableFuture.completedFuture(Boolean.TRUE);
			}
			next = undos.pop();
		}
		return next.undo().handle((done, failure) -> {
			if (failure != null) {
				ILog.get().log(HyperstepDsf.error(failure.toString(), failure));
			}
			return Boolean.TRUE;
		}).thenCompose(done -> stop());
	}

	/** What is done on the session's executor. */
	@FunctionalInterface
	interface OnExecutor {
		@ConfinedToDsfExecutor("")
		void execute(RequestMonitor rm);
	}

	/** Does something on the session's executor and waits for it, on any thread but that. */
	void perform(OnExecutor action) throws CoreException, InterruptedException {
		Query<Boolean> query = new Query<>() {
			@Override
			protected void execute(DataRequestMonitor<Boolean> rm) {
				action.execute(rm);
			}
		};
		try {
			guest.session().getExecutor().execute(query);
			query.get();
		} catch (RejectedExecutionException sessionIsOver) {
			throw HyperstepDsf.failure(Messages.Startup_over, sessionIsOver);
		} catch (ExecutionException failure) {
			if (failure.getCause() instanceof CoreException told) {
				throw told;
			}
			throw HyperstepDsf.failure(failure.toString(), failure);
		}
	}

	/** Starts a service and waits until it has started. */
	void start(IDsfService service) throws CoreException, InterruptedException {
		perform(service::initialize);
		built(() -> shutdown(service));
	}

	private CompletableFuture<?> shutdown(IDsfService service) {
		CompletableFuture<Boolean> gone = new CompletableFuture<>();
		// The session ends after its services: its executor takes this.
		guest.session().getExecutor().execute(new DsfRunnable() {
			@Override
			public void run() {
				service.shutdown(new ImmediateRequestMonitor() {
					@Override
					protected void handleCompleted() {
						if (!isSuccess()) {
							ILog.get().log(getStatus());
						}
						gone.complete(Boolean.TRUE);
					}
				});
			}
		});
		return gone;
	}
}
