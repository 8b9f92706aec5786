/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/** How much of the architecture the processors have: the levels of the x86-64 psABI. */
public enum CpuLevel {
	/** x86-64-v2: SSE4.2, POPCNT, CMPXCHG16B. */
	V2,
	/** x86-64-v3: AVX2, BMI, FMA, F16C, MOVBE, LZCNT and XSAVE in addition. */
	V3
}
