/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

/** Steps with VMX's monitor trap flag. */
final class MonitorTrapStep {
	private final GuestCpu cpu;
	private final GuestMode mode;

	MonitorTrapStep(GuestCpu cpu) {
		this.cpu = cpu;
		mode = cpu.guestMode;
	}

	/**
	 * Makes one step of a CPU that executes. The flag's exit comes behind the instruction, behind the delivery of the
	 * event that the entry injects, or behind the delivery of the instruction's own fault. It stays set from step to step:
	 * who runs the CPU otherwise takes it back.
	 */
	VcpuStop step() {
		mode.setMonitorTrap(true);
		while (true) {
			cpu.injector.prepare(false);
			if (cpu.injector.takeExitedToGuestHypervisor()) {
				return new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered());
			}
			VcpuStop stop = cpu.entry.enterOnce(false);
			if (stop != null) {
				return stop;
			}
			if (cpu.entry.lastExit() == Exit.Kind.MONITOR_TRAP || cpu.entry.takeCompleted()
					|| cpu.machineEnds() || cpu.injector.takeExitedToGuestHypervisor()) {
				return new VcpuStop.StepDone(cpu.number(), cpu.report.takeDelivered());
			}
		}
	}
}
