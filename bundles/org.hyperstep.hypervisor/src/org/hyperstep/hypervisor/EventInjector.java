/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.InnerContext;

/**
 * Decides before each entry what is injected: first what the hypervisor itself has to deliver (an exception, an event
 * whose delivery an exit interrupted), then an NMI, then an interrupt, unless the mask holds it back. What the guest
 * cannot take yet, and nobody masks, gets a window.
 */
final class EventInjector {
	private static final long DEBUG_TRAPS = Interruptibility.BS | Interruptibility.ENABLED_BREAKPOINT;

	private final GuestCpu cpu;
	private final CpuState state;
	private final ContextStack contexts;
	private final LocalApic apic;
	private final GuestMode mode;
	private final EventReport report;
	private final InterruptDelivery delivery;

	private boolean queued;
	private int vector;
	private int type;
	private int errorCode;
	private int length;
	/** An event that the user wants delivered although it is masked; null for none. */
	private @Nullable PendingEvent forced;
	private boolean nmiWindow;
	private boolean interruptWindow;
	/** An event went to a guest hypervisor as an exit of its guest, since it was asked last. */
	private boolean exitedToGuestHypervisor;

	EventInjector(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		contexts = cpu.processor.contexts();
		apic = cpu.apic;
		mode = cpu.guestMode;
		report = cpu.report;
		delivery = mode.interruptDelivery();
	}

	/** Has the next entry deliver an event of the hypervisor's. */
	void queue(int newVector, int newType, int newErrorCode, int newLength) {
		queued = true;
		vector = newVector;
		type = newType;
		errorCode = newErrorCode;
		length = newLength;
	}

	/** A fault of the guest's instruction at RIP; pushes RF set, as faults do. A page fault has its address in CR2. */
	void queueFault(int faultVector, int faultErrorCode) {
		if (raise(faultVector, faultErrorCode, 0)) {
			return;
		}
		state.rflags |= CpuState.RF;
		cpu.entry.positionChanged();
		queue(faultVector, EventType.HARDWARE_EXCEPTION, faultErrorCode, 0);
	}

	/**
	 * An exception that is new in the guest: a guest hypervisor that intercepts it has it now, as an exit of its guest.
	 *
	 * @param payload as {@link org.hyperstep.x86.virtualization.Interception#exception} has it
	 * @return whether it was such an exit; if not, it is to be queued
	 */
	boolean raise(int newVector, int newErrorCode, long payload) {
		return contexts.inner() != null && exited(contexts.exception(newVector, newErrorCode, payload));
	}

	private boolean exited(boolean exit) {
		if (exit) {
			wentToGuestHypervisor();
		}
		return exit;
	}

	/** An event has just become an exit to a guest hypervisor: a step ends with it. */
	void wentToGuestHypervisor() {
		exitedToGuestHypervisor = true;
		cpu.registersReplaced();
	}

	/** Whether an event went to a guest hypervisor; asked once. */
	boolean takeExitedToGuestHypervisor() {
		boolean was = exitedToGuestHypervisor;
		exitedToGuestHypervisor = false;
		return was;
	}

	boolean hasQueued() {
		return queued;
	}

	void force(PendingEvent event) {
		forced = event;
	}

	/** Takes back everything: INIT. */
	void clear() {
		queued = false;
		forced = null;
	}

	// ---- what can be delivered ----

	/** Debug traps that are delivered at this boundary, before any interrupt. */
	boolean debugTrapDue() {
		return (state.interruptibility.pendingDebugExceptions & DEBUG_TRAPS) != 0
				&& state.interruptibility.shadow != Shadow.MOV_SS;
	}

	/**
	 * An exit that a guest hypervisor has asked for comes at this boundary before NMIs and interrupts (Intel SDM, "Monitor
	 * Trap Flag", "VMX-Preemption Timer", "Other Causes of VM Exits" for its NMI window): only an entry takes it.
	 */
	private boolean innerExitDue() {
		InnerContext inner = contexts.inner();
		return inner != null && (cpu.processor.events().inner.due() || inner.timerDue()
				|| cpu.processor.events().admission.innerNmiWindowDue());
	}

	private boolean nmiWanted() {
		return apic.nmiPending() && (!cpu.holdsNmi() || isForced(PendingEvent.Kind.NMI));
	}

	private boolean isForced(PendingEvent.Kind kind) {
		PendingEvent event = forced;
		return event != null && event.kind() == kind;
	}

	private boolean nmiAllowed() {
		return cpu.processor.events().admission.admitsNmi();
	}

	private boolean interruptWanted() {
		return isForced(PendingEvent.Kind.EXTERNAL_INTERRUPT) || !cpu.holdsInterrupts()
				&& (delivery.byHardware() ? apic.externalPending() : apic.interruptPending());
	}

	/** Whether the hardware delivers an interrupt at this boundary, if it is let and nothing else comes first. */
	boolean hardwareInterruptDue() {
		return delivery.byHardware() && !cpu.holdsInterrupts() && apic.highestDeliverable() >= 0
				&& interruptAllowed();
	}

	private boolean interruptAllowed() {
		return cpu.processor.events().admission.admitsInterrupt();
	}

	private boolean smiUnmasked() {
		return apic.smiPending() && (!cpu.holdsSmi() || isForced(PendingEvent.Kind.SMI));
	}

