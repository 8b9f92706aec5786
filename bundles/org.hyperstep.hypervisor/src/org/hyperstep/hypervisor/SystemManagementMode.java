/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;

/**
 * System-management mode of a guest: the hypervisor does with the processor's one meaning what an SMI and RSM do, and
 * keeps its own bits of the control registers out of the state save area. Only a machine that firmware has started has
 * a handler; on others an SMI is as if the handler were one RSM, and leaves no trace.
 */
final class SystemManagementMode {
	private final GuestCpu cpu;
	private final CpuState state;
	private final GuestMode mode;
	private boolean handler;

	SystemManagementMode(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		mode = cpu.guestMode;
	}

	/** The machine starts at its reset vector: firmware is there. */
	void firmwareStarts() {
		handler = true;
	}

	/** Whether an SMI would enter the handler now. */
	boolean handles() {
		return handler && !holdsOff();
	}

	/** Whether an SMI waits until the handler that runs is done, or a shadow is over. */
	boolean holdsOff() {
		return handler && (state.inSystemManagementMode || state.interruptibility.shadow != Shadow.NONE);
	}

	/** An SMI is taken. */
	void enter() {
		if (!handler) {
			return;
		}
		showGuestRegisters();
		cpu.processor.system().systemManagement.enter();
		keepHostBits();
	}

	/** RSM: row of the exit handlers. AMD's intercept comes before the check that the processor is in the mode. */
	@Nullable
	VcpuStop resume() {
		if (!state.inSystemManagementMode) {
			cpu.injector.queueFault(Vector.UD, -1);
			return null;
		}
		showGuestRegisters();
		cpu.processor.system().systemManagement.leave();
		boolean shutdown = state.activity == Activity.SHUTDOWN;
		boolean halted = state.activity == Activity.HALTED;
		state.activity = Activity.ACTIVE;
		keepHostBits();
		if (shutdown) {
			return cpu.activity.shutDown();
		}
		if (halted) {
			cpu.activity.halt();
		}
		return null;
	}

	private void showGuestRegisters() {
		long cr4 = mode.visibleCr4();
		long efer = mode.visibleEfer();
		state.cr0 = mode.visibleCr0();
		state.cr4 = cr4;
		state.efer = efer;
	}

	private void keepHostBits() {
		mode.loadCr0(state.cr0);
		mode.loadCr4(state.cr4);
		mode.loadEfer(state.efer);
		cpu.registersReplaced();
	}
}
