/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

/** Hardware task switches, as event delivery needs them. */
@FunctionalInterface
public interface TaskGates {
	/** No processor is without them. */
	TaskGates NONE = (selector, ext, errorCode, returnRip, flags) -> {
		throw new IllegalStateException("no task gates"); //$NON-NLS-1$
	};

	/**
	 * An event goes through a task gate. A fault or an exit before the point of no return leaves all registers as they
	 * were; a fault behind it is one of the new task and waits for the next boundary. RIP is the new task's then.
	 *
	 * @param selector  of the TSS, from the gate
	 * @param ext       bit EXT of error codes
	 * @param errorCode to push on the new task's stack, or {@link GuestFault#NO_ERROR_CODE}
	 * @param returnRip RIP that the old task resumes at
	 * @param flags     RFLAGS that the old task resumes with
	 */
	void enter(int selector, int ext, int errorCode, long returnRip, long flags);
}
