/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.eclipse.core.runtime.preferences.AbstractPreferenceInitializer;

/** Writes the defaults of {@link HypervisorPreferences} where preference pages look for them. */
public final class PreferenceDefaults extends AbstractPreferenceInitializer {
	@Override
	public void initializeDefaultPreferences() {
		for (StepSetting setting : StepSetting.values()) {
			HypervisorPreferences.defaults().putBoolean(setting.preference(), setting.defaultValue());
		}
		HypervisorPreferences.defaults().put(HypervisorPreferences.JOURNAL_SIZE,
				HypervisorPreferences.DEFAULT_JOURNAL_SIZE);
		HypervisorPreferences.defaults().put(HypervisorPreferences.MECHANISM,
				HypervisorPreferences.DEFAULT_MECHANISM.name());
	}
}
