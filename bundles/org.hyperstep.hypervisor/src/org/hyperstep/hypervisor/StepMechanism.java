/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** How a virtual CPU is made to stop after one instruction. */
public enum StepMechanism {
	/** The best one that the virtualization hardware has: monitor trap flag on VMX, RFLAGS.TF on SVM. */
	AUTOMATIC,
	/** VMX's monitor trap flag. */
	MONITOR_TRAP_FLAG,
	/** RFLAGS.TF with the debug exception intercepted; nothing of it is visible to the guest. */
	RFLAGS_TF
}
