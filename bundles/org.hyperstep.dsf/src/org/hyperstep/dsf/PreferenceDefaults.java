/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.core.runtime.preferences.AbstractPreferenceInitializer;

/** Writes the defaults of {@link HypervisorPreferences} where preference pages look for them. */
public final class PreferenceDefaults extends AbstractPreferenceInitializer {
	@Override
	public void initializeDefaultPreferences() {
		HypervisorPreferences.defaults().putBoolean(HypervisorPreferences.MASK_INTERRUPTS,
				HypervisorPreferences.DEFAULT_MASK);
		HypervisorPreferences.defaults().put(HypervisorPreferences.MECHANISM,
				HypervisorPreferences.DEFAULT_MECHANISM.name());
	}
}
