/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/**
 * An event that a CPU has not taken yet. Immutable.
 *
 * @param cpu     the virtual CPU
 * @param kind    what kind of event
 * @param vector  its vector, 2 for NMI, 0 for SMI
 * @param source  where it comes from, readable: {@code local APIC timer}, {@code self-IPI}, {@code PIC IRQ 4}
 * @param since   retired instructions of the CPU when it was raised
 * @param reason  why it is not delivered
 */
public record PendingEvent(int cpu, Kind kind, int vector, String source, long since, Reason reason) {

	/** Kinds of events that can be held back. */
	public enum Kind {
		INTERRUPT, NMI, SMI
	}

	/** Why it has not been delivered. */
	public enum Reason {
		/** Nothing holds it back: it is delivered with the next instruction. */
		DELIVERABLE,
		/** The debugger masks its kind on this CPU. */
		MASKED_BY_DEBUGGER,
		/** RFLAGS.IF is 0. */
		INTERRUPT_FLAG_CLEAR,
		/** Its priority class does not exceed that of the task or of an interrupt in service. */
		PROCESSOR_PRIORITY,
		/** The instruction after STI. */
		STI_SHADOW,
		/** The instruction after MOV SS or POP SS. */
		MOV_SS_SHADOW,
		/** An NMI handler runs. */
		NMI_IN_SERVICE,
		/** A handler of system-management interrupts runs. */
		SMI_IN_SERVICE,
		/** SVM's global interrupt flag is 0. */
		GLOBAL_INTERRUPT_FLAG_CLEAR,
		/** Another pending interrupt goes first. */
		LOWER_THAN_ANOTHER,
		/** The CPU waits for a start-up IPI. */
		WAITING_FOR_STARTUP
	}

	/** Whether it is the same event, whatever holds it back now. */
	public boolean sameEvent(PendingEvent other) {
		return cpu == other.cpu && kind == other.kind && vector == other.vector && since == other.since;
	}
}
