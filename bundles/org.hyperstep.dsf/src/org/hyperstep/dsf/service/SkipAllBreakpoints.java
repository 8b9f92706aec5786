/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import java.util.Arrays;

import org.eclipse.cdt.dsf.concurrent.ThreadSafe;
import org.eclipse.cdt.dsf.debug.service.BreakpointsMediator2;
import org.eclipse.debug.core.DebugPlugin;
import org.eclipse.debug.core.IBreakpointManager;
import org.eclipse.debug.core.IBreakpointManagerListener;
import org.eclipse.debug.core.model.IBreakpoint;

/**
 * Follows the platform's "Skip All Breakpoints". The mediator listens to single breakpoints only: it is told that each of
 * them has changed, and then asks whether the platform's breakpoints are enabled at all.
 */
@ThreadSafe
public final class SkipAllBreakpoints implements IBreakpointManagerListener, AutoCloseable {
	private final IBreakpointManager manager = DebugPlugin.getDefault().getBreakpointManager();
	private final BreakpointsMediator2 mediator;
	private final BreakpointTranslator translator;

	/** Follows it until closed. */
	public SkipAllBreakpoints(BreakpointsMediator2 mediator, BreakpointTranslator translator) {
		this.mediator = mediator;
		this.translator = translator;
		manager.addBreakpointManagerListener(this);
	}

	@Override
	public void breakpointManagerEnablementChanged(boolean enabled) {
		IBreakpoint[] ours = Arrays.stream(manager.getBreakpoints()).filter(translator::supportsBreakpoint)
				.toArray(IBreakpoint[]::new);
		mediator.breakpointsChanged(ours, null);
	}

	@Override
	public void close() {
		manager.removeBreakpointManagerListener(this);
	}
}
