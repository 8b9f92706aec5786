/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.engine;

import java.util.BitSet;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.debug.StopEvent;

/** CPUs run freely and in turn, nothing of theirs is held back, until one meets a breakpoint or stops by itself. */
final class ResumeMotion implements Motion {
	private final Machinery machinery;
	private final BitSet cpus = new BitSet();

	/** A run of no CPU. */
	ResumeMotion(Machinery machinery) {
		this.machinery = machinery;
	}

	/** A CPU runs, too, from now on. */
	void add(int cpu) {
		machinery.unmask(cpu);
		cpus.set(cpu);
	}

	/** A CPU runs no longer. */
	void remove(int cpu) {
		cpus.clear(cpu);
	}

	@Override
	public @Nullable StopEvent advance() {
		machinery.mark();
		return machinery.general(machinery.backEnd.run(cpus));
	}

	@Override
	public boolean stepping() {
		return false;
	}
}
