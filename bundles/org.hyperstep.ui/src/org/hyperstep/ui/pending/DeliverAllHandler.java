/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.handlers.HandlerUtil;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;

/** Delivers all that is held back from the guest that the user looks at, one CPU that stands still after the other. */
public final class DeliverAllHandler extends AbstractHandler {
	@Override
	public @Nullable Object execute(ExecutionEvent event) {
		Guests.lookedAt(HandlerUtil.getActiveWorkbenchWindow(event)).ifPresent(DeliverAllHandler::deliverAll);
		return null;
	}

	/** Has the engine deliver all that is pending; the stops that follow come back through the session. */
	static void deliverAll(Target guest) {
		EngineRequest.ask(Messages.bind(Messages.View_deliveringAll, guest.name()),
				() -> IntStream.range(0, guest.cpus()).boxed().reduce(CompletableFuture.completedFuture(Boolean.TRUE),
						(before, cpu) -> before.thenCompose(done -> deliverAll(guest, cpu.intValue())),
						(one, other) -> other));
	}

	private static CompletableFuture<Boolean> deliverAll(Target guest, int cpu) {
		return guest.running(cpu) ? CompletableFuture.completedFuture(Boolean.TRUE)
				: guest.pendingEvents(cpu)
						.thenCompose(events -> events.isEmpty() ? CompletableFuture.completedFuture(Boolean.TRUE)
								: guest.deliverAll(cpu).thenApply(stop -> Boolean.TRUE));
	}
}
