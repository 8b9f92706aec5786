/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.ArrayList;
import java.util.List;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.bus.DirectMemory;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.x86.memory.MemoryRoute;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.memory.PhysicalMemory;

/**
 * PCI bus 0 with configuration mechanism #1 at ports 0xcf8 and 0xcfc (PCI Local Bus Specification, "Configuration
 * Mechanism #1"). Accesses to memory and ports that nothing else answers come here and go to the function that decodes
 * them. The reset control register is the byte at 0xcf9. Confined to the machine's thread.
 */
@SuppressWarnings("nls")
public final class PciBus implements Device, PortDevice {
	private static final long ADDRESS_BITS = 0x80fffffcL, ENABLE = 0x80000000L;
	private static final int RESET_CPU = 4, RESET_CONTROL = 1, DATA = 4, FUNCTIONS = 256, PINS = 4;

	private record Decoded(long start, long size, @Nullable PortDevice ports, @Nullable MmioDevice memory) {
		boolean contains(long at, int length) {
			return Long.compareUnsigned(at - start, size) < 0 && at - start + length <= size;
		}
	}

	/** Told of the level of one of the four shared interrupt wires. */
	@FunctionalInterface
	interface InterruptRouter {
		void set(int wire, boolean asserted);
	}

	private final Machine machine;
	private final @Nullable PciFunction[] functions = new @Nullable PciFunction[FUNCTIONS];
	private final List<Decoded> memoryRanges = new ArrayList<>();
	private final List<Decoded> portRanges = new ArrayList<>();
	private boolean stale = true;
	private long configAddress;
	private int resetControl;
	/** For each of the four wires one bit a device that asserts it. */
	private final long[] wires = new long[PINS];
	private InterruptRouter router = (wire, asserted) -> {
	};

	public PciBus(Machine machine) {
		this.machine = machine;
		machine.ports().attach(name(), 0xcf8, 8, 4, this);
		machine.ports().setElsewhere(new PortDevice() {
			@Override
			public long read(int port, int size) {
				return readPorts(port, size);
			}

			@Override
			public void write(int port, int size, long value) {
				writePorts(port, size, value);
			}
		});
		machine.physicalMemory().setElsewhere(new MmioDevice() {
			@Override
			public long read(long hostPhysical, int size) {
				return readMemory(hostPhysical, size);
			}

			@Override
			public void write(long hostPhysical, int size, long value) {
				writeMemory(hostPhysical, size, value);
			}
		});
		reset();
	}

	@Override
	public String name() {
		return "pci";
	}

	@Override
	public void reset() {
		configAddress = 0;
		resetControl = 0;
		for (int wire = 0; wire < PINS; wire++) {
			wires[wire] = 0;
			router.set(wire, false);
		}
	}

	@Override
	public DeviceState state() {
		return new DeviceState().number("address", () -> configAddress, v -> configAddress = v)
				.number("resetControl", () -> resetControl, v -> resetControl = (int) v).numbers("wires", wires);
	}

	// Functions

	/**
	 * Adds a function.
	 *
	 * @throws IllegalStateException if there is one at this address
	 */
	public PciFunction add(PciAddress address, PciIdentity identity) {
		if (functions[address.index()] != null) {
			throw new IllegalStateException("two functions at " + address);
		}
		PciFunction function = new PciFunction(this, address, identity);
		functions[address.index()] = function;
		return function;
	}

	/** Adds function 0 of the first device that is free, from {@code 00:02} on. */
	public PciFunction add(PciIdentity identity) {
		for (int device = 2; device < 32; device++) {
			if (functions[device << 3] == null) {
				return add(new PciAddress(device, 0), identity);
			}
		}
		throw new IllegalStateException("all 32 devices of the PCI bus are taken");
	}

	/** The function at an address, or null. */
	public @Nullable PciFunction at(PciAddress address) {
		return functions[address.index()];
	}

	/** All functions by address. */
	public List<PciFunction> functions() {
		List<PciFunction> all = new ArrayList<>();
		for (PciFunction function : functions) {
			if (function != null) {
				all.add(function);
			}
		}
		return all;
	}

	// Configuration

	/** Only a 32-bit access at 0xcf8 is the address register's. */
	@Override
	public long read(int offset, int size) {
		if (offset == 0 && size == 4) {
			return configAddress;
		}
		if (offset >= DATA) {
			PciFunction function = addressed();
			return function == null ? -1 : function.config().read(register(offset), size);
		}
		return offset == RESET_CONTROL && size == 1 ? resetControl : -1;
	}

