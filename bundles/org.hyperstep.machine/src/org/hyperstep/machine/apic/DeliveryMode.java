/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

/** Bits 10:8 of the interrupt command register and of local vector table entries, in the order of their codes. */
public enum DeliveryMode {
	FIXED, LOWEST_PRIORITY, SMI, RESERVED, NMI, INIT, STARTUP, EXTERNAL;

	private static final DeliveryMode[] BY_CODE = values();

	static DeliveryMode of(int register) {
		return BY_CODE[register >> 8 & 7];
	}
}
