/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

/**
 * A context that software inside a guest has entered by VMLAUNCH, VMRESUME or VMRUN: the processor itself leaves it, to
 * the guest hypervisor's host state. Its hooks throw {@link VmExit#INNER} after noting an exit.
 */
public interface InnerContext extends Interception {
	/** Completes the entry, the registers being the inner guest's: injects its event. May throw VmExit. */
	void begin();

	/**
	 * Completes the exit that a hook has noted: saves the registers to the control structure and loads the guest
	 * hypervisor's. All registers are exact; the context is no longer in force.
	 */
	void leave();

	/** The context is in force again, without an entry: system-management mode was left. */
	default void resumed() {
		// nothing was lost
	}

	/** Whether an external interrupt would cause an exit now: RFLAGS.IF, then, is not what decides about it. */
	boolean interruptExits();

	/**
	 * Whether flags let the machine's interrupts through to this guest.
	 *
	 * @param own whether the guest's own flags do
	 */
	default boolean admitsInterrupts(boolean own) {
		return own;
	}

	/** Whether such an exit acknowledges the interrupt and records its vector; else it stays requested. */
	boolean acknowledgesInterrupt();

	/** Notes the exit for an external interrupt; {@code vector} is -1 where it is not acknowledged. */
	void noteInterrupt(int vector);

	/**
	 * Whether an interrupt that was acknowledged is a notification that virtual interrupts were posted: then they are
	 * taken over, the interrupt is at its end, and there is no exit.
	 */
	default boolean takesPostedInterrupt(int vector) {
		return false;
	}

	/** Whether a non-maskable interrupt would cause an exit now. */
	boolean nmiExits();

	/** Whether such an exit takes the interrupt; else it stays requested, for the guest hypervisor to take. */
	default boolean acknowledgesNmi() {
		return true;
	}

	/** Whether such an exit has to wait: an earlier non-maskable interrupt is in service. */
	default boolean nmiBlocked() {
		return false;
	}

	/** Notes the exit for a non-maskable interrupt. */
	void noteNmi();

	/** Whether an INIT signal causes an exit, which is noted then. */
	boolean initExits();

	/** Whether such an exit takes the signal; else it stays requested, for the guest hypervisor's side to take. */
	default boolean acknowledgesInit() {
		return true;
	}

	/** Whether a system-management interrupt causes an exit, which is noted then; it stays requested. */
	default boolean smiExits() {
		return false;
	}

	/** Whether a start-up IPI causes an exit, which is noted then. */
	default boolean startupExits(int vector) {
		return false;
	}

	/** Whether a virtual interrupt that this context virtualizes in hardware would be taken now: it ends a halt. */
	default boolean virtualInterruptDue() {
		return false;
	}

	/**
	 * Whether windows that this context asks for are exits, which come before the events that they are for (VMX); else a
	 * virtual event of its own goes through them.
	 */
	default boolean windowsExit() {
		return false;
	}

	/** Whether that timer is due. */
	default boolean timerDue() {
		return false;
	}

	/** When a timer of this context is due, on the processor's time-stamp counter; Long.MAX_VALUE for never. */
	default long timerDeadline() {
		return Long.MAX_VALUE;
	}
}
