/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;
import org.hyperstep.machine.bus.InterruptLine;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * One function on the bus (PCI Local Bus Specification, "Configuration Space Organization"): the header's registers,
 * base addresses, the interrupt pin, capabilities. A device makes it, declares what it has, and keeps its
 * {@link #state()} in its own. Confined to the machine's thread.
 */
@SuppressWarnings("nls")
public final class PciFunction {
	private static final int COMMAND_IO = 1, COMMAND_MEMORY = 2, COMMAND_MASTER = 4, COMMAND_NO_INTX = 1 << 10;
	private static final int COMMAND_BITS = COMMAND_NO_INTX | 1 << 8 | 1 << 6 | COMMAND_MASTER | COMMAND_MEMORY
			| COMMAND_IO;
	private static final int STATUS_INTERRUPT = 1 << 3, STATUS_CAPABILITIES = 1 << 4, STATUS_ERRORS = 0xf900;
	private static final int MULTIFUNCTION = 0x80;
	private static final int BASE_ADDRESSES = 0x10, ROM = 0x30, CAPABILITIES = 0x34;

	private final PciBus bus;
	private final PciAddress address;
	private final ConfigSpace config = new ConfigSpace();
	private final List<BaseAddress> baseAddresses = new ArrayList<>();
	private final ConfigRegister command;
	private final ConfigRegister status;
	private final ConfigRegister headerType;
	private final ConfigRegister interruptLine;
	private final ConfigRegister interruptPin;
	private final ConfigRegister capabilities;
	private @Nullable MessageInterrupt messages;
	private @Nullable MessageVectors vectors;
	private boolean asserted;

	PciFunction(PciBus bus, PciAddress address, PciIdentity identity) {
		this.bus = bus;
		this.address = address;
		config.readOnly("Vendor ID", 0x00, 2, identity.vendor());
		config.readOnly("Device ID", 0x02, 2, identity.device());
		command = config.register("Command", 0x04, 2, 0, COMMAND_BITS).onWrite(this::commandWritten);
		status = config.register("Status", 0x06, 2, 0, 0, STATUS_ERRORS);
		config.readOnly("Revision ID", 0x08, 1, identity.revision());
		config.readOnly("Programming Interface", 0x09, 1, identity.classCode() & 0xff);
		config.readOnly("Class Code", 0x0a, 2, identity.classCode() >> 8);
		config.register("Cache Line Size", 0x0c, 1, 0, 0xff);
		config.register("Latency Timer", 0x0d, 1, 0, 0xff);
		headerType = config.readOnly("Header Type", 0x0e, 1, 0);
		config.readOnly("Subsystem Vendor ID", 0x2c, 2, identity.subsystemVendor());
		config.readOnly("Subsystem ID", 0x2e, 2, identity.subsystem());
		capabilities = config.readOnly("Capabilities Pointer", CAPABILITIES, 1, 0);
		interruptLine = config.register("Interrupt Line", 0x3c, 1, 0, 0xff);
		interruptPin = config.readOnly("Interrupt Pin", 0x3d, 1, 0);
		config.onLoad(bus::decodingChanged);
	}

	/** Where it is. */
	public PciAddress address() {
		return address;
	}

	/** Its registers; a device declares more of them. */
	public ConfigSpace config() {
		return config;
	}

	/** Says that the device has more functions than this one. */
	public PciFunction multifunction() {
		headerType.resetsTo(MULTIFUNCTION);
		return this;
	}

	// Address decoding

	/**
	 * Maps ports.
	 *
	 * @param index of the base address register, 0 to 5
	 * @param size  ports, a power of two from 4 to 256
	 */
	public BaseAddress ports(int index, int size, PortDevice device) {
		check(size >= 4 && size <= 256 && Integer.bitCount(size) == 1, index, size);
		ConfigRegister low = base(index, BaseAddress.IO, -size & 0xffffffffL);
		return add(new BaseAddress(BaseAddress.Kind.PORTS, size, low, null, device, null, this::decodesPorts,
				bus::decodingChanged));
	}

	/**
	 * Maps memory below 4 GB.
	 *
	 * @param index of the base address register, 0 to 5
	 * @param size  bytes, a power of two from 16 to 2 GB
	 */
	public BaseAddress memory(int index, long size, MmioDevice device) {
		return memory(index, size, false, device);
	}

	/** As {@link #memory(int, long, MmioDevice)}; prefetchable memory has no side effects of reading. */
	public BaseAddress memory(int index, long size, boolean prefetchable, MmioDevice device) {
		check(size >= 16 && size <= 1L << 31 && Long.bitCount(size) == 1, index, size);
		ConfigRegister low = base(index, prefetchable ? BaseAddress.PREFETCHABLE : 0, -size & 0xffffffffL);
		return add(new BaseAddress(BaseAddress.Kind.MEMORY, size, low, null, null, device, this::decodesMemory,
				bus::decodingChanged));
	}

	/** Maps memory anywhere; takes the register {@code index} and the next one. */
	public BaseAddress wideMemory(int index, long size, boolean prefetchable, MmioDevice device) {
		check(size >= 16 && size <= 1L << 31 && Long.bitCount(size) == 1 && index < 5, index, size);
		ConfigRegister low = base(index, BaseAddress.WIDE | (prefetchable ? BaseAddress.PREFETCHABLE : 0),
				-size & 0xffffffffL);
		ConfigRegister high = base(index + 1, 0, 0xffffffffL);
		return add(new BaseAddress(BaseAddress.Kind.WIDE_MEMORY, size, low, high, null, device, this::decodesMemory,
				bus::decodingChanged));
	}

	/** Gives it an expansion ROM, whose length is a power of two of at least 2048 bytes. */
	public BaseAddress rom(byte[] image) {
		check(image.length >= 2048 && Integer.bitCount(image.length) == 1, 6, image.length);
		ConfigRegister low = config.register("Expansion ROM Base Address", ROM, 4, 0,
				-image.length & 0xffffffffL | BaseAddress.ENABLE).onWrite(bus::decodingChanged);
		return add(new BaseAddress(BaseAddress.Kind.ROM, image.length, low, null, null, new RomContents(image),
				this::decodesMemory, bus::decodingChanged));
	}

	private static void check(boolean condition, int index, long size) {
		if (!condition) {
			throw new IllegalArgumentException("base address " + index + " cannot map " + size + " bytes");
		}
	}

	private ConfigRegister base(int index, long initial, long writable) {
		return config.register("Base Address " + java.util.Objects.checkIndex(index, 6), BASE_ADDRESSES + 4 * index, 4,
				initial, writable).onWrite(bus::decodingChanged);
	}

	private BaseAddress add(BaseAddress base) {
		baseAddresses.add(base);
		bus.decodingChanged();
		return base;
	}

	/** What it maps, in the order of declaring. */
	public List<BaseAddress> baseAddresses() {
		return List.copyOf(baseAddresses);
	}

	/** Whether one of its base addresses shows RAM. */
	boolean showsRam() {
		return baseAddresses.stream().anyMatch(BaseAddress::showsRam);
	}

	private boolean decodesPorts() {
		return (command.get() & COMMAND_IO) != 0;
	}

	private boolean decodesMemory() {
		return (command.get() & COMMAND_MEMORY) != 0;
	}

	/**
	 * Maps ports by a register of the device's own.
	 *
	 * @param register holds the address; firmware does not know it as a base address
	 * @param enable   lets the ports answer while it is not zero
	 */
	public BaseAddress ownPorts(ConfigRegister register, int size, ConfigRegister enable, PortDevice device) {
		register.onWrite(bus::decodingChanged);
		enable.onWrite(bus::decodingChanged);
		return add(new BaseAddress(BaseAddress.Kind.OWN_PORTS, size, register, null, device, null,
				() -> enable.get() != 0, bus::decodingChanged));
	}

	/** Lets it decode ports and memory and reach memory by itself, as firmware does. */
	public void enable() {
		command.set(command.get() | COMMAND_IO | COMMAND_MEMORY | COMMAND_MASTER);
		bus.decodingChanged();
	}

	/** Memory as the function reaches it by itself: only while the guest lets it be bus master. */
	public DirectMemory directMemory() {
		return new DirectMemory(bus.memory(), this::isBusMaster);
	}

	/** Whether the guest lets it reach memory by itself. */
	public boolean isBusMaster() {
		return (command.get() & COMMAND_MASTER) != 0;
	}

	// Interrupts

	/**
	 * The interrupt output, on pin INTA#: level-sensitive, routed by the ISA bridge. While the guest has enabled message
	 * signalled interrupts each assertion sends the message instead.
	 */
	public InterruptLine interrupt() {
		interruptPin.resetsTo(1);
		return this::setInterrupt;
	}

	/** Declares a capability for message signalled interrupts with one message. */
	public PciFunction messageInterrupts() {
		messages = new MessageInterrupt(this, bus);
		return this;
	}

	/**
	 * Declares message signalled interrupts with a message for each vector. While the guest has enabled them, the device
	 * raises vectors, and {@link #interrupt} does nothing.
	 *
	 * @param baseAddress index of a base address register for their table
	 * @param count       vectors, 1 to 64
	 */
	public MessageVectors messageVectors(int baseAddress, int count) {
		MessageVectors made = new MessageVectors(this, bus, baseAddress, count);
		vectors = made;
		return made;
	}

	private void setInterrupt(boolean level) {
		boolean rising = level && !asserted;
		asserted = level;
		MessageInterrupt message = messages;
		if (message != null && message.isEnabled()) {
			if (rising) {
				message.send();
			}
		}
		driveInterrupt();
	}

	private void commandWritten() {
		bus.decodingChanged();
		driveInterrupt();
	}

	/** Brings the wire to the level that the device and the command register give. */
	void driveInterrupt() {
		status.set(asserted ? status.get() | STATUS_INTERRUPT : status.get() & ~STATUS_INTERRUPT);
		MessageInterrupt message = messages;
		MessageVectors table = vectors;
		boolean wired = (command.get() & COMMAND_NO_INTX) == 0 && (message == null || !message.isEnabled())
				&& (table == null || !table.areEnabled());
		bus.setInterrupt(address, asserted && wired);
	}

	/** The ISA interrupt that firmware noted for the guest's drivers. */
	public ConfigRegister interruptLine() {
		return interruptLine;
	}

	boolean hasInterrupt() {
		return interruptPin.get() != 0;
	}

	/**
	 * Declares a capability's header and links it into the list; its other registers are the caller's to declare.
	 *
	 * @param length bytes, header included
	 * @return the offset of the header
	 */
	public int capability(String name, int id, int length) {
		int offset = config.free(length);
		config.readOnly(name + ": Capability ID", offset, 1, id);
		config.readOnly(name + ": Next", offset + 1, 1, capabilities.get());
		capabilities.resetsTo(offset);
		status.resetsTo(STATUS_CAPABILITIES);
		return offset;
	}

	/** Brings the registers to their values after reset; the owner calls it in its own reset. */
	public void reset() {
		asserted = false;
		MessageVectors table = vectors;
		if (table != null) {
			table.reset();
		}
		config.reset();
		bus.decodingChanged();
		driveInterrupt();
	}

	/** To be a part of the owner's state. */
	public DeviceState state() {
		DeviceState state = config.state().flag("asserted", () -> asserted, v -> asserted = v);
		MessageVectors table = vectors;
		return table == null ? state : state.part("vectors", table.state());
	}
}
