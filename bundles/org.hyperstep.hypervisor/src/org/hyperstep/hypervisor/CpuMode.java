/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Operating modes of a virtual CPU. */
public enum CpuMode {
	REAL, VIRTUAL_8086, PROTECTED_16, PROTECTED_32, COMPATIBILITY_16, COMPATIBILITY_32, LONG_64
}
