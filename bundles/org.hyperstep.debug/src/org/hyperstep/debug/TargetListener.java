/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.debug;

/** Told what happens to a target, on the engine's thread: it must return soon and may call the target. */
public interface TargetListener {

	/** The guest runs; {@code stepping} says that it will stop by itself soon. */
	default void resumed(Target target, boolean stepping) {
	}

	/** The guest stands still. */
	default void stopped(Target target, StopEvent event) {
	}

	/** The guest has ended. Nothing follows. */
	default void exited(Target target, ExitStatus status) {
	}

	/** The step policy is another one now. */
	default void policyChanged(Target target, StepPolicy policy) {
	}

	/** Memory or registers were changed by a tool while the guest stood still. */
	default void stateEdited(Target target) {
	}
}
