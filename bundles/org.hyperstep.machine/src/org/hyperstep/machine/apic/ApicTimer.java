/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * The timer of a local APIC (Intel SDM, "APIC Timer"). Its input clock is 1 GHz: one tick before the divider is one
 * nanosecond of virtual time.
 */
final class ApicTimer {

	/** Bits 18:17 of the timer's LVT entry. */
	enum Mode {
		ONE_SHOT, PERIODIC, TSC_DEADLINE, RESERVED;

		private static final Mode[] BY_CODE = values();

		static Mode of(int lvt) {
			return BY_CODE[lvt >> 17 & 3];
		}
	}

	private final VirtualTime time;
	private final Alarm alarm;
	private final Runnable expired;
	private Mode mode = Mode.ONE_SHOT;
	private long initialCount;
	private int divideConfiguration;
	/** When the present count-down began. */
	private long start;
	/** A one-shot count-down has ended and none has begun since: becoming periodic does not begin one. */
	private boolean stopped;
	/** IA32_TSC_DEADLINE, zero when not armed. */
	private long tscDeadline;
	/** What the time-stamp counter is ahead of virtual time. */
	private long timeStampOffset;

	ApicTimer(VirtualTime time, Runnable expired) {
		this.time = time;
		this.expired = expired;
		this.alarm = time.alarm(this::expire);
	}

	void reset() {
		mode = Mode.ONE_SHOT;
		initialCount = 0;
		divideConfiguration = 0;
		start = 0;
		stopped = false;
		tscDeadline = 0;
		alarm.cancel();
	}

	DeviceState state() {
		return new DeviceState().number("mode", () -> mode.ordinal(), v -> mode = Mode.values()[(int) v]) //$NON-NLS-1$
				.number("initialCount", () -> initialCount, v -> initialCount = v) //$NON-NLS-1$
				.number("divideConfiguration", () -> divideConfiguration, v -> divideConfiguration = (int) v) //$NON-NLS-1$
				.number("start", () -> start, v -> start = v) //$NON-NLS-1$
				.number("stopped", () -> stopped ? 1 : 0, v -> stopped = v != 0) //$NON-NLS-1$
				.number("tscDeadline", () -> tscDeadline, v -> tscDeadline = v) //$NON-NLS-1$
				.number("timeStampOffset", () -> timeStampOffset, v -> timeStampOffset = v) //$NON-NLS-1$
				.alarm("alarm", alarm); //$NON-NLS-1$
	}

	long initialCount() {
		return initialCount;
	}

	int divideConfiguration() {
		return divideConfiguration;
	}

	/** Follows a write of the LVT entry. Entering or leaving TSC-deadline mode disarms the timer. */
	void setMode(Mode next) {
		if (next == mode) {
			return;
		}
		if (next == Mode.TSC_DEADLINE || mode == Mode.TSC_DEADLINE) {
			initialCount = 0;
			tscDeadline = 0;
			alarm.cancel();
		} else if (mode == Mode.ONE_SHOT) {
			stopped = initialCount != 0 && currentCount() == 0;
		} else if (mode == Mode.PERIODIC) {
			// The count-down under way goes on as the last one.
			long left = currentCount();
			start = time.now() - (initialCount - left) * divisor();
		}
		mode = next;
		arm();
	}

	void setInitialCount(long count) {
		if (mode == Mode.TSC_DEADLINE) {
			return;
		}
		initialCount = count;
		stopped = false;
		start = time.now();
		arm();
	}

	void setDivideConfiguration(int configuration) {
		long left = currentCount();
		divideConfiguration = configuration;
		start = time.now() - (initialCount - left) * divisor();
		arm();
	}

	long currentCount() {
		if (initialCount == 0 || stopped || mode == Mode.TSC_DEADLINE) {
			return 0;
		}
		long elapsed = (time.now() - start) / divisor();
		if (mode == Mode.PERIODIC) {
			return initialCount - elapsed % initialCount;
		}
		return Math.max(0, initialCount - elapsed);
	}

	long tscDeadline() {
		return tscDeadline;
	}

	/** A write of IA32_TSC_DEADLINE: ignored in the other modes; zero disarms. */
	void setTscDeadline(long deadline) {
		if (mode == Mode.TSC_DEADLINE) {
			tscDeadline = deadline;
			arm();
		}
	}

	void setTimeStampOffset(long offset) {
		timeStampOffset = offset;
		if (mode == Mode.TSC_DEADLINE) {
			arm();
		}
	}

	private void arm() {
		if (mode == Mode.TSC_DEADLINE) {
			alarm.set(tscDeadline == 0 ? VirtualTime.NEVER : whenTimeStampIs(tscDeadline));
		} else if (initialCount == 0 || stopped || mode == Mode.ONE_SHOT && currentCount() == 0) {
			alarm.cancel();
		} else {
			alarm.set(start + initialCount * divisor());
		}
	}

	/** The TSC is unsigned; a deadline further away than virtual time can count is never. */
	private long whenTimeStampIs(long deadline) {
		long now = time.now();
		long ahead = deadline - (now + timeStampOffset);
		if (Long.compareUnsigned(deadline, now + timeStampOffset) <= 0) {
			return now;
		}
		return ahead < 0 || now + ahead < 0 ? VirtualTime.NEVER : now + ahead;
	}

	private void expire() {
		if (mode == Mode.TSC_DEADLINE) {
			tscDeadline = 0;
		} else if (mode == Mode.PERIODIC) {
			start += initialCount * divisor();
			alarm.set(start + initialCount * divisor());
		}
		expired.run();
	}

	/** Intel SDM, "Divide Configuration Register": bits 3, 1 and 0 count from divide by 2; 111b is divide by 1. */
	private int divisor() {
		int code = divideConfiguration & 3 | divideConfiguration >> 1 & 4;
		return code == 7 ? 1 : 2 << code;
	}
}
