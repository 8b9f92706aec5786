/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * What one context asks for at instruction boundaries: interrupt and NMI windows, and the monitor trap flag. Each level
 * of virtualization has its own; the event arbiter is the one consumer.
 */
public final class BoundaryExits {
	/** Monitor trap flag: whether an exit is due at this boundary. */
	private enum MonitorTrap {
		DISARMED, ARMED, DUE
	}

	private final EventArbiter arbiter;
	private MonitorTrap monitorTrap = MonitorTrap.DISARMED;
	/** Who is asked when it comes to it. */
	Interception context = Interception.NONE;
	boolean interruptWindow;
	boolean nmiWindow;
	boolean virtualInterrupt;
	/** Basic exit reason of a trap-like exit that is due, or -1; and its qualification. */
	private int trap = -1;
	private long trapQualification;

	BoundaryExits(EventArbiter arbiter) {
		this.arbiter = arbiter;
	}

	/** All three at a VM entry, where nothing is due yet. */
	public void arm(boolean interrupts, boolean nmis, boolean monitor) {
		boolean differs = interruptWindow != interrupts || nmiWindow != nmis
				|| monitor || monitorTrap != MonitorTrap.DISARMED;
		interruptWindow = interrupts;
		nmiWindow = nmis;
		monitorTrap = monitor ? MonitorTrap.ARMED : MonitorTrap.DISARMED;
		if (differs) {
			arbiter.stateChanged();
		}
	}

	/** Interrupt-window exiting: {@link Interception#interruptWindow()} at the first chance. */
	public void armInterruptWindow(boolean armed) {
		if (interruptWindow != armed) {
			interruptWindow = armed;
			arbiter.stateChanged();
		}
	}

	/** A virtual interrupt is recognized: {@link Interception#virtualInterrupt()} at the first chance. */
	public void armVirtualInterrupt(boolean armed) {
		if (virtualInterrupt != armed) {
			virtualInterrupt = armed;
			arbiter.stateChanged();
		}
	}

	/** NMI-window exiting. */
	public void armNmiWindow(boolean armed) {
		if (nmiWindow != armed) {
			nmiWindow = armed;
			arbiter.stateChanged();
		}
	}

	/** Monitor trap flag: {@link Interception#monitorTrap()} behind the next instruction or delivery. */
	public void armMonitorTrap(boolean armed) {
		monitorTrap = armed ? MonitorTrap.ARMED : MonitorTrap.DISARMED;
		arbiter.stateChanged();
	}

	/** VM entry injected an "other event", MTF: an exit is due at the boundary before the first instruction. */
	public void monitorTrapDue() {
		monitorTrap = MonitorTrap.DUE;
		arbiter.stateChanged();
	}

	/** The context in force; another one has nothing armed. */
	void enter(Interception entered) {
		if (context == entered) {
			return;
		}
		context = entered;
		interruptWindow = false;
		nmiWindow = false;
		virtualInterrupt = false;
		monitorTrap = MonitorTrap.DISARMED;
		trap = -1;
	}

	/** An exit of the APIC's virtualization is due behind the instruction: {@link Interception#trap}. */
	public void trapDue(int reason, long qualification) {
		trap = reason;
		trapQualification = qualification;
		arbiter.stateChanged();
	}

	/** Whether an exit waits for the next boundary, or may. */
	boolean monitorTrapArmed() {
		return monitorTrap != MonitorTrap.DISARMED || trap >= 0;
	}

	/**
	 * An instruction completed, by the processor or by software below in the guest's place; an event was delivered; or the
	 * inner context changed.
	 */
	public void advance() {
		if (monitorTrap == MonitorTrap.ARMED) {
			monitorTrap = MonitorTrap.DUE;
		}
	}

	/** Whether an exit is due at this boundary that comes before debug traps, NMIs and interrupts. */
	public boolean due() {
		return monitorTrap == MonitorTrap.DUE || trap >= 0;
	}

	/** Makes the exit that is due behind an instruction, if one is. */
	public void takeTrap() {
		if (trap >= 0) {
			int reason = trap;
			trap = -1;
			context.trap(reason, trapQualification);
		}
	}

	/** Returns the exit that is due, or null. */
	@Nullable
	VmExit takeMonitorTrap() {
		takeTrap();
		if (monitorTrap == MonitorTrap.DUE) {
			monitorTrap = MonitorTrap.DISARMED;
			return context.monitorTrap();
		}
		return null;
	}
}
