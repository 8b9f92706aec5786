/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/**
 * What of the virtualization hardware is in use.
 *
 * @param nested the guest's processors offer VMX or SVM, so that the guest can be a hypervisor itself
 */
public record VirtualizationOptions(boolean nested) {
	/** Nested virtualization is offered. */
	public static final VirtualizationOptions DEFAULT = new VirtualizationOptions(true);

	public VirtualizationOptions withNested(boolean offered) {
		return new VirtualizationOptions(offered);
	}
}
