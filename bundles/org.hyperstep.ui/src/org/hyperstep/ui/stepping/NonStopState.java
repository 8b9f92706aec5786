/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import java.util.Optional;

import org.hyperstep.debug.Target;

/** Whether the CPUs of the guest that the user looks at stop and run each for itself. */
public final class NonStopState extends GuestState {
	@Override
	boolean holds(Optional<Target> ofGuest) {
		return ofGuest.filter(Target::nonStop).isPresent();
	}
}
