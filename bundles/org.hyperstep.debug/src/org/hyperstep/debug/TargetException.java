/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** The engine can't do what was asked; the message says what and why, for a user. */
public sealed class TargetException extends Exception permits RunningException {
	private static final long serialVersionUID = 1L;

	public TargetException(String message) {
		super(message);
	}

	public TargetException(String message, Throwable cause) {
		super(message, cause);
	}
}
