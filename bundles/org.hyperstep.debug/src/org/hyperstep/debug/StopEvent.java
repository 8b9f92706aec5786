/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

import java.util.List;

/** Why the guest stands still, seen from the virtual CPU that caused it. Immutable. */
public sealed interface StopEvent {

	/** The virtual CPU that caused the stop. */
	int cpu();

	/** Linear address of the next instruction of that CPU. */
	long linear();

	/** The machine was built and has executed nothing yet. */
	record Ready(int cpu, long linear) implements StopEvent {
	}

	/** Breakpoints were met; the instruction they stand on has not been executed. */
	record BreakpointHit(int cpu, long linear, List<Breakpoint> breakpoints) implements StopEvent {
	}

	/**
	 * A step ended.
	 *
	 * @param enteredVector the vector of the interrupt or exception whose handler the step entered, or -1
	 */
	record StepDone(int cpu, long linear, StepKind kind, int enteredVector) implements StopEvent {
	}

	/** The user asked for it. */
	record Suspended(int cpu, long linear) implements StopEvent {
	}

	/**
	 * The CPU is halted, and what could wake it is held back by the debugger, or nothing can.
	 *
	 * @param heldBack number of events held back
	 */
	record Halted(int cpu, long linear, int heldBack) implements StopEvent {
	}

	/** An exception during the delivery of a double fault shut the CPU down; its state is that of the last fault. */
	record TripleFault(int cpu, long linear) implements StopEvent {
	}

	/** The engine found something that it has no rule for, and stopped rather than guess. */
	record Failure(int cpu, long linear, String text) implements StopEvent {
	}
}
