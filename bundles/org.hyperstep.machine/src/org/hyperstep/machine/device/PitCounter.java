/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.bus.DeviceState;

/**
 * One counter of an 8254 (Intel 8254 data sheet, "Mode Definitions"). Nothing is counted step by step: the state is the clock
 * at which the counting element was loaded ({@code origin}), and all else follows from the clocks since. A count written
 * is loaded with the clock after the write.
 */
@SuppressWarnings("nls")
final class PitCounter {
	/** A clock that does not come. */
	static final long NEVER = Long.MAX_VALUE;
	private static final int RW_LATCH = 0, RW_LOW = 1, RW_HIGH = 2, RW_BOTH = 3;

	private int mode;
	private boolean bcd;
	private int readWrite = RW_BOTH;
	/** The count register: 1 to 65536, or to 10000 in BCD. */
	private int count = 0x10000;
	/** Whether a count was written since the control word, and whether counting was triggered (modes 1 and 5). */
	private boolean counting;
	private long origin;
	/** While a low gate holds the counting: the clocks counted so far; else -1. */
	private long suspended = -1;
	private boolean gate;
	/** A count that waits for the end of the cycle (modes 2 and 3) or for the trigger (1 and 5); 0 for none. */
	private int nextCount;
	/** When it takes effect in modes 2 and 3, and the origin from then on. */
	private long switchClock;
	private long nextOrigin;
	private int lowByte;
	private boolean highByteNext;
	private boolean readHighNext;
	/** Latched count and status, -1 if none. */
	private int latchedCount = -1;
	private int latchedStatus = -1;

	void reset() {
		mode = 0;
		bcd = false;
		readWrite = RW_BOTH;
		count = 0x10000;
		counting = false;
		origin = 0;
		suspended = -1;
		gate = false;
		nextCount = 0;
		switchClock = 0;
		nextOrigin = 0;
		lowByte = 0;
		highByteNext = false;
		readHighNext = false;
		latchedCount = -1;
		latchedStatus = -1;
	}

	DeviceState state() {
		return new DeviceState().number("mode", () -> mode, v -> mode = (int) v).flag("bcd", () -> bcd, v -> bcd = v)
				.number("readWrite", () -> readWrite, v -> readWrite = (int) v)
				.number("count", () -> count, v -> count = (int) v).flag("counting", () -> counting, v -> counting = v)
				.number("origin", () -> origin, v -> origin = v)
				.number("suspended", () -> suspended, v -> suspended = v)
				.flag("gate", () -> gate, v -> gate = v).number("nextCount", () -> nextCount, v -> nextCount = (int) v)
				.number("switchClock", () -> switchClock, v -> switchClock = v)
				.number("nextOrigin", () -> nextOrigin, v -> nextOrigin = v)
				.number("lowByte", () -> lowByte, v -> lowByte = (int) v)
				.flag("highByteNext", () -> highByteNext, v -> highByteNext = v)
				.flag("readHighNext", () -> readHighNext, v -> readHighNext = v)
				.number("latchedCount", () -> latchedCount, v -> latchedCount = (int) v)
				.number("latchedStatus", () -> latchedStatus, v -> latchedStatus = (int) v);
	}

	// Programming

	/** A control word for this counter. */
	void control(int value, long now) {
		int access = value >> 4 & 3;
		if (access == RW_LATCH) {
			latchCount(now);
			return;
		}
		readWrite = access;
		// Modes 6 and 7 are 2 and 3: the highest bit is not looked at there.
		mode = (value >> 1 & 7) > 5 ? value >> 1 & 3 : value >> 1 & 7;
		bcd = (value & 1) != 0;
		counting = false;
		suspended = -1;
		nextCount = 0;
		highByteNext = false;
		readHighNext = false;
		latchedCount = -1;
		latchedStatus = -1;
	}

	/** A byte of the count. */
	void write(int value, long now) {
		switch (readWrite) {
			case RW_LOW -> load(value, now);
			case RW_HIGH -> load(value << 8, now);
			default -> {
				if (!highByteNext) {
					lowByte = value;
					highByteNext = true;
					if (mode == 0) {
						// The first byte stops the counting; the output goes low.
						counting = false;
					}
				} else {
					highByteNext = false;
					load(value << 8 | lowByte, now);
				}
			}
		}
	}

	private void load(int written, long now) {
		int value = bcd ? fromBcd(written) : written;
		if (value == 0) {
			value = bcd ? 10_000 : 0x10000;
		}
		settle(now);
		switch (mode) {
			case 0, 4 -> {
				count = value;
				counting = true;
				origin = now + 1;
				suspended = gate ? -1 : 0;
			}
			// The one-shot under way is not disturbed: the count waits for the trigger.
			case 1, 5 -> nextCount = value;
			default -> loadPeriodic(value, now);
		}
	}

