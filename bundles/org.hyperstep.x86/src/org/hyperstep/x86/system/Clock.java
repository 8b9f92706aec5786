/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

/** The processor's time, in instructions retired and in ticks of its time-stamp counter. */
public interface Clock {
	/** Instructions retired since reset. */
	long retired();

	/** The time-stamp counter without a guest's offset. */
	long timeStampCounter();

	/** Sets the time-stamp counter. */
	void setTimeStampCounter(long value);
}
