/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86;

/** The pins FERR# and IGNNE#, by which x87 exceptions are reported where CR0.NE is clear. On the machine's thread. */
public interface FloatErrorLine {
	/** Nothing is connected: the processor waits for an interrupt that never comes from here. */
	FloatErrorLine NONE = new FloatErrorLine() {
		@Override
		public boolean raise() {
			return false;
		}

		@Override
		public void clear() {
			// nobody listens
		}
	};

	/** FERR# is asserted. Returns whether IGNNE# is: then the instruction executes all the same. */
	boolean raise();

	/** FERR# is not asserted any more: no unmasked exception is pending. */
	void clear();
}