	private void loadPeriodic(int value, long now) {
		if (!counting || !gate || now < origin) {
			count = value;
			counting = true;
			origin = now + 1;
			nextCount = 0;
			return;
		}
		long inCycle = (now - origin) % count;
		int high = (count + 1) / 2;
		nextCount = value;
		if (mode == 3 && inCycle < high) {
			// The new count begins where the high half ends, with a low half.
			switchClock = now - inCycle + high;
			nextOrigin = switchClock - (value + 1) / 2;
		} else {
			switchClock = now - inCycle + count;
			nextOrigin = switchClock;
		}
	}

	/** Takes a waiting count of the periodic modes into effect once its clock has come. */
	private void settle(long now) {
		if ((mode == 2 || mode == 3) && nextCount != 0 && now >= switchClock) {
			count = nextCount;
			origin = nextOrigin;
			nextCount = 0;
		}
	}

	void setGate(boolean level, long now) {
		settle(now);
		boolean triggered = mode == 1 || mode == 5;
		if (level && !gate) {
			if (mode == 0 || mode == 4) {
				origin = suspended < 0 ? origin : now + 1 - suspended;
			} else {
				trigger(now);
			}
			suspended = -1;
		} else if (!level && gate && counting && !triggered) {
			suspended = Math.max(0, now - origin);
		}
		gate = level;
	}

	private void trigger(long now) {
		if (nextCount != 0) {
			count = nextCount;
			nextCount = 0;
			counting = true;
		}
		origin = now + 1;
	}

	// Output

	/** Clocks since the count was loaded; negative before it is. */
	private long elapsed(long now) {
		return suspended >= 0 ? suspended : now - origin;
	}

	/** The OUT pin. */
	boolean output(long now) {
		settle(now);
		if (!counting) {
			return mode != 0;
		}
		long elapsed = elapsed(now);
		return switch (mode) {
			case 0 -> elapsed >= count;
			case 1 -> elapsed < 0 || elapsed >= count;
			case 2 -> !gate || elapsed < 0 || elapsed % count != count - 1;
			case 3 -> !gate || elapsed < 0 || elapsed % count < (count + 1) / 2;
			default -> elapsed != count;
		};
	}

	/** The next clock after {@code now} at which OUT may change, or {@link #NEVER}. */
	long nextChange(long now) {
		settle(now);
		if (!counting || suspended >= 0) {
			return NEVER;
		}
		long elapsed = elapsed(now);
		if (elapsed < 0) {
			return origin;
		}
		long next = switch (mode) {
			case 0, 1 -> elapsed < count ? origin + count : NEVER;
			case 2 -> gate ? now + ahead(elapsed % count, count - 1) : NEVER;
			case 3 -> gate ? now + ahead(elapsed % count, (count + 1) / 2) : NEVER;
			default -> elapsed < count ? origin + count : elapsed == count ? now + 1 : NEVER;
		};
		return nextCount != 0 && (mode == 2 || mode == 3) ? Math.min(next, switchClock) : next;
	}

	/** Clocks to the next of the two edges of a period: one at {@code edge}, one at its end. */
	private long ahead(long inCycle, int edge) {
		return inCycle < edge ? edge - inCycle : count - inCycle;
	}

	// Reading

	int read(long now) {
		if (latchedStatus >= 0) {
			int status = latchedStatus;
			latchedStatus = -1;
			return status;
		}
		int value = latchedCount >= 0 ? latchedCount : element(now);
		boolean high = readWrite == RW_HIGH || readWrite == RW_BOTH && readHighNext;
		if (readWrite == RW_BOTH) {
			readHighNext = !readHighNext;
		}
		if (readWrite != RW_BOTH || high) {
			latchedCount = -1;
		}
		return (high ? value >> 8 : value) & 0xff;
	}

	void latchCount(long now) {
		if (latchedCount < 0) {
			latchedCount = element(now);
		}
	}

	void latchStatus(long now) {
		if (latchedStatus < 0) {
			boolean nullCount = nextCount != 0 || counting && elapsed(now) < 0;
			latchedStatus = (output(now) ? 0x80 : 0) | (nullCount ? 0x40 : 0) | readWrite << 4 | mode << 1
					| (bcd ? 1 : 0);
		}
	}

	/** The counting element as it is read: 16 bits, or four BCD digits. */
	private int element(long now) {
		settle(now);
		long elapsed = counting ? Math.max(0, elapsed(now)) : 0;
		long value = switch (mode) {
			case 2 -> count - elapsed % count;
			case 3 -> squareWave(elapsed % count);
			default -> count - elapsed;
		};
		return bcd ? toBcd((int) Math.floorMod(value, 10_000L)) : (int) value & 0xffff;
	}

	/** Counts down by two, twice in a period; an odd count is loaded less one. */
	private long squareWave(long inCycle) {
		int high = (count + 1) / 2;
		long inHalf = inCycle < high ? inCycle : inCycle - high;
		return (count & ~1) - 2 * inHalf;
	}

	private static int fromBcd(int value) {
		return (value >> 12 & 15) * 1000 + (value >> 8 & 15) * 100 + (value >> 4 & 15) * 10 + (value & 15);
	}

	private static int toBcd(int value) {
		return value / 1000 << 12 | value / 100 % 10 << 8 | value / 10 % 10 << 4 | value % 10;
	}
}
