/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

/** What a launch says about a setting that the workspace has, too. */
public enum LaunchSetting {
	/** As the workspace's preference says, and follows it. */
	WORKSPACE,
	/** Yes. */
	ON,
	/** No. */
	OFF;

	/** What is meant, where the workspace says {@code workspace}. */
	public boolean or(boolean workspace) {
		return this == WORKSPACE ? workspace : this == ON;
	}
}
