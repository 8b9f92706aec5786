/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.ui.stepping;

import java.util.Optional;

import org.hyperstep.debug.StepPolicy;
import org.hyperstep.debug.Target;
import org.hyperstep.dsf.HypervisorPreferences;
import org.hyperstep.dsf.StepSetting;

/** Whether the guest that the user looks at masks hardware interrupts while stepping. */
public final class MaskState extends GuestState {
	@Override
	boolean holds(Optional<Target> ofGuest) {
		return ofGuest.map(Target::policy).map(StepPolicy::masks)
				.orElseGet(() -> HypervisorPreferences.isOn(StepSetting.MASK_INTERRUPTS)).booleanValue();
	}
}
