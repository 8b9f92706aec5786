/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.debug;

import org.eclipse.cdt.debug.core.model.ICBreakpoint;
import org.eclipse.debug.core.model.IDebugModelProvider;
import org.hyperstep.dsf.HyperstepDsf;

/** The debug models of a session: our own, and that of CDT's C breakpoints, which it takes. */
final class DebugModels implements IDebugModelProvider {
	@Override
	public String[] getModelIdentifiers() {
		return new String[] { HyperstepDsf.DEBUG_MODEL, ICBreakpoint.C_BREAKPOINTS_DEBUG_MODEL_ID };
	}
}
