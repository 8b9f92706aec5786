/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.selftest.guest;

import org.hyperstep.hypervisor.StepMechanism;
import org.hyperstep.hypervisor.Virtualization;
import org.hyperstep.machine.VirtualizationOptions;

/**
 * Virtualization with a step mechanism that it has, and with hardware that virtualizes the APIC or without: the columns of
 * the stepping tests.
 */
@SuppressWarnings("nls")
public enum StepCase {
	VMX_MONITOR_TRAP_FLAG("VMX, monitor trap flag", Virtualization.VMX, StepMechanism.MONITOR_TRAP_FLAG, false),
	VMX_RFLAGS_TF("VMX, RFLAGS.TF", Virtualization.VMX, StepMechanism.RFLAGS_TF, false),
	SVM_RFLAGS_TF("SVM, RFLAGS.TF", Virtualization.SVM, StepMechanism.RFLAGS_TF, false),
	VMX_MONITOR_TRAP_FLAG_APICV("VMX with APICv, monitor trap flag", Virtualization.VMX,
			StepMechanism.MONITOR_TRAP_FLAG, true),
	VMX_RFLAGS_TF_APICV("VMX with APICv, RFLAGS.TF", Virtualization.VMX, StepMechanism.RFLAGS_TF, true),
	SVM_RFLAGS_TF_AVIC("SVM with AVIC, RFLAGS.TF", Virtualization.SVM, StepMechanism.RFLAGS_TF, true);

	private final String label;
	private final Virtualization virtualization;
	private final StepMechanism mechanism;
	private final boolean virtualApic;

	StepCase(String label, Virtualization virtualization, StepMechanism mechanism, boolean virtualApic) {
		this.label = label;
		this.virtualization = virtualization;
		this.mechanism = mechanism;
		this.virtualApic = virtualApic;
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

	/** What of the virtualization hardware is in use. */
	public VirtualizationOptions options() {
		return VirtualizationOptions.DEFAULT.withVirtualApic(virtualApic);
	}
}
