/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** What becomes of a guest that resets its machine or shuts its processor down. */
public enum ResetPolicy {
	/** A reset starts the guest again, breakpoints and all; a triple fault stops it, so that it can be looked at. */
	RESTART,
	/** A triple fault, too, starts the guest again, as on a PC. */
	RESTART_AFTER_TRIPLE_FAULT,
	/** A reset ends the guest. */
	END
}