	/** An SMI ends a halt where there is a handler for it; elsewhere it leaves no trace. */
	private boolean smiWanted() {
		return smiUnmasked() && cpu.systemManagement.handles();
	}

	/** Whether something ends a halt now. */
	boolean wakes() {
		return queued || debugTrapDue() || smiWanted() || nmiWanted() && nmiAllowed()
				|| interruptWanted() && interruptAllowed() || hardwareInterruptDue();
	}

	/** Whether something ends a wait that interrupts end even where RFLAGS.IF masks them. */
	boolean breaksWait() {
		return interruptWanted();
	}

	/** Events that would end a halt if the mask did not hold them back. */
	int heldBack() {
		int held = apic.nmiPending() && !nmiWanted() && nmiAllowed() ? 1 : 0;
		return held + (apic.interruptPending() && cpu.holdsInterrupts()
				&& !isForced(PendingEvent.Kind.EXTERNAL_INTERRUPT) && interruptAllowed() ? 1 : 0);
	}

	// ---- before an entry ----

	/**
	 * Prepares the next entry.
	 *
	 * @param windows whether to ask for exits when held-off events become deliverable; a step looks by itself
	 * @return whether the entry injects an event
	 */
	boolean prepare(boolean windows) {
		if (smiUnmasked() && takeSmi()) {
			return true;
		}
		boolean injects = true;
		if (queued) {
			queued = false;
			mode.inject(vector, type, errorCode, length);
		} else if (debugTrapDue() || innerExitDue()) {
			injects = false;
		} else if (nmiWanted() && nmiAllowed()) {
			injectNmi();
		} else if (interruptWanted() && interruptAllowed()
				&& !cpu.processor.events().admission.innerInterruptWindowDue()) {
			injectInterrupt();
		} else {
			injects = false;
			tellHeld();
		}
		setWindows(windows && nmiWanted(), windows && interruptWanted());
		if (!injects) {
			report.tell(EventKind.VM_ENTRY, 0, 0);
		}
		return injects;
	}

	/** Returns whether it was an exit to a guest hypervisor: then it stays requested until GIF is set again. */
	private boolean takeSmi() {
		if (contexts.smi()) {
			exited(true);
			return true;
		}
		if (!state.interruptibility.globalInterruptFlag) {
			cpu.processor.events().watchUnblocking();
			return false;
		}
		if (!cpu.systemManagement.holdsOff()) {
			apic.acknowledgeSmi();
			if (isForced(PendingEvent.Kind.SMI)) {
				forced = null;
			}
			cpu.systemManagement.enter();
		}
		return false;
	}

	private void setWindows(boolean nmi, boolean interrupt) {
		if (nmi != nmiWindow || nmi) {
			nmiWindow = nmi;
			mode.requestNmiWindow(nmi);
		}
		if (interrupt != interruptWindow || interrupt) {
			interruptWindow = interrupt;
			mode.requestInterruptWindow(interrupt);
		}
	}

	private void injectNmi() {
		if (contexts.nmiExits() && !contexts.acknowledgesNmi()) {
			contexts.nmi();
			exited(true);
			return;
		}
		apic.acknowledgeNmi();
		report.nmiAcknowledged();
		if (isForced(PendingEvent.Kind.NMI)) {
			forced = null;
		}
		report.tell(EventKind.NMI_INJECTED, Vector.NMI, 0);
		if (contexts.nmiExits()) {
			contexts.nmi();
			exited(true);
			return;
		}
		mode.inject(Vector.NMI, EventType.NMI, -1, 0);
	}

	/** The mode's hardware delivers the NMI by itself: one that comes from now on is another one. */
	void nmiTaken() {
		apic.acknowledgeNmi();
		report.nmiAcknowledged();
		if (isForced(PendingEvent.Kind.NMI)) {
			forced = null;
		}
	}

	private void injectInterrupt() {
		if (contexts.interruptExits() && !contexts.acknowledgesInterrupt()) {
			// The guest hypervisor takes the interrupt by its own RFLAGS.IF, from its own interrupt controller.
			contexts.interrupt(-1);
			exited(true);
			return;
		}
		PendingEvent event = forced;
		int taken;
		if (event != null && event.kind() == PendingEvent.Kind.EXTERNAL_INTERRUPT) {
			forced = null;
			taken = event.vector() >= 0 && apic.acknowledge(event.vector()) ? event.vector() : apic.acknowledge();
		} else {
			taken = apic.acknowledge();
		}
		report.acknowledged(taken);
		report.released();
		report.tell(EventKind.INTERRUPT_INJECTED, taken, 0);
		if (contexts.takesPostedInterrupt(taken)) {
			apic.endOfInterrupt();
			return;
		}
		if (contexts.interruptExits()) {
			contexts.interrupt(taken);
			exited(true);
			return;
		}
		mode.inject(taken, EventType.EXTERNAL_INTERRUPT, -1, 0);
	}

	private void tellHeld() {
		if (!report.listening()) {
			return;
		}
		if (apic.nmiPending() && cpu.holdsNmi()) {
			report.nmiHeld();
		} else if (cpu.holdsInterrupts() && apic.interruptPending() && interruptAllowed()) {
			report.held(apic.highestDeliverable());
		}
	}
}
