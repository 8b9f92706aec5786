/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.time;

/** One entry of the timer queue, made once by its owner and then set as often as wanted. */
public final class Alarm {
	private final VirtualTime time;
	private final int index;
	private final Runnable action;

	Alarm(VirtualTime time, int index, Runnable action) {
		this.time = time;
		this.index = index;
		this.action = action;
	}

	/** Rings at {@code deadline} nanoseconds of virtual time; replaces what was set before. */
	public void set(long deadline) {
		time.setDeadline(index, deadline);
	}

	public void cancel() {
		time.setDeadline(index, VirtualTime.NEVER);
	}

	/** When it rings, or {@link VirtualTime#NEVER}. */
	public long deadline() {
		return time.deadline(index);
	}

	void ring() {
		action.run();
	}
}
