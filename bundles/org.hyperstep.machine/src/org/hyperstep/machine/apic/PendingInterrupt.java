/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/**
 * An event that waits for a processor.
 *
 * @param vector the vector of a fixed interrupt, the start-up vector of a SIPI, the vector that an external interrupt
 *               would have if it were acknowledged now, else -1
 * @param source what raised it, in words
 * @param since  virtual time in nanoseconds at which it was raised first
 */
public record PendingInterrupt(Kind kind, int vector, String source, long since) {

	/** Kinds of events that reach a processor over its local APIC. */
	public enum Kind {
		FIXED, EXTERNAL, NMI, SMI, INIT, STARTUP
	}
}
