/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.PLE_GAP;
import static org.hyperstep.x86.vmx.VmcsField.PLE_WINDOW;

/**
 * Which PAUSE of a guest's kernel belongs to a loop that has gone on for too long (Intel SDM, "Instructions That Cause VM
 * Exits Conditionally": PAUSE). Times are ticks of the time-stamp counter.
 */
final class PauseLoop {
	private final Vmcs vmcs;
	private boolean begun;
	private long first;
	private long latest;

	PauseLoop(Vmcs vmcs) {
		this.vmcs = vmcs;
	}

	/** VM entry: the next PAUSE is the first in a loop. */
	void entered() {
		begun = false;
	}

	/** A PAUSE at CPL 0; whether it exits. */
	boolean exits(long now) {
		boolean goesOn = begun && now - latest <= vmcs.read(PLE_GAP);
		latest = now;
		if (!goesOn) {
			begun = true;
			first = now;
			return false;
		}
		return now - first > vmcs.read(PLE_WINDOW);
	}
}
