/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.state;

import java.util.Arrays;

/** The last branch records of Intel's processors (Intel SDM, "LBR Stack"), a ring. */
public final class BranchStack {
	/** Entries of the processor that introduced these registers; on all models here. */
	public static final int DEPTH = 16;

	/** RIPs of the branches, and where they went, by number of the register. */
	public final long[] from = new long[DEPTH], to = new long[DEPTH];
	/** Number of the registers with the most recent branch. */
	public int top;

	/** Records a branch in place of the oldest. */
	public void push(long source, long target) {
		top = top + 1 & DEPTH - 1;
		from[top] = source;
		to[top] = target;
	}

	/** As after RESET. */
	public void clear() {
		top = 0;
		Arrays.fill(from, 0);
		Arrays.fill(to, 0);
	}
}
