/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import java.util.Arrays;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.IoApic;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;

/**
 * The wires of the 16 ISA interrupts, each to the 8259 pair and to a pin of the I/O APIC. A wire is asserted while one of
 * its sources asserts it.
 */
@SuppressWarnings("nls")
public final class InterruptWires implements Device {
	private static final int WIRES = 16;

	private final InterruptLine[] toPic = new InterruptLine[WIRES];
	private final InterruptLine[] toIoApic = new InterruptLine[WIRES];
	private final int[] sources = new int[WIRES];
	/** The sources that replace the others of their wires while they are told to: the event timers'. */
	private final long[] replacements = new long[WIRES];
	private boolean legacyReplaced;
	/** One bit a source that asserts the wire. */
	private final long[] asserted = new long[WIRES];

	public InterruptWires(Machine machine) {
		for (int irq = 0; irq < WIRES; irq++) {
			if (irq != InterruptControllers.CASCADE) {
				toPic[irq] = machine.pic().line(irq);
				toIoApic[irq] = machine.ioApic().line(IoApic.pinOf(irq));
			}
		}
	}

	@Override
	public String name() {
		return "interrupt wires";
	}

	@Override
	public void reset() {
		Arrays.fill(asserted, 0);
		legacyReplaced = false;
	}

	@Override
	public DeviceState state() {
		return new DeviceState().numbers("asserted", asserted).flag("legacyReplaced", () -> legacyReplaced,
				v -> legacyReplaced = v);
	}

	/**
	 * A new source of a wire.
	 *
	 * @param irq 0 to 15, not 2
	 */
	public InterruptLine source(int irq) {
		if (irq < 0 || irq >= WIRES || irq == InterruptControllers.CASCADE || sources[irq] == Long.SIZE) {
			throw new IllegalArgumentException("no wire for IRQ " + irq);
		}
		long bit = 1L << sources[irq]++;
		return level -> change(irq, level ? asserted[irq] | bit : asserted[irq] & ~bit);
	}

	/**
	 * A source that takes the place of all others of its wire while {@link #replaceLegacy} says so, and is cut off while it
	 * does not.
	 */
	InterruptLine replacement(int irq) {
		replacements[irq] |= 1L << sources[irq];
		return source(irq);
	}

	/** Whether the replacements have their wires. */
	void replaceLegacy(boolean replaced) {
		if (replaced != legacyReplaced) {
			legacyReplaced = replaced;
			for (int irq = 0; irq < WIRES; irq++) {
				if (replacements[irq] != 0) {
					drive(irq);
				}
			}
		}
	}

	/**
	 * A wire that nobody asserts, before and after, is no news: devices say so at each access of their registers. One that
	 * stays asserted is told again, for the I/O APIC may have found nobody to take the level before.
	 */
	private void change(int irq, long levels) {
		if ((asserted[irq] | levels) != 0) {
			asserted[irq] = levels;
			drive(irq);
		}
	}

	private void drive(int irq) {
		long connected = legacyReplaced && replacements[irq] != 0 ? replacements[irq] : ~replacements[irq];
		boolean level = (asserted[irq] & connected) != 0;
		toPic[irq].set(level);
		toIoApic[irq].set(level);
	}
}
