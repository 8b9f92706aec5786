/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/** The interrupt controller behind the INTR wire, as the interrupt acknowledge cycle sees it. */
public interface AcknowledgeCycle {
	/** Runs the cycle: the vector, which is a spurious one if nothing waits any more. */
	int acknowledge();

	/** The vector that {@link #acknowledge()} would give now; nothing is changed. */
	int vector();

	/** Which input it would be, in words, such as {@code 8259 IRQ 4}. */
	String source();
}
