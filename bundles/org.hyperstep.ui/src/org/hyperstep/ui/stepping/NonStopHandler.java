/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.handlers.HandlerUtil;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;

/** Lets the CPUs of the running session stop and run each for itself, or all together. The state follows the guest. */
public final class NonStopHandler extends AbstractHandler {
	@Override
	public @Nullable Object execute(ExecutionEvent event) {
		Guests.lookedAt(HandlerUtil.getActiveWorkbenchWindow(event)).ifPresent(NonStopHandler::toggle);
		return null;
	}

	private static void toggle(Target guest) {
		boolean nonStop = !guest.nonStop();
		EngineRequest.ask(nonStop ? Messages.NonStopHandler_nonStop : Messages.NonStopHandler_allStop,
				() -> guest.setNonStop(nonStop));
	}
}
