/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/**
 * An event that waits for a processor.
 *
 * @param vector the vector of a fixed interrupt, the start-up vector of a SIPI, else -1: an external interrupt's vector
 *               is known at its acknowledgement only
 * @param source what raised it, in words
 * @param since  virtual time in nanoseconds at which it was raised first
 */
public record PendingInterrupt(Kind kind, int vector, String source, long since) {

	/** Kinds of events that reach a processor over its local APIC. */
	public enum Kind {
		FIXED, EXTERNAL, NMI, SMI, INIT, STARTUP
	}
}
