/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * ACPI's fixed hardware (ACPI specification, "Fixed Hardware Registers"): the PM1a event and control blocks and the 24-bit
 * power management timer. It is always in ACPI mode: there is no system management mode to hand over from.
 */
@SuppressWarnings("nls")
public final class PowerManagement implements Device {
	/** First ports of the blocks. */
	public static final int EVENT_BLOCK = 0x600, CONTROL_BLOCK = 0x604, TIMER_BLOCK = 0x608;
	/** The ISA interrupt of the SCI, which is level-triggered. */
	public static final int SCI = 9;
	/** The sleep type of soft off. */
	public static final int SOFT_OFF = 5;
	/** The timer's clock in Hz. */
	public static final long FREQUENCY = 3_579_545;
	private static final int TIMER_BITS = 24;
	/** TMR_STS is set when the timer's highest bit changes. */
	private static final int HALF = TIMER_BITS - 1;

	private static final int TIMER = 1, ENABLE_BITS = 1 << 10 | 1 << 9 | 1 << 8 | 1 << 5 | TIMER;
	private static final int SCI_ENABLED = 1, SLEEP_ENABLE = 1 << 13, CONTROL_BITS = 7 << 10 | 2;

	private final Machine machine;
	private final VirtualTime time;
	private final InterruptLine interrupt;
	private final Alarm alarm;
	private int enabled;
	private int control;
	/** How many half periods of the timer had passed when TMR_STS was last cleared. */
	private long seenHalves;

	public PowerManagement(Machine machine) {
		this.machine = machine;
		time = machine.time();
		interrupt = machine.interruptLine(SCI);
		alarm = time.alarm(this::update);
		attach(EVENT_BLOCK, 2, this::timerStatus, this::clearStatus);
		attach(EVENT_BLOCK + 2, 2, () -> enabled, this::enable);
		attach(CONTROL_BLOCK, 2, () -> control | SCI_ENABLED, this::control);
		attach(TIMER_BLOCK, 4, () -> (int) clock() & (1 << TIMER_BITS) - 1, value -> {
		});
		reset();
	}

	/** A register that is read in any part and written as a whole or, for that, byte by byte. */
	private void attach(int port, int width, java.util.function.IntSupplier get, java.util.function.IntConsumer set) {
		machine.ports().attach(name(), port, width, width, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return (get.getAsInt() & 0xffffffffL) >>> 8 * offset;
			}

			@Override
			public void write(int offset, int size, long value) {
				int mask = (int) ((1L << 8 * size) - 1) << 8 * offset;
				int kept = port == EVENT_BLOCK ? 0 : get.getAsInt() & ~mask;
				set.accept(kept | (int) value << 8 * offset);
			}
		});
	}

	@Override
	public String name() {
		return "acpi";
	}

	@Override
	public void reset() {
		enabled = 0;
		control = 0;
		seenHalves = halves();
		update();
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("enabled", () -> enabled, v -> enabled = (int) v)
				.number("control", () -> control, v -> control = (int) v)
				.number("seenHalves", () -> seenHalves, v -> seenHalves = v).alarm("alarm", alarm);
	}

	private long clock() {
		return clockAt(time.now());
	}

	/** Clocks since the start of virtual time. */
	static long clockAt(long nanoseconds) {
		return nanoseconds / VirtualTime.SECOND * FREQUENCY
				+ nanoseconds % VirtualTime.SECOND * FREQUENCY / VirtualTime.SECOND;
	}

	private static long timeOf(long clock) {
		long rest = clock % FREQUENCY * VirtualTime.SECOND;
		return clock / FREQUENCY * VirtualTime.SECOND + (rest + FREQUENCY - 1) / FREQUENCY;
	}

	private long halves() {
		return clock() >> HALF;
	}

	private int timerStatus() {
		return halves() != seenHalves ? TIMER : 0;
	}

	/** Status bits are cleared by ones. */
	private void clearStatus(int ones) {
		if ((ones & TIMER) != 0) {
			seenHalves = halves();
		}
		update();
	}

	private void enable(int events) {
		enabled = events & ENABLE_BITS;
		update();
	}

	/** ACPI specification, "PM1 Control Registers": SLP_EN reads as zero. Soft off is the only sleep state there is. */
	private void control(int value) {
		control = value & CONTROL_BITS;
		if ((value & SLEEP_ENABLE) != 0 && (value >> 10 & 7) == SOFT_OFF) {
			machine.requestExit(new ExitRequest(ExitRequest.Kind.SHUTDOWN, 0));
		}
	}

	private void update() {
		boolean wanted = (enabled & TIMER) != 0;
		interrupt.set(wanted && timerStatus() != 0);
		alarm.set(wanted && timerStatus() == 0 ? timeOf(halves() + 1 << HALF) : VirtualTime.NEVER);
	}
}
