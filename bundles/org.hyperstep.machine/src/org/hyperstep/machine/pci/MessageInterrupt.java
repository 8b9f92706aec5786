/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.pci;

/** Message signalled interrupts with one message (PCI Local Bus Specification, "MSI Capability Structure"). */
@SuppressWarnings("nls")
final class MessageInterrupt {
	private static final int ID = 5, LENGTH = 14, WIDE = 1 << 7, ENABLE = 1;

	private final PciBus bus;
	private final ConfigRegister control;
	private final ConfigRegister addressLow;
	private final ConfigRegister data;

	MessageInterrupt(PciFunction function, PciBus bus) {
		this.bus = bus;
		int at = function.capability("MSI", ID, LENGTH);
		ConfigSpace config = function.config();
		control = config.register("MSI: Message Control", at + 2, 2, WIDE, ENABLE).onWrite(function::driveInterrupt);
		addressLow = config.register("MSI: Message Address", at + 4, 4, 0, 0xfffffffcL);
		config.register("MSI: Message Upper Address", at + 8, 4, 0, 0xffffffffL);
		data = config.register("MSI: Message Data", at + 12, 2, 0, 0xffff);
	}

	boolean isEnabled() {
		return (control.get() & ENABLE) != 0;
	}

	void send() {
		bus.sendMessage(addressLow.get(), data.get());
	}
}
