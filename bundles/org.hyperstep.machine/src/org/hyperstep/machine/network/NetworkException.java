/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.network;

/** A network cannot be had. The message, one line, is for the user. */
public final class NetworkException extends Exception {
	private static final long serialVersionUID = 1L;

	public NetworkException(String message) {
		super(message);
	}
}
