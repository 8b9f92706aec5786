/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.ui.handlers.HandlerUtil;
import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.Target;
import org.hyperstep.ui.session.EngineRequest;
import org.hyperstep.ui.session.Guests;

/** Masks the hardware interrupts of the running session while stepping, or no longer. The state follows the guest. */
public final class MaskHandler extends AbstractHandler {
	@Override
	public @Nullable Object execute(ExecutionEvent event) {
		Guests.lookedAt(HandlerUtil.getActiveWorkbenchWindow(event)).ifPresent(MaskHandler::toggle);
		return null;
	}

	private static void toggle(Target guest) {
		StepPolicy policy = guest.policy();
		boolean mask = !policy.masks();
		EngineRequest.ask(mask ? Messages.MaskHandler_masking : Messages.MaskHandler_unmasking,
				() -> guest.setPolicy(policy.withMask(mask)));
	}
}
