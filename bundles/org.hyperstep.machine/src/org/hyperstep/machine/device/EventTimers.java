/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.time.VirtualTime;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * The high precision event timers (IA-PC HPET specification): a 64-bit counter of 100 MHz and three comparators, in memory
 * at {@link #BASE}. In legacy replacement mode the first two take the places of the interval timer and of the clock.
 */
@SuppressWarnings("nls")
public final class EventTimers implements Device, MmioDevice {
	/** guestPhysical address of the registers. */
	public static final long BASE = 0xfed00000L;
	/** Bytes of the registers. */
	public static final int SIZE = 1024;
	/** Nanoseconds of a count. */
	static final long PERIOD = 10;
	/** Low half of the capabilities: Intel's, legacy replacement, 64 bits, three timers, revision 1. */
	public static final long IDENTITY = 0x8086a201L;
	private static final long FEMTOSECONDS = 1_000_000;
	private static final int CAPABILITIES = 0x00, CONFIGURATION = 0x10, STATUS = 0x20, COUNTER = 0xf0, TIMERS = 0x100,
			TIMER_SIZE = 0x20;
	private static final int ENABLE = 1, LEGACY = 2;

	private final VirtualTime time;
	private final InterruptWires wires;
	private final EventTimer[] timers = new EventTimer[3];
	private long configuration;
	/** The counter's value while it stands, and what it is ahead of virtual time while it runs, in counts. */
	private long counter;

	public EventTimers(Machine machine) {
		time = machine.time();
		wires = machine.device(InterruptWires.class);
		for (int i = 0; i < timers.length; i++) {
			timers[i] = new EventTimer(machine, this, i);
		}
		machine.physicalMemory().addDevice(BASE, SIZE, this);
		reset();
	}

	@Override
	public String name() {
		return "hpet";
	}

	@Override
	public void reset() {
		configuration = 0;
		counter = 0;
		wires.replaceLegacy(false);
		for (EventTimer timer : timers) {
			timer.reset();
		}
	}

	@Override
	public DeviceState state() {
		DeviceState state = new DeviceState().number("configuration", () -> configuration, v -> configuration = v)
				.number("counter", () -> counter, v -> counter = v);
		for (int i = 0; i < timers.length; i++) {
			state.part("timer" + i, timers[i].state());
		}
		return state;
	}

	boolean isEnabled() {
		return (configuration & ENABLE) != 0;
	}

	boolean isLegacy() {
		return (configuration & LEGACY) != 0;
	}

	/** The counter now. */
	long count() {
		return isEnabled() ? time.now() / PERIOD + counter : counter;
	}

	/** When the counter reaches a value that is {@code ahead} counts ahead of the present one. */
	long timeAhead(long ahead) {
		long counts = time.now() / PERIOD;
		return ahead < 0 || ahead > Long.MAX_VALUE / PERIOD - counts ? VirtualTime.NEVER : (counts + ahead) * PERIOD;
	}

	// Registers

	/** Registers are 64 bits wide, read whole or by halves. */
	@Override
	public long read(long offset, int size) {
		return get((int) offset & ~7) >>> 8 * (offset & 7);
	}

	@Override
	public void write(long offset, int size, long value) {
		int register = (int) offset & ~7;
		int shift = 8 * (int) (offset & 7);
		long mask = (size == 8 ? -1L : (1L << 8 * size) - 1) << shift;
		set(register, value << shift & mask, mask);
	}

	private long get(int register) {
		if (register >= TIMERS) {
			int index = (register - TIMERS) / TIMER_SIZE;
			return index < timers.length ? timers[index].get(register % TIMER_SIZE) : 0;
		}
		return switch (register) {
			case CAPABILITIES -> PERIOD * FEMTOSECONDS << 32 | IDENTITY;
			case CONFIGURATION -> configuration;
			case STATUS -> status();
			case COUNTER -> count();
			default -> 0;
		};
	}

	private long status() {
		long status = 0;
		for (int i = 0; i < timers.length; i++) {
			status |= timers[i].isActive() ? 1L << i : 0;
		}
		return status;
	}

	private void set(int register, long value, long mask) {
		if (register >= TIMERS) {
			int index = (register - TIMERS) / TIMER_SIZE;
			if (index < timers.length) {
				timers[index].set(register % TIMER_SIZE, value, mask);
			}
		} else if (register == CONFIGURATION) {
			configure((configuration & ~mask | value) & (ENABLE | LEGACY));
		} else if (register == STATUS) {
			for (int i = 0; i < timers.length; i++) {
				if ((value >> i & 1) != 0) {
					timers[i].clear();
				}
			}
		} else if (register == COUNTER && !isEnabled()) {
			counter = counter & ~mask | value;
		}
	}

	private void configure(long value) {
		long count = count();
		configuration = value;
		counter = isEnabled() ? count - time.now() / PERIOD : count;
		wires.replaceLegacy(isLegacy());
		for (EventTimer timer : timers) {
			timer.arm();
		}
	}
}
