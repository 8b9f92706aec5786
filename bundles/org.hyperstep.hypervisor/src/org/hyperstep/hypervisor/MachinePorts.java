/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.x86.PortAccess;

/** The machine's ports for instructions that the hypervisor executes in the guest's place. */
record MachinePorts(PortBus bus) implements PortAccess {
	@Override
	public int read(int port, int size) {
		return (int) bus.read(port, size);
	}

	@Override
	public void write(int port, int size, int value) {
		bus.write(port, size, value & 0xffff_ffffL);
	}
}
