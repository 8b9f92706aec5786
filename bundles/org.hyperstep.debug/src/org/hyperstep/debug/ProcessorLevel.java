/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** How much of the architecture the guest's processors have: the levels of the x86-64 psABI. */
public enum ProcessorLevel {
	/** x86-64-v2: SSE4.2, POPCNT, CMPXCHG16B. */
	V2,
	/** x86-64-v3: AVX2, BMI, FMA, F16C, MOVBE, LZCNT and XSAVE in addition. */
	V3;

	/** What a launch gets that says nothing. */
	public static final ProcessorLevel DEFAULT = V2;
}
