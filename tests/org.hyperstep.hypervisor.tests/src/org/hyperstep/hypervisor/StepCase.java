/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Virtualization with a step mechanism that it has: the columns of the stepping tests. */
enum StepCase {
	VMX_MONITOR_TRAP_FLAG(Virtualization.VMX, StepMechanism.MONITOR_TRAP_FLAG),
	VMX_RFLAGS_TF(Virtualization.VMX, StepMechanism.RFLAGS_TF),
	SVM_RFLAGS_TF(Virtualization.SVM, StepMechanism.RFLAGS_TF);

	final Virtualization virtualization;
	final StepMechanism mechanism;

	StepCase(Virtualization virtualization, StepMechanism mechanism) {
		this.virtualization = virtualization;
		this.mechanism = mechanism;
	}
}
