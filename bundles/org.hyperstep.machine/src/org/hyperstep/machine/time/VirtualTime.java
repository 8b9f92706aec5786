/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.time;

import java.util.Arrays;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * The machine's only clock: nanoseconds since reset, one for each retired instruction, plus what HLT skipped. Alarms are
 * kept in a flat array keyed by time; alarms of equal time ring in the order in which they were made, so that the same
 * input gives the same run. Confined to the machine's thread.
 */
public final class VirtualTime {
	/** A time that is not reached. */
	public static final long NEVER = Long.MAX_VALUE;
	/** Nanoseconds in a second. */
	public static final long SECOND = 1_000_000_000L;

	private long reached;
	private boolean ringing;
	private LongSupplier clock = () -> reached;
	private LongConsumer deadlineMoved = time -> {
	};
	private long[] deadlines = new long[16];
	private Alarm[] alarms = new Alarm[16];
	private int count;
	private long next = NEVER;

	/**
	 * Says where the present time is read from while a processor runs, and who must know when the next deadline moves.
	 *
	 * @param source        the present time in nanoseconds, exact within an instruction; never goes back
	 * @param deadlineMoved told of each change of {@link #nextDeadline()} that happens outside of {@link #advanceTo}, so
	 *                      that a running processor stops at the new one
	 */
	public void attach(LongSupplier source, LongConsumer deadlineMoved) {
		this.clock = source;
		this.deadlineMoved = deadlineMoved;
	}

	/** The present time in nanoseconds. While an alarm rings it is exactly the alarm's time. */
	public long now() {
		return ringing ? reached : Math.max(reached, clock.getAsLong());
	}

	/** When the next alarm is due, or {@link #NEVER}. */
	public long nextDeadline() {
		return next;
	}

	/**
	 * Moves the time forward and rings what is due, in order. To be called with the present time at an instruction
	 * boundary, or with a later one to skip over a halt.
	 */
	public void advanceTo(long time) {
		if (ringing) {
			throw new IllegalStateException("virtual time advanced from within an alarm"); //$NON-NLS-1$
		}
		while (next <= time) {
			ringEarliest();
		}
		reached = Math.max(reached, time);
	}

	/** Sets the clock back to {@code time} without ringing anything: for a reset or for a restored snapshot. */
	public void restart(long time) {
		reached = time;
	}

	/** Makes an alarm. The order of making decides between alarms of equal time. */
	public Alarm alarm(Runnable action) {
		if (count == deadlines.length) {
			deadlines = Arrays.copyOf(deadlines, 2 * count);
			alarms = Arrays.copyOf(alarms, 2 * count);
		}
		Alarm alarm = new Alarm(this, count, action);
		deadlines[count] = NEVER;
		alarms[count++] = alarm;
		return alarm;
	}

	long deadline(int index) {
		return deadlines[index];
	}

	void setDeadline(int index, long time) {
		deadlines[index] = time;
		long before = next;
		next = earliest();
		if (next != before && !ringing) {
			deadlineMoved.accept(next);
		}
	}

	private void ringEarliest() {
		int index = 0;
		while (deadlines[index] != next) {
			index++;
		}
		// An alarm set for a time already past rings now: time does not go back for it.
		reached = Math.max(reached, next);
		deadlines[index] = NEVER;
		ringing = true;
		try {
			alarms[index].ring();
		} finally {
			ringing = false;
			next = earliest();
		}
	}

	private long earliest() {
		long earliest = NEVER;
		for (int i = 0; i < count; i++) {
			earliest = Math.min(earliest, deadlines[i]);
		}
		return earliest;
	}
}
