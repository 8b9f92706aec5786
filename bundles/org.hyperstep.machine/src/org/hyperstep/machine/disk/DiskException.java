/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.disk;

/** A disk image cannot be used. The message, one line, is for the user: which file, what is wrong, what to do. */
public final class DiskException extends Exception {
	private static final long serialVersionUID = 1L;

	public DiskException(String message) {
		super(message);
	}
}
