/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.input.InputGate;
import org.hyperstep.machine.input.SerialSink;
import org.hyperstep.machine.time.Alarm;
import org.hyperstep.machine.time.VirtualTime;

/**
 * A serial line with a 16550A (National Semiconductor PC16550D data sheet). The transmitter takes no time: a byte is
 * out when the write ends, so a guest that polls does not spend its instructions on waiting. Bytes from outside arrive
 * as soon as there is room, so none is lost. A PC's wiring lets MCR.OUT2 gate the interrupt; other virtual machines
 * (QEMU, bhyve) do not, and guests that were made on them (xv6) leave it clear, so it gates nothing here.
 */
@SuppressWarnings("nls")
public final class SerialPort implements Device, PortDevice, InputGate.Receiver {
	/** The first serial line's name, which is also its channel at the input gate. */
	public static final String COM1 = "COM1";
	/** The second one's. */
	public static final String COM2 = "COM2";
	private static final int IER_RECEIVED = 1, IER_THR_EMPTY = 2, IER_LINE_STATUS = 4, IER_MODEM_STATUS = 8;
	private static final int IIR_NONE = 1, IIR_MODEM_STATUS = 0, IIR_THR_EMPTY = 2, IIR_RECEIVED = 4,
			IIR_LINE_STATUS = 6, IIR_TIMEOUT = 12, IIR_FIFOS = 0xc0;
	private static final int FCR_ENABLE = 1, FCR_CLEAR_RECEIVER = 2;
	private static final int LCR_BREAK = 0x40, LCR_DLAB = 0x80;
	private static final int MCR_OUT2 = 8, MCR_LOOP = 0x10, MCR_BITS = 0x1f;
	private static final int LSR_DATA_READY = 1, LSR_OVERRUN = 2, LSR_BREAK = 0x10, LSR_ERRORS = 0x1e,
			LSR_TRANSMITTER_EMPTY = 0x60;
	/** CTS, DSR and DCD: somebody is connected. */
	private static final int MODEM_CONNECTED = 0xb0, MODEM_ALONE = 0;
	private static final int RI = 0x40;
	private static final int FIFO_SIZE = 16;
	private static final int[] TRIGGER_LEVELS = { 1, 4, 8, 14 };
	/** The input clock divided by 16. */
	private static final long BAUD_BASE = 115_200;

	private final String name;
	private final VirtualTime time;
	private final InterruptLine interrupt;
	private final Alarm timeoutAlarm;
	private SerialSink sink = value -> {
	};
	/** The modem lines when nothing is looped back: who is connected. */
	private int connected = MODEM_CONNECTED;

	private int interruptEnable;
	private int fifoControl;
	private int lineControl;
	private int modemControl;
	private int lineErrors;
	private int modemLines;
	private int modemDeltas;
	private int scratch;
	private int divisor;
	private boolean thrEmptyPending;
	private boolean timeoutPending;
	private final byte[] fifo = new byte[FIFO_SIZE];
	private int first;
	private int count;

	/** Ports 0x3f8 to 0x3ff, IRQ 4. */
	public static SerialPort com1(Machine machine) {
		return new SerialPort(COM1, machine, 0x3f8, 4);
	}

	/** Ports 0x2f8 to 0x2ff, IRQ 3. */
	public static SerialPort com2(Machine machine) {
		return new SerialPort(COM2, machine, 0x2f8, 3);
	}

	private SerialPort(String name, Machine machine, int port, int irq) {
		this.name = name;
		this.time = machine.time();
		this.interrupt = machine.interruptLine(irq);
		this.timeoutAlarm = time.alarm(this::charactersTimedOut);
		machine.ports().attach(name, port, 8, 1, this);
		machine.input().connect(name, this);
		reset();
	}

	/** Says who takes what the guest sends. */
	public void setSink(SerialSink sink) {
		this.sink = sink;
	}

	/** Takes the plug out: what the guest sends goes nowhere, and it sees that nobody is there. */
	public void disconnect() {
		sink = value -> {
		};
		connected = MODEM_ALONE;
		modemLines = connected;
	}

	@Override
	public String name() {
		return name;
	}

