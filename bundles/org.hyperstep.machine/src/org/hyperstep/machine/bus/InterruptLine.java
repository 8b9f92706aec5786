/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.bus;

/** A wire from a device to an interrupt controller. */
@FunctionalInterface
public interface InterruptLine {
	/** Drives the wire: {@code true} is the asserted level. Repeating a level has no effect. */
	void set(boolean asserted);
}
