/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StopEvent;

/** All CPUs run, nothing is held back, until a breakpoint is met or the guest stops by itself. */
final class ResumeMotion implements Motion {
	private final Machinery machinery;

	ResumeMotion(Machinery machinery) {
		this.machinery = machinery;
		for (int cpu = 0; cpu < machinery.backEnd.cpus(); cpu++) {
			machinery.unmask(cpu);
		}
	}

	@Override
	public @Nullable StopEvent advance() {
		machinery.mark();
		return machinery.general(machinery.backEnd.run());
	}

	@Override
	public boolean stepping() {
		return false;
	}
}
