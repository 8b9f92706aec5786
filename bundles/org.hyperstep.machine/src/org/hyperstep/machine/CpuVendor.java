/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/** Makers of processors. */
public enum CpuVendor {
	INTEL, AMD
}