	@Override
	public void reset() {
		interruptEnable = 0;
		fifoControl = 0;
		lineControl = 0;
		modemControl = 0;
		lineErrors = 0;
		modemLines = connected;
		modemDeltas = 0;
		scratch = 0;
		divisor = 1;
		thrEmptyPending = false;
		timeoutPending = false;
		java.util.Arrays.fill(fifo, (byte) 0);
		first = 0;
		count = 0;
		timeoutAlarm.cancel();
		update();
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("ier", () -> interruptEnable, v -> interruptEnable = (int) v)
				.number("fcr", () -> fifoControl, v -> fifoControl = (int) v)
				.number("lcr", () -> lineControl, v -> lineControl = (int) v)
				.number("mcr", () -> modemControl, v -> modemControl = (int) v)
				.number("lineErrors", () -> lineErrors, v -> lineErrors = (int) v)
				.number("modemLines", () -> modemLines, v -> modemLines = (int) v)
				.number("modemDeltas", () -> modemDeltas, v -> modemDeltas = (int) v)
				.number("scr", () -> scratch, v -> scratch = (int) v)
				.number("divisor", () -> divisor, v -> divisor = (int) v)
				.flag("thrEmptyPending", () -> thrEmptyPending, v -> thrEmptyPending = v)
				.flag("timeoutPending", () -> timeoutPending, v -> timeoutPending = v).bytes("fifo", fifo)
				.number("first", () -> first, v -> first = (int) v).number("count", () -> count, v -> count = (int) v)
				.alarm("timeout", timeoutAlarm);
	}

	@Override
	public long read(int offset, int size) {
		boolean divisorAccess = (lineControl & LCR_DLAB) != 0;
		return switch (offset) {
			case 0 -> divisorAccess ? divisor & 0xff : updated(readReceiver());
			case 1 -> divisorAccess ? divisor >> 8 : interruptEnable;
			case 2 -> updated(readInterruptIdentification());
			case 3 -> lineControl;
			case 4 -> modemControl;
			case 5 -> updated(readLineStatus());
			case 6 -> updated(readModemStatus());
			default -> scratch;
		};
	}

	/** A register whose reading changes something was read. */
	private int updated(int value) {
		update();
		return value;
	}

	@Override
	public void write(int offset, int size, long data) {
		int value = (int) data;
		boolean divisorAccess = (lineControl & LCR_DLAB) != 0;
		switch (offset) {
			case 0 -> {
				if (divisorAccess) {
					divisor = divisor & 0xff00 | value;
				} else {
					transmit(value);
				}
			}
			case 1 -> {
				if (divisorAccess) {
					divisor = divisor & 0xff | value << 8;
				} else {
					writeInterruptEnable(value & 15);
				}
			}
			case 2 -> writeFifoControl(value);
			case 3 -> writeLineControl(value);
			case 4 -> {
				modemControl = value & MCR_BITS;
				updateModemLines();
			}
			case 7 -> scratch = value;
			default -> {
				// LSR and MSR are for reading; writing LSR is for the factory's tests.
			}
		}
		update();
	}

	// Transmitter

	private void transmit(int value) {
		thrEmptyPending = true;
		if ((modemControl & MCR_LOOP) != 0) {
			store(value);
		} else {
			sink.write(value);
		}
	}

	private void writeInterruptEnable(int value) {
		if ((value & ~interruptEnable & IER_THR_EMPTY) != 0) {
			// Enabling it with the register empty interrupts at once.
			thrEmptyPending = true;
		}
		interruptEnable = value;
	}

	private void writeLineControl(int value) {
		boolean breakBegins = (value & ~lineControl & LCR_BREAK) != 0;
		lineControl = value;
		if (breakBegins && (modemControl & MCR_LOOP) != 0) {
			store(0);
			lineErrors |= LSR_BREAK;
		}
	}

	// Receiver

	@Override
	public int room() {
		// In loop-back the line is disconnected; what comes from outside waits there.
		return (modemControl & MCR_LOOP) != 0 ? 0 : capacity() - count;
	}

	@Override
	public void receive(byte[] bytes) {
		for (byte value : bytes) {
			store(value & 0xff);
		}
		update();
	}

