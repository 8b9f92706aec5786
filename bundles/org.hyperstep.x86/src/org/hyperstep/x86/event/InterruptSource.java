/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/** The interrupt controller of a processor in plain operation. Called on the machine's thread. */
public interface InterruptSource {
	/** Nothing ever interrupts. */
	InterruptSource NONE = new InterruptSource() {
		@Override
		public boolean interruptRequested() {
			return false;
		}

		@Override
		@SuppressWarnings("nls")
		public int acknowledge() {
			throw new IllegalStateException("no interrupt was requested");
		}
	};

	/** Whether the INTR line is asserted. */
	boolean interruptRequested();

	/** The acknowledge cycle: the vector of the interrupt, 0 to 255, which is in service from now on. */
	int acknowledge();
}
