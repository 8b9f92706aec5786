/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

import java.util.Comparator;
import java.util.List;

/** What firmware does to the bus before an operating system starts: addresses, enabling, interrupt routing. */
public final class PciSetup {
	/** Where base addresses for ports go, and for memory. */
	private static final long PORTS = 0xc000, MEMORY = 0xe000_0000L, MEMORY_END = 0xfec0_0000L;

	private long nextPort = PORTS;
	private long nextMemory = MEMORY;

	private PciSetup() {
	}

	/** Gives every base address a place of its own and lets every function decode. */
	public static void carryOut(PciBus bus, IsaBridge bridge) {
		PciSetup setup = new PciSetup();
		List<BaseAddress> bases = bus.functions().stream().flatMap(function -> function.baseAddresses().stream())
				.filter(BaseAddress::isStandard).sorted(Comparator.comparingLong(BaseAddress::size).reversed())
				.toList();
		bases.forEach(setup::place);
		bridge.routeAsFirmware();
		for (PciFunction function : bus.functions()) {
			function.enable();
			if (function.hasInterrupt()) {
				function.interruptLine().set(IsaBridge.firmwareInterrupt(function.address().device()));
			}
		}
	}

	/** The largest come first, so that each is at a multiple of its size. */
	private void place(BaseAddress base) {
		if (base.isPorts()) {
			base.assign(nextPort);
			nextPort += base.size();
		} else {
			base.assign(nextMemory);
			nextMemory += base.size();
		}
		if (nextPort > 0x10000 || nextMemory > MEMORY_END) {
			throw new IllegalStateException("the PCI functions want more addresses than there are"); //$NON-NLS-1$
		}
	}
}
