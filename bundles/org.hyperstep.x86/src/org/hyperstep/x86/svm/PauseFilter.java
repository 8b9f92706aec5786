/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

/**
 * Which PAUSE of those intercepted exits (AMD APM volume 2, "Pause Intercept Filtering"): one that finds the count used
 * up. The count starts anew at VMRUN, and, where there is a threshold, when the PAUSE before is longer ago than that.
 */
final class PauseFilter {
	private final Vmcb vmcb;
	private long left;
	private long latest;

	PauseFilter(Vmcb vmcb) {
		this.vmcb = vmcb;
	}

	/** VMRUN. */
	void begin() {
		left = vmcb.read(PAUSE_FILTER_COUNT);
		latest = Long.MIN_VALUE;
	}

	/** A PAUSE; whether it does not exit. {@code now} counts cycles, which are instructions here. */
	boolean lets(long now) {
		long threshold = vmcb.read(PAUSE_FILTER_THRESHOLD);
		if (threshold != 0 && latest != Long.MIN_VALUE && now - latest > threshold) {
			left = vmcb.read(PAUSE_FILTER_COUNT);
		}
		latest = now;
		if (left == 0) {
			return false;
		}
		left--;
		return true;
	}
}
