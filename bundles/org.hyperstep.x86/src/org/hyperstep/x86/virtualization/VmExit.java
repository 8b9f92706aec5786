/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/** Control transfer out of the guest; carries nothing (the context has noted the exit's information). */
public final class VmExit extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** The only instance. */
	public static final VmExit SIGNAL = new VmExit();

	private VmExit() {
		super(null, null, false, false);
	}
}
