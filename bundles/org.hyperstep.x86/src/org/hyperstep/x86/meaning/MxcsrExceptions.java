/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.meaning;

import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.ExtendedState;

/** What the exceptions of SSE floating-point arithmetic lead to (Intel SDM, "SIMD Floating-Point Exceptions"). */
final class MxcsrExceptions {
	private static final int BEFORE = FloatUnit.INVALID | FloatUnit.DENORMAL | FloatUnit.DIVIDE_BY_ZERO;

	private MxcsrExceptions() {
	}

	/** Sets the flags that were raised; throws #XM, or #UD, for those that are not masked. Nothing is written before. */
	static void raise(Processor processor, FloatUnit unit) {
		for (int step = 0; step < FloatRounding.STEPS; step++) {
			raise(processor, unit.raisedInStep(step));
		}
		raise(processor, unit.raised());
	}

	private static void raise(Processor processor, int raised) {
		ExtendedState state = processor.state().extended;
		int unmasked = raised & ~(state.mxcsr >> 7);
		if (unmasked != 0) {
			// Exceptions found before the operation keep those of its result from being looked for.
			state.mxcsr |= (unmasked & BEFORE) != 0 ? raised & BEFORE : raised;
			boolean supported = (processor.state().cr4 & CpuState.CR4_OSXMMEXCPT) != 0;
			throw processor.fault().raise(supported ? Vector.XM : Vector.UD);
		}
		state.mxcsr |= raised;
	}
}
