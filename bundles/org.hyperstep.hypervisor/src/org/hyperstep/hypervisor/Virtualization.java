/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** The virtualization hardware that a guest runs on. */
public enum Virtualization {
	/** Intel VMX: VMX non-root operation under a VMCS. */
	VMX,
	/** AMD SVM: guest mode under a VMCB. */
	SVM;

	/** The name of a VM exit reason or exit code, as in its manual. */
	public String exitName(long number) {
		return this == VMX ? VmxExits.name(number) : SvmExits.name(number);
	}
}
