/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** Told what happens to a target, on the engine's thread: it must return soon and may call the target. */
public interface TargetListener {

	/** The guest, or in non-stop mode a CPU of it, runs; {@code stepping} says that it will stop by itself soon. */
	default void resumed(Target target, boolean stepping) {
	}

	/**
	 * The same with the CPU.
	 *
	 * @param cpu the CPU that runs; -1 in all-stop mode, where all do
	 */
	default void resumed(Target target, int cpu, boolean stepping) {
		resumed(target, stepping);
	}

	/** The guest stands still; in non-stop mode the event's CPU does. */
	default void stopped(Target target, StopEvent event) {
	}

	/** The guest has ended. Nothing follows. */
	default void exited(Target target, ExitStatus status) {
	}

	/** The step policy is another one now. */
	default void policyChanged(Target target, StepPolicy policy) {
	}

	/** CPUs stop and run each for itself from now on, or all together. */
	default void nonStopChanged(Target target, boolean nonStop) {
	}

	/** Memory, registers or pending events were changed by a tool while the guest stood still. */
	default void stateEdited(Target target) {
	}
}
