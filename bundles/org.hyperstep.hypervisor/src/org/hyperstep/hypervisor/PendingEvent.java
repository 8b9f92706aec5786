/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/**
 * An event that was raised for a virtual CPU and not yet delivered. Immutable.
 *
 * @param cpu     the virtual CPU
 * @param kind    what it is
 * @param vector  vector of an external interrupt; 2 for an NMI; 0 otherwise
 * @param source  where it comes from, readable ("local APIC timer", "8259 IRQ 4", "IPI from CPU 1")
 * @param since   retired instructions of the virtual CPU when it was raised
 * @param blocked why it is not delivered at the present boundary
 */
public record PendingEvent(int cpu, Kind kind, int vector, String source, long since, Blocked blocked) {

	/** Kinds of pending events. */
	public enum Kind {
		EXTERNAL_INTERRUPT, NMI, SMI
	}

	/** Why an event waits, the first reason that applies. */
	public enum Blocked {
		/** Nothing holds it: it is delivered before the next instruction. */
		DELIVERABLE,
		/** The event mask of the virtual CPU. */
		MASKED_BY_DEBUGGER,
		/** SVM's global interrupt flag is clear. */
		GLOBAL_INTERRUPT_FLAG_CLEAR,
		/** RFLAGS.IF is clear. */
		INTERRUPT_FLAG_CLEAR,
		/** Blocking by STI, for one instruction. */
		STI_SHADOW,
		/** Blocking by MOV SS, for one instruction. */
		MOV_SS_SHADOW,
		/** An NMI handler runs. */
		NMI_IN_SERVICE,
		/** System-management mode: an SMI handler runs. */
		SMI_IN_SERVICE,
		/** The task priority or an interrupt in service is of the same or a higher class. */
		PROCESSOR_PRIORITY,
		/** Another pending interrupt goes first. */
		LOWER_THAN_ANOTHER,
		/** The virtual CPU waits for a start-up IPI. */
		WAITING_FOR_STARTUP
	}
}
