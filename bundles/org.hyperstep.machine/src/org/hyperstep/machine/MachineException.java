/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine;

/** The machine cannot be made on this host. The message is for the user. */
public final class MachineException extends Exception {
	private static final long serialVersionUID = 1L;

	public MachineException(String message) {
		super(message);
	}
}
