/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.hyperstep.machine.Machine;
import org.hyperstep.machine.bus.PortBus;
import org.hyperstep.x86.PortAccess;
import org.hyperstep.x86.Processor;

/** The machine's ports, which the guest reaches without an exit, and what is told of its accesses. */
final class MachinePorts implements PortAccess {
	/** Nanoseconds that a read of a port takes, as on a PC's ISA bus. */
	private static final long READ = 1_000;

	private final Machine machine;
	private final PortBus ports;
	private final Processor processor;
	private final EventReport report;

	MachinePorts(GuestCpu cpu) {
		machine = cpu.machine;
		ports = machine.ports();
		processor = cpu.processor;
		report = cpu.report;
	}

	/** The CPU waits for the answer; writes are posted. What polls a port so does not need a million turns. */
	@Override
	public int read(int port, int size) {
		int value = (int) ports.read(port, size);
		report.port(EventKind.PORT_READ, port, size, value);
		processor.waitWithinInstruction(READ);
		accessed();
		return value;
	}

	@Override
	public void write(int port, int size, int value) {
		report.port(EventKind.PORT_WRITE, port, size, value);
		ports.write(port, size, value & 0xffff_ffffL);
		accessed();
	}

	/** A port that ends the machine ends it behind this instruction, before anything else that is due there. */
	private void accessed() {
		if (machine.exitRequest() != null) {
			processor.assertPlatformEnd();
		}
	}
}
