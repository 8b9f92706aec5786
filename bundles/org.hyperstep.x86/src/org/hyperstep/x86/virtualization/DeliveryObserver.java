/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/**
 * Told of events that a guest took through its IDT: a door for looking, of no effect on the guest. Called on the
 * machine's thread with RIP at the handler's first instruction.
 */
@FunctionalInterface
public interface DeliveryObserver {
	/** Nobody looks. */
	DeliveryObserver NONE = (vector, type, errorCode) -> {
	};

	/**
	 * An event was delivered.
	 *
	 * @param type      as VM-entry interruption information numbers it
	 * @param errorCode the error code pushed, or -1
	 */
	void delivered(int vector, int type, int errorCode);

	/** The processor takes an NMI that it was asked to deliver as soon as the guest can take one; it is pending no more. */
	default void nmiTaken() {
		// of no interest to most
	}

	/** Hardware that virtualizes the guest's APIC has requested an interrupt by itself: the guest's message to itself. */
	default void requested(int vector) {
		// of no interest to most
	}
}
