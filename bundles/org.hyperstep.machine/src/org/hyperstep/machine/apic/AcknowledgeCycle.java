/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/** The interrupt controller behind the INTR wire, as the acknowledge cycle sees it. */
public interface AcknowledgeCycle {
	/** Runs an interrupt acknowledge cycle: the vector, which is a spurious one if nothing waits any more. */
	int acknowledge();
}
