/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;

/**
 * What test programs for hypervisors expect beside a PC (QEMU's {@code pc-testdev}, Bochs' shutdown port): a port that keeps
 * what was written, interrupt lines that ports drive, memory at {@link #MEMORY}, and the word "Shutdown" at port 0x8900.
 */
@SuppressWarnings("nls")
public final class TestDevice implements Device {
	/** guestPhysical address of a page of registers that keep what is written. */
	public static final long MEMORY = 0xff000000L;
	private static final int MEMORY_SIZE = 0x10000, REGISTER = 0xe0, REGISTERS = 4, FLUSH = 0xe4, LINES = 0x2000,
			LINE_COUNT = 24, SHUTDOWN = 0x8900;
	private static final String WORD = "Shutdown";

	private final byte[] register = new byte[REGISTERS];
	private final Machine machine;
	/** How many characters of the word were written. */
	private int matched;

	public TestDevice(Machine machine) {
		this.machine = machine;
		machine.ports().attach(name(), REGISTER, REGISTERS, 4, new Kept());
		machine.ports().attach(name(), FLUSH, 4, 4, new Writes(value -> {
			// A page to be flushed: translations of pages are never kept behind the guest's back.
		}));
		for (int irq = 0; irq < LINE_COUNT; irq++) {
			InterruptLine line = line(irq);
			machine.ports().attach(name(), LINES + irq, 1, 1, new Writes(value -> line.set(value != 0)));
		}
		machine.ports().attach(name(), SHUTDOWN, 1, 1, new Writes(value -> shutdown((int) value)));
		machine.physicalMemory().addRam(MEMORY, MEMORY_SIZE);
		reset();
	}

	private InterruptLine line(int irq) {
		return irq < 16 && irq != InterruptControllers.CASCADE ? machine.interruptLine(irq)
				: machine.ioApic().line(irq);
	}

	private final class Kept implements PortDevice {
		@Override
		public long read(int offset, int size) {
			long value = 0;
			for (int i = 0; i < size; i++) {
				value |= (register[offset + i] & 0xffL) << 8 * i;
			}
			return value;
		}

		@Override
		public void write(int offset, int size, long value) {
			for (int i = 0; i < size; i++) {
				register[offset + i] = (byte) (value >>> 8 * i);
			}
		}
	}

	private record Writes(java.util.function.LongConsumer taker) implements PortDevice {
		@Override
		public long read(int offset, int size) {
			return 0;
		}

		@Override
		public void write(int offset, int size, long value) {
			taker.accept(value);
		}
	}

	private void shutdown(int character) {
		matched = character == WORD.charAt(matched) ? matched + 1 : character == WORD.charAt(0) ? 1 : 0;
		if (matched == WORD.length()) {
			matched = 0;
			machine.requestExit(new ExitRequest(ExitRequest.Kind.SHUTDOWN, 0));
		}
	}

	@Override
	public String name() {
		return "testdev";
	}

	@Override
	public void reset() {
		java.util.Arrays.fill(register, (byte) 0);
		matched = 0;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().bytes("register", register).number("matched", () -> matched, v -> matched = (int) v);
	}
}
