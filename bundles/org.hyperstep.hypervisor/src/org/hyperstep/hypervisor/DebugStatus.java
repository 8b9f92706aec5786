/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Bits of DR6, of exit qualifications for debug exceptions and of pending debug exceptions (they agree). */
final class DebugStatus {
	/** B3:B0, BD, BS. */
	static final long DEBUG_STATUS = 0xe00f;
	static final long BREAKPOINTS = 0xf, BD = 1 << 13, BS = 1 << 14;
	/** DR6 with no event in it. */
	static final long DR6_CLEAN = 0xffff0ff0L;
	/** DR7.GD. */
	static final long GENERAL_DETECT = 1 << 13;
	/** IA32_DEBUGCTL.BTF. */
	static final long BRANCH_TRAP_FLAG = 2;

	private DebugStatus() {
	}
}
