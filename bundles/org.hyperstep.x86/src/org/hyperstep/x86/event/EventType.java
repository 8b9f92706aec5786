/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/** Types of events as VM-entry interruption information numbers them (Intel SDM, "VM-Entry Controls for Event Injection"). */
public final class EventType {
	public static final int EXTERNAL_INTERRUPT = 0, NMI = 2, HARDWARE_EXCEPTION = 3, SOFTWARE_INTERRUPT = 4,
			PRIVILEGED_SOFTWARE_EXCEPTION = 5, SOFTWARE_EXCEPTION = 6, OTHER = 7;

	private EventType() {
	}
}
