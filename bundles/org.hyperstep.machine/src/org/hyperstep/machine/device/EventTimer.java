/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.time.Alarm;

/** One comparator of the {@link EventTimers} (IA-PC HPET specification, "Timer N Configuration and Capabilities Register"). */
@SuppressWarnings("nls")
final class EventTimer {
	private static final int CONFIGURATION = 0x00, COMPARATOR = 0x08, MESSAGE = 0x10;
	private static final long LEVEL = 1 << 1, ENABLE = 1 << 2, PERIODIC = 1 << 3, PERIODIC_POSSIBLE = 1 << 4,
			WIDE_POSSIBLE = 1 << 5, SET_VALUE = 1 << 6, NARROW = 1 << 8, MESSAGES = 1 << 14,
			MESSAGES_POSSIBLE = 1 << 15;
	private static final int ROUTE = 9, ROUTE_BITS = 0x1f, FIRST_PIN = 16;
	private static final long WRITABLE = LEVEL | ENABLE | PERIODIC | SET_VALUE | NARROW | (long) ROUTE_BITS << ROUTE
			| MESSAGES;
	/** Pins 16 to 23 of the I/O APIC, to which nothing else is wired. */
	private static final long CAPABILITIES = 0xff0000L << 32 | MESSAGES_POSSIBLE | WIDE_POSSIBLE | PERIODIC_POSSIBLE;

	private final Machine machine;
	private final EventTimers timers;
	private final Alarm alarm;
	private final InterruptLine[] lines = new InterruptLine[IoApic.PINS - FIRST_PIN];
	private final InterruptLine legacy;
	private final boolean hasLegacy;
	private long configuration;
	private long comparator;
	private long period;
	private long message;
	/** A level-triggered interrupt is asserted. */
	private boolean active;

	EventTimer(Machine machine, EventTimers timers, int index) {
		this.machine = machine;
		this.timers = timers;
		alarm = machine.time().alarm(this::ring);
		for (int i = 0; i < lines.length; i++) {
			lines[i] = machine.ioApic().line(FIRST_PIN + i);
		}
		hasLegacy = index < 2;
		legacy = index == 0 ? machine.device(InterruptWires.class).replacement(0)
				: index == 1 ? machine.device(InterruptWires.class).replacement(8) : asserted -> {
				};
	}

	void reset() {
		configuration = 0;
		comparator = -1;
		period = 0;
		message = 0;
		active = false;
		alarm.cancel();
	}

	DeviceState state() {
		return new DeviceState().number("configuration", () -> configuration, v -> configuration = v)
				.number("comparator", () -> comparator, v -> comparator = v)
				.number("period", () -> period, v -> period = v)
				.number("message", () -> message, v -> message = v).flag("active", () -> active, v -> active = v)
				.alarm("alarm", alarm);
	}

	private boolean is(long bit) {
		return (configuration & bit) != 0;
	}

	boolean isActive() {
		return active;
	}

	long get(int register) {
		return switch (register) {
			case CONFIGURATION -> configuration & ~SET_VALUE | CAPABILITIES;
			case COMPARATOR -> is(NARROW) ? comparator & 0xffffffffL : comparator;
			case MESSAGE -> message;
			default -> 0;
		};
	}

	void set(int register, long value, long mask) {
		switch (register) {
			case CONFIGURATION -> {
				drive(false);
				configuration = (configuration & ~mask | value) & WRITABLE;
			}
			case COMPARATOR -> setComparator(value, mask);
			case MESSAGE -> message = message & ~mask | value;
			default -> {
				// Reserved.
			}
		}
		arm();
	}

	/**
	 * "Periodic Mode": a write sets the period; the comparator itself only if the bit that says so was set, which one write
	 * clears.
	 */
	private void setComparator(long value, long mask) {
		if (!is(PERIODIC) || is(SET_VALUE)) {
			comparator = comparator & ~mask | value;
		}
		if (is(PERIODIC)) {
			period = period & ~mask | value;
		}
		configuration &= ~SET_VALUE;
	}

	/** Sets the alarm for the next match. */
	void arm() {
		if (!timers.isEnabled() || !is(ENABLE)) {
			alarm.cancel();
			return;
		}
		long ahead = comparator - timers.count();
		if (is(NARROW)) {
			ahead &= 0xffffffffL;
		} else if (ahead < 0 && is(PERIODIC) && period > 0) {
			comparator += (-ahead + period - 1) / period * period;
			ahead = comparator - timers.count();
		}
		alarm.set(timers.timeAhead(ahead));
	}

	private void ring() {
		if (is(PERIODIC) && period != 0) {
			comparator = is(NARROW) ? comparator + period & 0xffffffffL : comparator + period;
			arm();
		} else if (is(NARROW)) {
			alarm.set(timers.timeAhead(1L << 32));
		}
		interrupt();
	}

	private void interrupt() {
		if (is(MESSAGES)) {
			machine.apicBus().sendMessageSignalled(message >>> 32, (int) message);
		} else if (is(LEVEL)) {
			active = true;
			drive(true);
		} else {
			drive(true);
			drive(false);
		}
	}

	/** The guest cleared the status bit. */
	void clear() {
		active = false;
		drive(false);
	}

	private void drive(boolean asserted) {
		int pin = (int) (configuration >> ROUTE) & ROUTE_BITS;
		if (timers.isLegacy() && hasLegacy) {
			legacy.set(asserted);
		} else if (pin >= FIRST_PIN && pin < IoApic.PINS) {
			lines[pin - FIRST_PIN].set(asserted);
		}
	}
}
