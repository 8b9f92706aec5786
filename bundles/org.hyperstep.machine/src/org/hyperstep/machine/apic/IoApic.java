/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.Arrays;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * An I/O APIC (Intel 82093AA data sheet): turns its 24 pins into messages for local APICs. Its registers are selected by
 * IOREGSEL and reached through IOWIN, both in one page. The polarity bits are kept and have no effect: a wire of this
 * machine says whether it is asserted, not how high it is.
 */
@SuppressWarnings("nls")
public final class IoApic implements Device, MmioDevice {
	/** guestPhysical address of its registers. */
	public static final long BASE = 0xfec00000L;
	/** Number of its pins. */
	public static final int PINS = 24;
	/** The pin of the interval timer: pin 0 is the place of the 8259 pair's output on other boards. */
	private static final int TIMER_PIN = 2;

	private static final int IOREGSEL = 0x00, IOWIN = 0x10;
	private static final int VERSION = PINS - 1 << 16 | 0x11;
	private static final long VECTOR = 0xff, LOGICAL = 1 << 11, REMOTE_IRR = 1 << 14, LEVEL = 1 << 15, MASKED = 1 << 16;
	private static final int DESTINATION = 56;

	private final ApicBus bus;
	private final long[] entries = new long[PINS];
	/** Levels of the pins. */
	private int lines;
	private int select;
	private int id;

	/** Makes one that sends over {@code bus} and is told there of the ends of level-triggered interrupts. */
	public IoApic(ApicBus bus) {
		this.bus = bus;
		bus.onEndOfLevelInterrupt(this::endOfInterrupt);
		reset();
	}

	@Override
	public String name() {
		return "ioapic";
	}

	@Override
	public void reset() {
		Arrays.fill(entries, MASKED);
		lines = 0;
		select = 0;
		id = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().numbers("redirection", entries).number("lines", () -> lines, v -> lines = (int) v)
				.number("select", () -> select, v -> select = (int) v).number("id", () -> id, v -> id = (int) v);
	}

	/** The pin to which an ISA interrupt is wired, IRQ 0 to 15: its global system interrupt. */
	public static int pinOf(int irq) {
		return irq == 0 ? TIMER_PIN : irq;
	}

	/**
	 * A pin's wire.
	 *
	 * @param pin 0 to 23
	 */
	public InterruptLine line(int pin) {
		int bit = 1 << java.util.Objects.checkIndex(pin, PINS);
		return asserted -> {
			boolean rising = asserted && (lines & bit) == 0;
			lines = asserted ? lines | bit : lines & ~bit;
			if (rising && !is(pin, LEVEL)) {
				edge(pin);
			} else {
				level(pin);
			}
		};
	}

	// The page

	@Override
	public long read(long offset, int size) {
		int shift = 8 * (int) (offset & 3);
		return switch ((int) offset & ~3) {
			case IOREGSEL -> (long) select >>> shift;
			case IOWIN -> (get() & 0xffffffffL) >>> shift;
			default -> 0;
		};
	}

	/** Writes the page; IOWIN takes 32 bits only. */
	@Override
	public void write(long offset, int size, long value) {
		if (offset == IOREGSEL) {
			select = (int) value & 0xff;
		} else if (offset == IOWIN && size >= 4) {
			set((int) value);
		}
	}

	private int get() {
		IoApicRegister row = IoApicRegister.at(select);
		return row == null ? 0 : switch (row) {
			case ID, ARBITRATION -> id;
			case VERSION -> VERSION;
			case REDIRECTION -> (int) (entries[pin(row)] >>> shift(row));
		};
	}

	private void set(int value) {
		@Nullable
		IoApicRegister row = IoApicRegister.at(select);
		if (row == IoApicRegister.ID) {
			id = value & row.writable(0);
		} else if (row == IoApicRegister.REDIRECTION) {
			int pin = pin(row);
			long changed = (row.writable(select - row.index()) & 0xffffffffL) << shift(row);
			entries[pin] = entries[pin] & ~changed | (value & 0xffffffffL) << shift(row) & changed;
			if (!is(pin, LEVEL)) {
				// The remote IRR bit has a meaning for level-triggered interrupts only; a change to edge and back clears it.
				entries[pin] &= ~REMOTE_IRR;
			}
			level(pin);
		}
	}

	private int pin(IoApicRegister row) {
		return select - row.index() >> 1;
	}

	private int shift(IoApicRegister row) {
		return 32 * (select - row.index() & 1);
	}

	// Delivery

	private boolean is(int pin, long bit) {
		return (entries[pin] & bit) != 0;
	}

	/** Data sheet, "Interrupt Mask": an edge at a masked pin is not kept. */
	private void edge(int pin) {
		if (!is(pin, MASKED)) {
			send(pin, false);
		}
	}

	/** A level is sent once, and again after the end of interrupt if it still stands. */
	private void level(int pin) {
		if (is(pin, LEVEL) && (lines & 1 << pin) != 0 && !is(pin, MASKED | REMOTE_IRR) && send(pin, true)) {
			entries[pin] |= REMOTE_IRR;
		}
	}

	private boolean send(int pin, boolean level) {
		long entry = entries[pin];
		return bus.send(new ApicBus.Message(DeliveryMode.of((int) entry), (int) (entry & VECTOR),
				(entry & LOGICAL) != 0, (int) (entry >>> DESTINATION), level, "I/O APIC pin " + pin));
	}

	/** The broadcast EOI message: all entries with this vector may interrupt again. */
	private void endOfInterrupt(int vector) {
		for (int pin = 0; pin < PINS; pin++) {
			if (is(pin, REMOTE_IRR) && (entries[pin] & VECTOR) == vector) {
				entries[pin] &= ~REMOTE_IRR;
				level(pin);
			}
		}
	}
}
