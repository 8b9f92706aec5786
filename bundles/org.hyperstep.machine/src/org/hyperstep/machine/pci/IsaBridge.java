/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.InterruptLine;

/**
 * The ISA bridge at 00:01.0, an Intel 82371SB (PIIX3 data sheet, "PCI to ISA Bridge"). It routes the bus's four interrupt
 * wires to ISA interrupts, and by them to the I/O APIC's pins of the same numbers.
 */
@SuppressWarnings("nls")
public final class IsaBridge implements Device {
	/** Device number of the ISA bridge; its other functions are IDE (1) and power management (3). */
	public static final int DEVICE = 1;
	private static final int ROUTES = 0x60, WIRES = 4, DISABLED = 0x80, IRQ = 0xf;
	/** PIRQRC: interrupts that a wire can be routed to. */
	private static final int ROUTABLE = 0xdef8;
	private static final int ELCR = 0x4d0;
	private static final int[] FIRMWARE_ROUTES = { 10, 10, 11, 11 };

	private final Machine machine;
	private final PciBus bus;
	private final PciFunction function;
	private final ConfigRegister[] routes = new ConfigRegister[WIRES];
	/** One source of each interrupt a wire, so that several wires can share an interrupt. */
	private final @Nullable InterruptLine[][] lines = new @Nullable InterruptLine[WIRES][16];
	/** The interrupt that each wire asserts, or 0. */
	private final int[] driven = new int[WIRES];

	public IsaBridge(Machine machine) {
		this.machine = machine;
		bus = machine.pci();
		function = bus.add(new PciAddress(DEVICE, 0), PciIdentity.of(0x8086, 0x7000, 0x060100, 0)).multifunction();
		ConfigSpace config = function.config();
		config.register("IORT", 0x4c, 1, 0x4d, 0xff);
		config.register("XBCS", 0x4e, 2, 3, 0xffff);
		for (int i = 0; i < WIRES; i++) {
			int wire = i;
			routes[i] = config.register("PIRQRC" + (char) ('A' + i), ROUTES + i, 1, DISABLED, DISABLED | IRQ)
					.onWrite(() -> drive(wire));
			for (int irq = 0; irq < 16; irq++) {
				lines[i][irq] = (ROUTABLE >> irq & 1) != 0 ? machine.interruptLine(irq) : null;
			}
		}
		config.register("TOM", 0x69, 1, 2, 0xfe);
		config.register("MSTAT", 0x6a, 2, 0, 0x8000);
		config.register("MBIRQ0", 0x70, 1, 0x80, 0xef);
		config.register("MBDMA0", 0x76, 2, 0x0c0c, 0x8f8f);
		config.register("PCSC", 0x78, 2, 2, 0xffff);
		config.register("APICBASE", 0x80, 1, 0, 0x7f);
		config.register("DLC", 0x82, 1, 0, 0x0f);
		config.register("SMICNTL", 0xa0, 1, 8, 0x1f);
		config.register("SMIEN", 0xa2, 2, 0, 0x1ff);
		config.register("SEE", 0xa4, 4, 0, 0xffffffffL);
		config.register("FTMR", 0xa8, 1, 0xf, 0xff);
		config.register("SMIREQ", 0xaa, 2, 0, 0, 0x1ff);
		bus.setRouter((wire, asserted) -> drive(wire));
		reset();
	}

	@Override
	public String name() {
		return "isa bridge";
	}

	@Override
	public void reset() {
		function.reset();
		function.enable();
	}

	@Override
	public DeviceState state() {
		return function.state().numbers("driven", driven);
	}

	/** The ISA interrupt of a wire, or 0 while it is not routed. */
	private int route(int wire) {
		long route = routes[wire].get();
		int irq = (int) route & IRQ;
		return (route & DISABLED) == 0 && (ROUTABLE >> irq & 1) != 0 ? irq : 0;
	}

	private void drive(int wire) {
		int wanted = bus.isAsserted(wire) ? route(wire) : 0;
		if (wanted != driven[wire]) {
			set(wire, driven[wire], false);
			set(wire, wanted, true);
			driven[wire] = wanted;
		}
	}

	private void set(int wire, int irq, boolean asserted) {
		InterruptLine line = lines[wire][irq];
		if (line != null) {
			line.set(asserted);
		}
	}

	/** Routes the wires as firmware does: to interrupts 10 and 11, which become level-triggered. */
	public void routeAsFirmware() {
		int levels = 0;
		for (int wire = 0; wire < WIRES; wire++) {
			routes[wire].set(FIRMWARE_ROUTES[wire]);
			levels |= 1 << FIRMWARE_ROUTES[wire];
			drive(wire);
		}
		machine.ports().write(ELCR, 1, levels & 0xff);
		machine.ports().write(ELCR + 1, 1, levels >> 8);
	}

	/** The ISA interrupt to which firmware routes INTA# of a device. */
	public static int firmwareInterrupt(int device) {
		return FIRMWARE_ROUTES[PciBus.wireOf(device)];
	}
}
