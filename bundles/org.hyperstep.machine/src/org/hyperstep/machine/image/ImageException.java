/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.image;

/** An image cannot be read or loaded. The message, one line, is for the user: which file, what is wrong, what to do. */
public final class ImageException extends Exception {
	private static final long serialVersionUID = 1L;

	public ImageException(String message) {
		super(message);
	}
}
