/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** The virtualization hardware that the guest runs on. */
public enum Virtualization {
	/** Intel VMX. */
	VMX,
	/** AMD SVM. */
	SVM
}
