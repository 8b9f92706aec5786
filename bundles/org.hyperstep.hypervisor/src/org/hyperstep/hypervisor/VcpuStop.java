/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Why a virtual CPU came back to its user. Immutable. The guest's state is exact at an instruction boundary. */
public sealed interface VcpuStop {

	/** The virtual CPU that stopped. */
	int cpu();

	/** The slice of virtual time is used up. */
	record SliceOver(int cpu) implements VcpuStop {
	}

	/** An execution mark stands on the next instruction, which has not been executed. */
	record MarkReached(int cpu, long linear) implements VcpuStop {
	}

	/**
	 * One step was made.
	 *
	 * @param enteredVector the vector of the event whose handler the step entered, that of INT n, INT3 and INT1 included
	 *                      (the next instruction is the handler's first), or -1 when it entered none
	 */
	record StepDone(int cpu, int enteredVector) implements VcpuStop {
	}

	/**
	 * The CPU is halted or waits for a start-up IPI, and nothing that can happen wakes it.
	 *
	 * @param heldBack number of events that the event mask holds back and that would wake it
	 */
	record Halted(int cpu, int heldBack) implements VcpuStop {
	}

	/** An exception during the delivery of a double fault shut the CPU down. */
	record TripleFault(int cpu) implements VcpuStop {
	}

	/**
	 * A debug or breakpoint exception that belongs to the debugger's own settings ({@link GuestDebug}) was intercepted
	 * before its delivery.
	 *
	 * @param vector 1 (debug exception) or 3 (breakpoint)
	 * @param linear linear address of the instruction that RIP names
	 * @param dr6    what DR6 would read with this event alone; 0xffff0ff0 for a breakpoint
	 */
	record DebugExit(int cpu, int vector, long linear, long dr6) implements VcpuStop {
	}

	/**
	 * The guest ended the machine: the debug-exit port, a reset or power-off request.
	 *
	 * @param status the status that the guest gave
	 */
	record MachineExit(int cpu, int status) implements VcpuStop {
	}

	/** The hypervisor met a VM exit or a failure of VM entry for which it has no rule. The text tells all of it. */
	record UnexpectedExit(int cpu, String text) implements VcpuStop {
	}
}
