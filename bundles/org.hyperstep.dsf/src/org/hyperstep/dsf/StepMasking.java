/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.dsf;

/** What a launch says about masking hardware interrupts while stepping. */
public enum StepMasking {
	/** As the workspace's preference says, and follows it. */
	WORKSPACE,
	/** Masked. */
	ON,
	/** Not masked. */
	OFF
}
