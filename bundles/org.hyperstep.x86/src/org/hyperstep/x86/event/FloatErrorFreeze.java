/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/**
 * A waiting x87 instruction stands still before a pending exception that goes through FERR#: it is tried again at each
 * boundary until an interrupt is taken there (Intel SDM, "MS-DOS Compatibility Sub-mode"). Preallocated, stackless.
 */
public final class FloatErrorFreeze extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** The only instance. */
	public static final FloatErrorFreeze SIGNAL = new FloatErrorFreeze();

	@SuppressWarnings("nls")
	private FloatErrorFreeze() {
		super("FERR#", null, false, false);
	}
}