	private int capacity() {
		return hasFifos() ? FIFO_SIZE : 1;
	}

	private boolean hasFifos() {
		return (fifoControl & FCR_ENABLE) != 0;
	}

	private void store(int value) {
		if (count == capacity()) {
			lineErrors |= LSR_OVERRUN;
			if (hasFifos()) {
				return;
			}
			count = 0;
		}
		fifo[first + count & FIFO_SIZE - 1] = (byte) value;
		count++;
		restartTimeout();
	}

	private int readReceiver() {
		int value = fifo[first] & 0xff;
		if (count > 0) {
			first = first + 1 & FIFO_SIZE - 1;
			count--;
		}
		restartTimeout();
		return value;
	}

	private void writeFifoControl(int value) {
		boolean switched = ((value ^ fifoControl) & FCR_ENABLE) != 0;
		if (switched || (value & (FCR_ENABLE | FCR_CLEAR_RECEIVER)) == (FCR_ENABLE | FCR_CLEAR_RECEIVER)) {
			first = 0;
			count = 0;
			restartTimeout();
		}
		fifoControl = (value & FCR_ENABLE) == 0 ? 0 : value & 0xc9;
	}

	/** FIFO interrupt mode: four character times without a transfer, with fewer bytes than the trigger level. */
	private void restartTimeout() {
		timeoutPending = false;
		if (hasFifos() && count > 0) {
			timeoutAlarm.set(time.now() + 4 * characterTime());
		} else {
			timeoutAlarm.cancel();
		}
	}

	private void charactersTimedOut() {
		timeoutPending = true;
		update();
	}

	private long characterTime() {
		long bits = 1 + 5 + (lineControl & 3) + (lineControl >> 3 & 1) + 1 + (lineControl >> 2 & 1);
		return bits * VirtualTime.SECOND * (divisor == 0 ? 0x10000 : divisor) / BAUD_BASE;
	}

	// Status and interrupts

	private int readLineStatus() {
		int value = lineErrors | LSR_TRANSMITTER_EMPTY | (count > 0 ? LSR_DATA_READY : 0);
		lineErrors = 0;
		return value;
	}

	private int readModemStatus() {
		int value = modemLines | modemDeltas;
		modemDeltas = 0;
		return value;
	}

	/** In loop-back CTS, DSR, RI and DCD are RTS, DTR, OUT1 and OUT2. */
	private void updateModemLines() {
		int lines = connected;
		if ((modemControl & MCR_LOOP) != 0) {
			lines = (modemControl & 2) << 3 | (modemControl & 1) << 5 | (modemControl & 4) << 4
					| (modemControl & MCR_OUT2) << 4;
		}
		int changed = lines ^ modemLines;
		// Of RI only the trailing edge counts.
		modemDeltas |= (changed & ~RI) >> 4 | (changed & modemLines & RI) >> 4;
		modemLines = lines;
	}

	private int readInterruptIdentification() {
		int source = source();
		if (source == IIR_THR_EMPTY) {
			thrEmptyPending = false;
		}
		return source | (hasFifos() ? IIR_FIFOS : 0);
	}

	private int source() {
		if ((interruptEnable & IER_LINE_STATUS) != 0 && (lineErrors & LSR_ERRORS) != 0) {
			return IIR_LINE_STATUS;
		}
		if ((interruptEnable & IER_RECEIVED) != 0) {
			if (count >= (hasFifos() ? TRIGGER_LEVELS[fifoControl >> 6] : 1)) {
				return IIR_RECEIVED;
			}
			if (timeoutPending) {
				return IIR_TIMEOUT;
			}
		}
		if ((interruptEnable & IER_THR_EMPTY) != 0 && thrEmptyPending) {
			return IIR_THR_EMPTY;
		}
		return (interruptEnable & IER_MODEM_STATUS) != 0 && modemDeltas != 0 ? IIR_MODEM_STATUS : IIR_NONE;
	}

	/** In loop-back the pin is inactive. */
	private void update() {
		interrupt.set(source() != IIR_NONE && (modemControl & MCR_LOOP) == 0);
	}
}
