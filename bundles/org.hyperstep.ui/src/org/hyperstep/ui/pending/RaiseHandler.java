/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.pending;

import java.util.Arrays;

import org.eclipse.core.commands.AbstractHandler;
import org.eclipse.core.commands.ExecutionEvent;
import org.eclipse.core.commands.ExecutionException;
import org.eclipse.jdt.annotation.Nullable;
import org.eclipse.swt.widgets.Shell;
import org.eclipse.ui.handlers.HandlerUtil;
import org.hyperstep.ui.session.Guests;

/** Raises an event at the guest that the user looks at, wherever in the workbench he is. */
public final class RaiseHandler extends AbstractHandler {
	@Override
	public @Nullable Object execute(ExecutionEvent event) throws ExecutionException {
		Shell shell = HandlerUtil.getActiveShellChecked(event);
		Arrays.stream(Raise.values()).filter(each -> each.command().equals(event.getCommand().getId()))
				.forEach(raise -> Guests.lookedAt(HandlerUtil.getActiveWorkbenchWindow(event))
						.ifPresent(guest -> raise.perform(shell, guest)));
		return null;
	}
}
