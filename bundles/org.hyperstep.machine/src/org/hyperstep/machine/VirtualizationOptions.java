/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/**
 * What of the virtualization hardware is in use.
 *
 * @param nested      the guest's processors offer VMX or SVM, so that the guest can be a hypervisor itself
 * @param virtualApic the guest's local APICs are virtualized by hardware (APICv, AVIC), which delivers their interrupts
 *                    without the hypervisor
 */
public record VirtualizationOptions(boolean nested, boolean virtualApic) {
	/** Nested virtualization is offered; the hypervisor delivers interrupts. */
	public static final VirtualizationOptions DEFAULT = new VirtualizationOptions(true, false);

	public VirtualizationOptions withNested(boolean offered) {
		return new VirtualizationOptions(offered, virtualApic);
	}

	public VirtualizationOptions withVirtualApic(boolean used) {
		return new VirtualizationOptions(nested, used);
	}
}
