/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.InnerContext;

/**
 * Which NMIs and interrupts the present state of a processor lets through at an instruction boundary, and which exits of
 * a guest hypervisor's come there. Asked by the event arbiter, which alone acts on it, and by the software below before
 * it enters. On the machine's thread; nothing here changes anything.
 */
public final class EventAdmission {
	private final CpuState state;
	private final Interruptibility interruptibility;
	private final BoundaryExits inner;
	private @Nullable ContextStack levels;

	EventAdmission(CpuState state, BoundaryExits inner) {
		this.state = state;
		this.inner = inner;
		interruptibility = state.interruptibility;
	}

	void setContexts(ContextStack contexts) {
		levels = contexts;
	}

	// ---- by the processor alone ----

	/** Intel SDM, "STI", lets the processor hold NMIs off for the one instruction behind it, too; this one does. */
	boolean nmiAllowed() {
		return !interruptibility.blockingByNmi && interruptibility.shadow == Shadow.NONE
				&& interruptibility.globalInterruptFlag && state.activity != Activity.WAIT_FOR_SIPI;
	}

	/** Whether a maskable interrupt could be delivered at this boundary, as far as the processor alone decides. */
	public boolean interruptible() {
		return ownFlagsAdmit() && noneHeldOff();
	}

	private boolean ownFlagsAdmit() {
		return (state.rflags & CpuState.IF) != 0 && interruptibility.globalInterruptFlag;
	}

	private boolean noneHeldOff() {
		return interruptibility.shadow == Shadow.NONE && state.activity != Activity.WAIT_FOR_SIPI
				&& state.activity != Activity.SHUTDOWN;
	}

	// ---- with a guest hypervisor's intercepts ----

	/** Whether an NMI for the guest's processor could be taken now: delivered, or as an exit to a guest hypervisor. */
	public boolean admitsNmi() {
		ContextStack contexts = levels;
		return contexts != null && contexts.nmiExits() ? !contexts.nmiBlocked() : nmiAllowed();
	}

	/**
	 * Whether a maskable interrupt for the guest's processor could be taken at this boundary: delivered, or as an exit to
	 * a guest hypervisor.
	 */
	public boolean admitsInterrupt() {
		ContextStack contexts = levels;
		if (contexts == null || contexts.inner() == null) {
			return interruptible();
		}
		return contexts.interruptExits() || contexts.admitsInterrupts(ownFlagsAdmit()) && noneHeldOff();
	}

	// ---- what a guest hypervisor has asked for ----

	private @Nullable InnerContext guestOfGuest() {
		ContextStack contexts = levels;
		return contexts == null ? null : contexts.inner();
	}

	/** As {@link InnerContext#windowsExit}; false without one. */
	boolean innerWindowsExit() {
		InnerContext guestOfGuest = guestOfGuest();
		return guestOfGuest != null && guestOfGuest.windowsExit();
	}

	boolean innerTimerDue() {
		InnerContext guestOfGuest = guestOfGuest();
		return guestOfGuest != null && guestOfGuest.timerDue();
	}

	/** "NMI-Window Exiting": where an NMI would be taken, HLT and the shutdown state included. */
	boolean innerNmiWindowOpen() {
		return inner.nmiWindow && nmiAllowed();
	}

	/** "Interrupt-Window Exiting": where an interrupt would be taken, HLT included. */
	boolean innerInterruptWindowOpen() {
		return inner.interruptWindow && interruptible();
	}

	boolean innerVirtualInterruptTaken() {
		return inner.virtualInterrupt && interruptible();
	}

	/** Whether a guest hypervisor's NMI-window exit comes at this boundary: before any NMI, as the manual has it. */
	public boolean innerNmiWindowDue() {
		return innerNmiWindowOpen() && innerWindowsExit();
	}

	/**
	 * Whether a guest hypervisor's interrupt-window exit comes at this boundary, or virtual-interrupt delivery, which has
	 * the same priority: behind NMIs, and before external interrupts.
	 */
	public boolean innerInterruptWindowDue() {
		return (innerInterruptWindowOpen() || innerVirtualInterruptTaken()) && innerWindowsExit();
	}

	/** Whether a window of a guest hypervisor's is open or a virtual interrupt of its comes: its guest does not wait. */
	public boolean innerEventDue() {
		return innerNmiWindowOpen() || innerInterruptWindowOpen() || innerVirtualInterruptTaken();
	}
}
