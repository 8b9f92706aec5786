/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
/** System instructions and the models of processors: segments, far transfers, control registers, MSRs, CPUID. */
@org.eclipse.jdt.annotation.NonNullByDefault
package org.hyperstep.x86.system;
