/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/**
 * Who delivers the interrupts of a virtual CPU's local APIC: the hypervisor, which injects them at entries, or hardware
 * that virtualizes the APIC (APICv, AVIC) and delivers by itself while the guest runs. Such hardware works on the APIC's
 * own register page ({@link org.hyperstep.machine.apic.LocalApic#page}), so that both see one state at all times.
 */
interface InterruptDelivery {
	/** The hypervisor injects everything; the APIC's page and MSRs are the machine's. */
	InterruptDelivery BY_HYPERVISOR = new InterruptDelivery() {
	};

	/**
	 * Whether hardware delivers the interrupts that the local APIC requests. External interrupts of the 8259 pair, and
	 * what the user asks for out of turn, the hypervisor injects all the same.
	 */
	default boolean byHardware() {
		return false;
	}

	/**
	 * Before each entry.
	 *
	 * @param held nothing is to be delivered: the hardware of this CPU is told not to, and goes on to virtualize the
	 *             APIC's registers
	 */
	default void enter(boolean held) {
		// nothing to tell
	}

	/** After each exit: the local APIC takes note of what the hardware did. */
	default void left() {
		// nothing was done
	}

	/**
	 * The local APIC has something for a CPU that may be in guest mode.
	 *
	 * @return whether the hardware was told and will deliver it; if not, the CPU has to leave the guest
	 */
	default boolean post() {
		return false;
	}

	/**
	 * Takes the hardware away, or gives it back: an access to the APIC that the hardware leaves to the hypervisor is
	 * emulated in between. Entries then hold back, as with {@link #enter}.
	 */
	default void suspend(boolean suspended) {
		// accesses go to the machine's local APIC anyhow
	}
}
