/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.machine.Machine;
import org.hyperstep.x86.PortAccess;

/**
 * The machine's ports for instructions that reach them without an exit: those of a guest whose port accesses nobody
 * wants to see, and those that the hypervisor executes in the guest's place.
 */
record MachinePorts(Machine machine, GuestCpu cpu) implements PortAccess {
	@Override
	public int read(int port, int size) {
		int value = (int) machine.ports().read(port, size);
		accessed();
		return value;
	}

	@Override
	public void write(int port, int size, int value) {
		machine.ports().write(port, size, value & 0xffff_ffffL);
		accessed();
	}

	/** A port that ends the machine ends it behind this instruction; a step ends there by its own exit. */
	private void accessed() {
		if (machine.exitRequest() != null) {
			if (cpu.stepping()) {
				cpu.processor.assertHostInterrupt();
			} else {
				cpu.processor.assertPlatformEnd();
			}
		}
	}
}
