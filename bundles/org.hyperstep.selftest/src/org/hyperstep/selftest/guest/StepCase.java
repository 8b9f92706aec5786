/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest.guest;

import org.hyperstep.hypervisor.StepMechanism;
import org.hyperstep.hypervisor.Virtualization;

/** Virtualization with a step mechanism that it has: the columns of the stepping tests. */
@SuppressWarnings("nls")
public enum StepCase {
	VMX_MONITOR_TRAP_FLAG("VMX, monitor trap flag", Virtualization.VMX, StepMechanism.MONITOR_TRAP_FLAG),
	VMX_RFLAGS_TF("VMX, RFLAGS.TF", Virtualization.VMX, StepMechanism.RFLAGS_TF),
	SVM_RFLAGS_TF("SVM, RFLAGS.TF", Virtualization.SVM, StepMechanism.RFLAGS_TF);

	private final String label;
	private final Virtualization virtualization;
	private final StepMechanism mechanism;

	StepCase(String label, Virtualization virtualization, StepMechanism mechanism) {
		this.label = label;
		this.virtualization = virtualization;
		this.mechanism = mechanism;
	}

	/** For tables. */
	public String label() {
		return label;
	}

	public Virtualization virtualization() {
		return virtualization;
	}

	public StepMechanism mechanism() {
		return mechanism;
	}
}
