/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.function.BooleanSupplier;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.bus.PortDevice;
import org.hyperstep.x86.memory.MemoryRoute;
import org.hyperstep.x86.memory.MmioDevice;

/**
 * A base address register with what it maps (PCI Local Bus Specification, "Base Addresses"). The size shows in the bits
 * that cannot be written.
 */
public final class BaseAddress {
	private static final long NO_RAM = -1;
	static final int IO = 1, WIDE = 4, PREFETCHABLE = 8, ENABLE = 1;

	/** What a register can map. */
	enum Kind {
		PORTS, MEMORY, WIDE_MEMORY, ROM,
		/** Ports by a register of the device's own, with an enable bit elsewhere. */
		OWN_PORTS
	}

	private final Kind kind;
	private final long size;
	private final ConfigRegister low;
	private final @Nullable ConfigRegister high;
	private final BooleanSupplier enabled;
	final @Nullable PortDevice ports;
	final @Nullable MmioDevice memory;
	private final Runnable changed;
	private long ram = NO_RAM;

	BaseAddress(Kind kind, long size, ConfigRegister low, @Nullable ConfigRegister high, @Nullable PortDevice ports,
			@Nullable MmioDevice memory, BooleanSupplier enabled, Runnable changed) {
		this.kind = kind;
		this.size = size;
		this.low = low;
		this.high = high;
		this.enabled = enabled;
		this.ports = ports;
		this.memory = memory;
		this.changed = changed;
	}

	/**
	 * Shows RAM from now on, without asking the device: processors and devices reach it as any other RAM.
	 *
	 * @param hostPhysical address of as much RAM as it maps
	 */
	public void showRam(long hostPhysical) {
		ram = hostPhysical;
		changed.run();
	}

	/** Whether it shows RAM. */
	boolean showsRam() {
		return ram != NO_RAM;
	}

	/** The way to the RAM at the address that it has now. */
	MemoryRoute route() {
		return MemoryRoute.window(address(), size, ram);
	}

	/** Bytes that it maps: a power of two. */
	public long size() {
		return size;
	}

	/** Whether it maps ports; memory if not. */
	public boolean isPorts() {
		return ports != null;
	}

	/** Whether it is the expansion ROM's, which has an enable bit of its own. */
	public boolean isRom() {
		return kind == Kind.ROM;
	}

	/** Whether it is one of the six that every function's header has. */
	boolean isStandard() {
		return kind != Kind.ROM && kind != Kind.OWN_PORTS;
	}

	/** Whether what enables it does so now. */
	boolean isEnabled() {
		return enabled.getAsBoolean() && (kind != Kind.ROM || (low.get() & ENABLE) != 0);
	}

	/** The address that the guest gave it, or 0. */
	public long address() {
		long bits = low.get() & -size;
		ConfigRegister upper = high;
		return upper == null ? bits & 0xffffffffL : bits & 0xffffffffL | upper.get() << 32;
	}

	/** Gives it an address, as firmware does; a multiple of the size. */
	public void assign(long address) {
		low.set(low.get() & ~(-size & 0xffffffffL) | address & 0xffffffffL);
		ConfigRegister upper = high;
		if (upper != null) {
			upper.set(address >>> 32);
		}
		changed.run();
	}
}
