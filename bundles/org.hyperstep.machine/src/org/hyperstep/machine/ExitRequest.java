/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/**
 * The guest's wish that the machine stops.
 *
 * @param kind how it was said
 * @param code what was written to the debug-exit port; zero for the other kinds
 */
public record ExitRequest(Kind kind, long code) {

	/** How a guest can end the run. */
	public enum Kind {
		/** A write to the debug-exit port. */
		DEBUG_EXIT,
		/** A reset by the keyboard controller, by port 0x92 or by the reset control register. */
		RESET,
		/** Sleep state S3: nothing executes until something wakes the machine. */
		SLEEP,
		/** Power off. */
		SHUTDOWN
	}

	/** The exit status that a process gives for it: 2·code+1 for the debug-exit port, 0 otherwise; 8 bits. */
	public int status() {
		return kind == Kind.DEBUG_EXIT ? (int) (2 * code + 1) & 0xff : 0;
	}
}
