/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.machine.device.FloatErrorLatch;
import org.hyperstep.x86.FloatErrorLine;

/** Pins FERR# and IGNNE# of a processor, wired to the machine's latch. */
record MachineFloatError(FloatErrorLatch latch) implements FloatErrorLine {
	@Override
	public boolean raise() {
		return latch.raise();
	}

	@Override
	public void clear() {
		latch.clear();
	}
}
