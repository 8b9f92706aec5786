/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import org.eclipse.core.runtime.IProgressMonitor;
import org.eclipse.core.runtime.IStatus;
import org.eclipse.core.runtime.Status;
import org.hyperstep.debug.PendingEvent;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.GuestFeed;

/**
 * Asks a guest what is pending, at each stop and twice a second while it runs, and hands the answers on from the engine's
 * thread. No thread waits for an answer.
 */
final class PendingFeed extends GuestFeed {
	/** Milliseconds between two questions to a running guest. */
	private static final long INTERVAL = 500;

	private final Consumer<List<PendingEvent>> answers;

	PendingFeed(Target guest, Consumer<List<PendingEvent>> answers) {
		super(Messages.PendingFeed_name, guest, INTERVAL);
		this.answers = answers;
		begin();
	}

	@Override
	protected IStatus run(IProgressMonitor monitor) {
		if (isClosed()) {
			return Status.OK_STATUS;
		}
		if (guest().exitStatus().isPresent()) {
			answers.accept(List.of());
			return Status.OK_STATUS;
		}
		List<CompletableFuture<List<PendingEvent>>> cpus = IntStream.range(0, guest().cpus())
				.mapToObj(guest()::pendingEvents).toList();
		CompletableFuture.allOf(cpus.toArray(CompletableFuture[]::new)).whenComplete((all, failure) -> {
			if (!isClosed()) {
				// a guest that ended meanwhile answers with a failure: nothing is pending any more
				answers.accept(
						failure == null ? cpus.stream().flatMap(cpu -> cpu.join().stream()).toList() : List.of());
				lookAgain();
			}
		});
		return Status.OK_STATUS;
	}

	@Override
	public void policyChanged(Target target, StepPolicy policy) {
		schedule();
	}

	@Override
	public void stateEdited(Target target) {
		schedule();
	}
}
