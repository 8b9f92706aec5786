/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;

/** What hardware that virtualizes the local APIC leaves to the hypervisor. */
final class ApicExits {
	private final GuestCpu cpu;
	private final InterruptDelivery delivery;

	ApicExits(GuestCpu cpu) {
		this.cpu = cpu;
		delivery = cpu.guestMode.interruptDelivery();
	}

	/** A register was written: the value is in the page, and the instruction is at its end. */
	@Nullable
	VcpuStop written(Exit exit) {
		cpu.report.behindInstruction(() -> inTime((int) exit.payload));
		cpu.entry.instructionCompleted();
		return null;
	}

	/**
	 * The write happened while the instruction executed, by whose end the clock has moved on: a timer that it starts is
	 * due when it would be without such hardware.
	 */
	private void inTime(int offset) {
		long now = cpu.processor.timeStampCounter();
		cpu.processor.setTimeStampCounter(now - 1);
		cpu.apic.registers().written(offset);
		cpu.processor.setTimeStampCounter(now);
	}

	/** The hardware has taken an interrupt out of service that the I/O APIC wants to know of. */
	@Nullable
	VcpuStop endOfInterrupt(Exit exit) {
		cpu.apic.endOfLevelInterrupt(exit.vector);
		cpu.entry.instructionCompleted();
		return null;
	}

	/** An access that the hardware does not virtualize: by an instruction, or by the delivery of an event. */
	@Nullable
	VcpuStop accessed(Exit exit) {
		delivery.suspend(true);
		try {
			if (cpu.injector.hasQueued()) {
				cpu.injector.prepare(false);
				return cpu.entry.enterOnce(true);
			}
			return cpu.entry.emulated(cpu.entry.emulateOne());
		} finally {
			delivery.suspend(false);
		}
	}
}
