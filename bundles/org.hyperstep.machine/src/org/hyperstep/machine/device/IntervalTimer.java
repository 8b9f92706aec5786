/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * The PC's 8254 at ports 0x40 to 0x43: counter 0 drives IRQ 0, counter 2's gate and output are in port 0x61 (NMI status and
 * control register), which is here too.
 */
@SuppressWarnings("nls")
public final class IntervalTimer implements Device, PortDevice {
	/** The counters' clock in Hz: a twelfth of the PC's 14.31818 MHz. */
	public static final long FREQUENCY = 1_193_182;
	private static final int GATE_2 = 1, SPEAKER = 2, REFRESH = 0x10, OUT_2 = 0x20, WRITABLE_61 = 0x0f;
	/** A memory refresh each 15.085 µs, that is each 18 clocks. */
	private static final int REFRESH_CLOCKS = 18;
	private static final int READ_BACK = 3;

	private final VirtualTime time;
	private final InterruptLine interrupt;
	private final Alarm alarm;
	private final PitCounter[] counters = { new PitCounter(), new PitCounter(), new PitCounter() };
	private int control61;

	public IntervalTimer(Machine machine) {
		time = machine.time();
		interrupt = machine.interruptLine(0);
		alarm = time.alarm(this::update);
		machine.ports().attach(name(), 0x40, 4, 1, this);
		machine.ports().attach(name(), 0x61, 1, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return read61();
			}

			@Override
			public void write(int offset, int size, long value) {
				write61((int) value);
			}
		});
		reset();
	}

	@Override
	public String name() {
		return "pit";
	}

	@Override
	public void reset() {
		for (PitCounter counter : counters) {
			counter.reset();
		}
		control61 = 0;
		counters[0].setGate(true, clock());
		counters[1].setGate(true, clock());
		counters[2].setGate(false, clock());
		update();
	}

	/** Lets counter 0 interrupt 18.2 times a second (mode 3, count 65536), as a PC's BIOS does. */
	public void startAsBios() {
		write(3, 1, 0x36);
		write(0, 1, 0);
		write(0, 1, 0);
	}

	@Override
	public DeviceState state() {
		DeviceState state = new DeviceState().number("control61", () -> control61, v -> control61 = (int) v);
		for (int i = 0; i < counters.length; i++) {
			state.part("counter" + i, counters[i].state());
		}
		return state.alarm("alarm", alarm);
	}

	/** Clocks since the start of virtual time. */
	private long clock() {
		return clockAt(time.now());
	}

	static long clockAt(long nanoseconds) {
		long seconds = nanoseconds / VirtualTime.SECOND;
		return seconds * FREQUENCY + nanoseconds % VirtualTime.SECOND * FREQUENCY / VirtualTime.SECOND;
	}

	/** The first nanosecond at which so many clocks have passed. */
	static long timeOf(long clock) {
		long rest = clock % FREQUENCY * VirtualTime.SECOND;
		return clock / FREQUENCY * VirtualTime.SECOND + (rest + FREQUENCY - 1) / FREQUENCY;
	}

	@Override
	public long read(int offset, int size) {
		return offset == 3 ? 0xff : counters[offset].read(clock());
	}

	@Override
	public void write(int offset, int size, long data) {
		int value = (int) data;
		long now = clock();
		if (offset < 3) {
			counters[offset].write(value, now);
		} else if (value >> 6 != READ_BACK) {
			counters[value >> 6].control(value, now);
		} else {
			readBack(value, now);
		}
		update();
	}

	/** Both latch bits are active low. */
	private void readBack(int value, long now) {
		for (int i = 0; i < counters.length; i++) {
			if ((value >> 1 + i & 1) != 0) {
				if ((value & 0x20) == 0) {
					counters[i].latchCount(now);
				}
				if ((value & 0x10) == 0) {
					counters[i].latchStatus(now);
				}
			}
		}
	}

	private int read61() {
		long now = clock();
		return control61 | (now / REFRESH_CLOCKS % 2 != 0 ? REFRESH : 0) | (counters[2].output(now) ? OUT_2 : 0);
	}

	private void write61(int value) {
		control61 = value & WRITABLE_61;
		counters[2].setGate((value & GATE_2) != 0, clock());
	}

	/** Whether the loudspeaker is fed by counter 2. */
	public boolean speakerOn() {
		return (control61 & SPEAKER) != 0;
	}

	/** Drives IRQ 0 and sets the alarm for counter 0's next edge. */
	private void update() {
		long now = clock();
		interrupt.set(counters[0].output(now));
		long next = counters[0].nextChange(now);
		alarm.set(next == PitCounter.NEVER ? VirtualTime.NEVER : timeOf(next));
	}
}
