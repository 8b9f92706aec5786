/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

import org.hyperstep.debug.StepPolicy.Mechanism;

/** What a launch says about the step mechanism. */
public enum StepMechanismChoice {
	/** As the workspace's preference says, and follows it. */
	WORKSPACE,
	/** The best that the virtualization hardware has. */
	AUTOMATIC,
	/** VMX's monitor trap flag. */
	MONITOR_TRAP_FLAG,
	/** RFLAGS.TF with the debug exception intercepted. */
	RFLAGS_TF;

	/** The mechanism meant, where the workspace's is {@code workspace}. */
	public Mechanism or(Mechanism workspace) {
		return switch (this) {
			case WORKSPACE -> workspace;
			case AUTOMATIC -> Mechanism.AUTOMATIC;
			case MONITOR_TRAP_FLAG -> Mechanism.MONITOR_TRAP_FLAG;
			case RFLAGS_TF -> Mechanism.RFLAGS_TF;
		};
	}
}
