/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.device;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.AcknowledgeCycle;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.machine.bus.PortDevice;

/** The PC's two 8259A: inputs IRQ 0 to 15, the slave's output on IRQ 2, edge/level registers at 0x4d0. */
@SuppressWarnings("nls")
public final class InterruptControllers implements Device, AcknowledgeCycle {
	static final int CASCADE = 2;
	/** IRQ 0, 1, 2, 8 and 13 are always edge-triggered. */
	private static final int MASTER_LEVEL_POSSIBLE = 0xf8, SLAVE_LEVEL_POSSIBLE = 0xde;

	private final Pic8259 master = new Pic8259(true);
	private final Pic8259 slave = new Pic8259(false);
	private InterruptLine output = asserted -> {
	};

	public InterruptControllers(Machine machine) {
		PortBus ports = machine.ports();
		ports.attach(name(), 0x20, 2, 1, ports(master));
		ports.attach(name(), 0xa0, 2, 1, ports(slave));
		ports.attach(name(), 0x4d0, 2, 1, new PortDevice() {
			@Override
			public long read(int offset, int size) {
				return (offset == 0 ? master : slave).levelTriggered();
			}

			@Override
			public void write(int offset, int size, long value) {
				if (offset == 0) {
					master.setLevelTriggered((int) value & MASTER_LEVEL_POSSIBLE);
				} else {
					slave.setLevelTriggered((int) value & SLAVE_LEVEL_POSSIBLE);
				}
				update();
			}
		});
		reset();
	}

	private PortDevice ports(Pic8259 chip) {
		return new PortDevice() {
			@Override
			public long read(int offset, int size) {
				int value = offset == 0 ? chip.readCommand() : chip.readData();
				update();
				return value;
			}

			@Override
			public void write(int offset, int size, long value) {
				if (offset == 0) {
					chip.writeCommand((int) value);
				} else {
					chip.writeData((int) value);
				}
				update();
			}
		};
	}

	@Override
	public String name() {
		return "pic";
	}

	@Override
	public void reset() {
		master.reset();
		slave.reset();
		update();
	}

	/** Initialises both as a PC's BIOS does: vectors 08h and 70h, and of the inputs only the timer's is open. */
	public void initialiseAsBios() {
		initialiseAsBios(master, 0x08, 1 << CASCADE, ~(1 | 1 << CASCADE) & 0xff);
		initialiseAsBios(slave, 0x70, CASCADE, 0xff);
		update();
	}

	private static void initialiseAsBios(Pic8259 chip, int vectors, int cascade, int mask) {
		chip.writeCommand(0x11);
		chip.writeData(vectors);
		chip.writeData(cascade);
		chip.writeData(1);
		chip.writeData(mask);
	}

	@Override
	public DeviceState state() {
		return new DeviceState().part("master", master.state()).part("slave", slave.state());
	}

	/** Says where the INTR wire goes. */
	public void connect(InterruptLine intr) {
		output = intr;
		update();
	}

	/**
	 * An input.
	 *
	 * @param irq 0 to 15, not 2
	 */
	public InterruptLine line(int irq) {
		if (irq < 0 || irq > 15 || irq == CASCADE) {
			throw new IllegalArgumentException("no line for IRQ " + irq);
		}
		return asserted -> {
			(irq < 8 ? master : slave).setLine(irq & 7, asserted);
			update();
		};
	}

	/** Whether the INTR wire is asserted. */
	public boolean interruptRequested() {
		return master.requests();
	}

	/** Requested interrupts (IRR) of both, IRQ 0 in bit 0. */
	public int requested() {
		return master.requested() | slave.requested() << 8;
	}

	/** Masked interrupts (IMR) of both, IRQ 0 in bit 0. */
	public int masked() {
		return master.mask() | slave.mask() << 8;
	}

	/** Interrupts in service (ISR) of both, IRQ 0 in bit 0. */
	public int inService() {
		return master.inService() | slave.inService() << 8;
	}

	/** The IRQ that an acknowledge cycle would take now, or -1 for none. */
	public int highest() {
		int input = master.highest();
		return input == CASCADE ? 8 + (slave.highest() & 7) : input;
	}

	@Override
	public int vector() {
		int input = master.highest();
		return input == CASCADE ? slave.vector(slave.highest()) : master.vector(input);
	}

	@Override
	public String source() {
		int irq = highest();
		return irq < 0 ? "8259, spurious" : "8259 IRQ " + irq;
	}

	/** {@inheritDoc} A spurious one is that of IRQ 7 or 15 and sets no bit in the ISR. */
	@Override
	public int acknowledge() {
		int input = master.take();
		int vector = input == CASCADE ? slave.vector(slave.take()) : master.vector(input);
		update();
		return vector;
	}

	private void update() {
		master.setLine(CASCADE, slave.requests());
		output.set(master.requests());
	}
}
