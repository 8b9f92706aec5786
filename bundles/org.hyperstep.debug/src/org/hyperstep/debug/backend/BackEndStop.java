/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug.backend;

import org.hyperstep.debug.ExitStatus;

/** Why a back end came back to the engine. Immutable. */
public sealed interface BackEndStop {

	/** The CPU that it is about. */
	int cpu();

	/** The slice is used up; the guest would go on. */
	record SliceOver(int cpu) implements BackEndStop {
	}

	/** The next instruction carries a mark. */
	record MarkReached(int cpu, long linear) implements BackEndStop {
	}

	/** One step was made; {@code enteredVector} is that of the handler it entered, or -1. */
	record StepDone(int cpu, int enteredVector) implements BackEndStop {
	}

	/** Nothing that can happen wakes the CPU; so many events that would are masked. */
	record Halted(int cpu, int heldBack) implements BackEndStop {
	}

	/** The CPU shut down. */
	record TripleFault(int cpu) implements BackEndStop {
	}

	/** The CPU is halted and waits for input from outside, which may come at any time. */
	record Idle(int cpu) implements BackEndStop {
	}

	/** The machine was reset and stands before its first instruction; it would go on. */
	record Restarted(int cpu) implements BackEndStop {
	}

	/** The guest ended. */
	record Exited(int cpu, ExitStatus status) implements BackEndStop {
	}

	/** There is no rule for what happened. */
	record Failure(int cpu, String text) implements BackEndStop {
	}
}
