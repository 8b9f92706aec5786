/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/** The guest used a feature that the processor model does not execute; the machine stops with its state. */
public final class UnsupportedHardware extends RuntimeException {
	private static final long serialVersionUID = 1L;

	/** Says what was used, in the manual's words. */
	public UnsupportedHardware(String feature) {
		super(feature);
	}
}
