/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.ata;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.DeviceRow;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.machine.disk.Drive;
import org.hyperstep.machine.pci.ConfigSpace;
import org.hyperstep.machine.pci.IsaBridge;
import org.hyperstep.machine.pci.PciAddress;
import org.hyperstep.machine.pci.PciFunction;
import org.hyperstep.machine.pci.PciIdentity;

/**
 * The IDE function of an Intel 82371SB (PIIX3 data sheet, "PCI to IDE Controller") at 00:01.1: two channels at the PC's
 * usual ports and interrupts, two drives each, with bus-master DMA.
 */
@SuppressWarnings("nls")
public final class IdeController implements Device {
	/** Drives that fit. */
	public static final int DRIVES = 4;
	private static final String NAME = "ide";
	private static final int CLASS = 0x010180, PORTS = 16, DECODE = 0x8000;

	/** Ports and interrupt of a channel. */
	private record Wiring(int command, int control, int interrupt) {
	}

	private static final List<Wiring> CHANNELS = List.of(new Wiring(0x1f0, 0x3f6, 14), new Wiring(0x170, 0x376, 15));

	private final PciFunction function;
	private final AtaChannel[] channels = new AtaChannel[2];

	private IdeController(Machine machine, List<@Nullable Drive> drives) {
		function = machine.pci().add(new PciAddress(IsaBridge.DEVICE, 1), PciIdentity.of(0x8086, 0x7010, CLASS, 0));
		ConfigSpace config = function.config();
		// Decoding is on after reset: without firmware nobody would switch it on.
		config.register("IDETIM primary", 0x40, 2, DECODE, 0xffff);
		config.register("IDETIM secondary", 0x42, 2, DECODE, 0xffff);
		config.register("SIDETIM", 0x44, 1, 0, 0xff);
		config.register("UDMACTL", 0x48, 1, 0, 0x0f);
		config.register("UDMATIM", 0x4a, 2, 0, 0x3333);
		for (int i = 0; i < 2; i++) {
			Wiring wiring = CHANNELS.get(i);
			AtaChannel channel = new AtaChannel(machine.interruptLine(wiring.interrupt), function.directMemory());
			channels[i] = channel;
			machine.ports().attach(NAME, wiring.command, 8, 4, channel);
			machine.ports().attach(NAME, wiring.control, 1, 1, channel.control());
		}
		for (int i = 0; i < drives.size(); i++) {
			Drive drive = drives.get(i);
			if (drive != null) {
				channels[i / 2].attach(i % 2, drive, i);
				machine.closeWithMachine(drive.disk());
			}
		}
		function.ports(4, PORTS, new BusMasterPorts());
		reset();
	}

	/**
	 * The line of a machine's description.
	 *
	 * @param drives primary master, primary slave, secondary master, secondary slave; null for none; at most
	 *               {@link #DRIVES}
	 */
	public static DeviceRow row(List<@Nullable Drive> drives) {
		if (drives.size() > DRIVES) {
			throw new IllegalArgumentException(drives.size() + " IDE drives asked for; 4 are possible");
		}
		List<@Nullable Drive> attached = new ArrayList<>(drives);
		return new DeviceRow(NAME, machine -> new IdeController(machine, attached));
	}

	/** Eight ports a channel. */
	private final class BusMasterPorts implements PortDevice {
		@Override
		public long read(int offset, int size) {
			return channels[offset >> 3].busMaster.read(offset & 7, size);
		}

		@Override
		public void write(int offset, int size, long value) {
			channels[offset >> 3].writeBusMaster(offset & 7, size, value);
		}
	}

	@Override
	public String name() {
		return NAME;
	}

	@Override
	public void reset() {
		function.reset();
		for (AtaChannel channel : channels) {
			channel.reset();
		}
	}

	@Override
	public DeviceState state() {
		return new DeviceState().part("pci", function.state()).part("primary", channels[0].state()).part("secondary",
				channels[1].state());
	}
}