	@Override
	public void write(int offset, int size, long value) {
		if (offset == 0 && size == 4) {
			configAddress = value & ADDRESS_BITS;
		} else if (offset >= DATA) {
			PciFunction function = addressed();
			if (function != null) {
				function.config().write(register(offset), size, value);
			}
		} else if (offset == RESET_CONTROL && size == 1) {
			if ((value & ~resetControl & RESET_CPU) != 0) {
				machine.requestExit(new ExitRequest(ExitRequest.Kind.RESET, 0));
			}
			resetControl = (int) value;
		}
	}

	private int register(int offset) {
		return (int) (configAddress & 0xfc) + offset - DATA;
	}

	private @Nullable PciFunction addressed() {
		boolean onThisBus = (configAddress & ENABLE) != 0 && (configAddress & 0xff0000) == 0;
		return onThisBus ? functions[(int) (configAddress >> 8) & 0xff] : null;
	}

	// Address decoding

	/** Base addresses or command registers changed. */
	void decodingChanged() {
		stale = true;
		if (anyRam()) {
			decode();
		}
	}

	private boolean anyRam() {
		for (PciFunction function : functions) {
			if (function != null && function.showsRam()) {
				return true;
			}
		}
		return false;
	}

	private void decode() {
		stale = false;
		memoryRanges.clear();
		portRanges.clear();
		List<MemoryRoute> routes = new ArrayList<>();
		for (PciFunction function : functions) {
			if (function != null) {
				for (BaseAddress base : function.baseAddresses()) {
					if (base.isEnabled()) {
						decode(base, routes);
					}
				}
			}
		}
		machine.physicalMemory().setRoutes(this, routes);
	}

	/** An address of zero is one that nobody has given yet. */
	private void decode(BaseAddress base, List<MemoryRoute> routes) {
		long start = base.address();
		if (start != 0 && Long.compareUnsigned(start, DirectMemory.LIMIT) < 0) {
			(base.isPorts() ? portRanges : memoryRanges).add(new Decoded(start, base.size(), base.ports, base.memory));
			if (base.showsRam() && machine.physicalMemory().isFree(start, base.size())) {
				routes.add(base.route());
			}
		}
	}

	private @Nullable Decoded find(boolean ports, long at, int size) {
		if (stale) {
			decode();
		}
		List<Decoded> ranges = ports ? portRanges : memoryRanges;
		for (int i = 0; i < ranges.size(); i++) {
			if (ranges.get(i).contains(at, size)) {
				return ranges.get(i);
			}
		}
		return null;
	}

	private long readPorts(int port, int size) {
		Decoded range = find(true, port, size);
		PortDevice device = range == null ? null : range.ports;
		return range == null || device == null ? -1 : device.read((int) (port - range.start), size);
	}

	private void writePorts(int port, int size, long value) {
		Decoded range = find(true, port, size);
		PortDevice device = range == null ? null : range.ports;
		if (range != null && device != null) {
			device.write((int) (port - range.start), size, value);
		}
	}

	private long readMemory(long hostPhysical, int size) {
		Decoded range = find(false, hostPhysical, size);
		MmioDevice device = range == null ? null : range.memory;
		return range == null || device == null ? -1 : device.read(hostPhysical - range.start, size);
	}

	private void writeMemory(long hostPhysical, int size, long value) {
		Decoded range = find(false, hostPhysical, size);
		MmioDevice device = range == null ? null : range.memory;
		if (range != null && device != null) {
			device.write(hostPhysical - range.start, size, value);
		}
	}

	PhysicalMemory memory() {
		return machine.physicalMemory();
	}

	// Interrupts

	/** Says who routes the four wires. */
	void setRouter(InterruptRouter newRouter) {
		router = newRouter;
	}

	/** The wire of a device's INTA#: neighbours take different ones, the first behind the bridges the first. */
	static int wireOf(int device) {
		return device - 1 & PINS - 1;
	}

	void setInterrupt(PciAddress address, boolean asserted) {
		int wire = wireOf(address.device());
		long bit = 1L << address.device();
		long before = wires[wire];
		wires[wire] = asserted ? before | bit : before & ~bit;
		if (before == 0 != (wires[wire] == 0)) {
			router.set(wire, wires[wire] != 0);
		}
	}

	/** Whether a wire is asserted by some device. */
	boolean isAsserted(int wire) {
		return wires[wire] != 0;
	}

	void sendMessage(long address, long data) {
		machine.apicBus().sendMessageSignalled(address, (int) data);
	}
}
