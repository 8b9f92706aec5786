/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/**
 * How a guest ended.
 *
 * @param kind   what ended it
 * @param status the status for the host: 2·code+1 from the debug-exit port; 0 for a shutdown by the guest
 * @param text   one readable line
 */
public record ExitStatus(Kind kind, int status, String text) {

	/** What ended the guest. */
	public enum Kind {
		/** The guest wrote to its debug-exit port. */
		DEBUG_EXIT,
		/** The guest shut itself down or reset the machine. */
		SHUTDOWN,
		/** The debugger ended it. */
		TERMINATED,
		/** The engine could not go on. */
		FAILED
	}
}
