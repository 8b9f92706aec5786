/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf.service;

import org.eclipse.cdt.dsf.concurrent.Immutable;
import org.eclipse.cdt.dsf.debug.service.IRunControl.IExecutionDMData2;
import org.eclipse.cdt.dsf.debug.service.IRunControl.StateChangeReason;
import org.eclipse.jdt.annotation.Nullable;

/**
 * What views show beside the guest or a virtual CPU.
 *
 * @param details more than the reason says, or empty
 */
@Immutable
record ExecutionData(StateChangeReason getStateChangeReason, String details) implements IExecutionDMData2 {
	@Override
	public @Nullable String getDetails() {
		return details.isEmpty() ? null : details;
	}
}
