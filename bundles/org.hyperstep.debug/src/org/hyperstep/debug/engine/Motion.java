/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StopEvent;

/** What the guest is doing while it runs: advanced slice by slice on the engine's thread until it has come to an end. */
interface Motion {

	/** Runs a slice of a few milliseconds at most. Returns why the guest stands still now, or null to go on. */
	@Nullable
	StopEvent advance();

	/** Whether it ends by itself soon. */
	boolean stepping();
}
