/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** What was asked can be answered or done only while a CPU, or the guest, stands still; it moves now. */
public final class RunningException extends TargetException {
	private static final long serialVersionUID = 1L;

	public RunningException(String message) {
		super(message);
	}
}
