/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import java.util.function.Consumer;

import org.eclipse.jdt.annotation.Nullable;

/**
 * The contexts of virtualization of one processor: at the bottom the one that the software below the guest enters and
 * leaves, and above it the one that a guest hypervisor has entered. The inner context stays while the bottom is left and
 * entered again: the software below sees the registers of whatever runs on top.
 */
public final class ContextStack {
	private final NestedContext nested = new NestedContext();
	private final Consumer<ContextStack> changed;
	private Interception bottom = Interception.NONE;
	private @Nullable InnerContext inner;
	private ProvidedMsrs providedMsrs = ProvidedMsrs.NONE;
	private @Nullable RegisterResidence resident;
	private boolean initAcknowledged;
	/** What was in force when system-management mode was entered. */
	private @Nullable InnerContext suspended;
	private Consumer<Boolean> suspension = nothing -> {
	};

	/** Makes an empty stack; {@code changed} is told each time that the contexts in force are others. */
	public ContextStack(Consumer<ContextStack> changed) {
		this.changed = changed;
	}

	/** What the processor asks: both contexts, the bottom alone, or nobody. */
	public Interception top() {
		return inner == null ? bottom : nested;
	}

	/** The bottom context; {@link Interception#NONE} in plain operation. */
	public Interception bottom() {
		return bottom;
	}

	/** The context that a guest hypervisor has entered, or null. */
	public @Nullable InnerContext inner() {
		return inner;
	}

	/** Enters the bottom context, or leaves it with {@link Interception#NONE}. */
	public void setBottom(Interception context) {
		bottom = context;
		nested.bottom = context;
		changed.accept(this);
	}

	/** The bottom turns to a guest: state of another one that is still in the registers is saved. */
	public void giveRegisters(RegisterResidence next) {
		RegisterResidence before = resident;
		if (before != null && before != next) {
			before.release();
		}
		resident = next;
	}

	/** Says which registers the software below provides for its guest. */
	public void provideMsrs(ProvidedMsrs provided) {
		providedMsrs = provided;
	}

	/** What the software below provides for its guest. */
	public ProvidedMsrs providedMsrs() {
		return providedMsrs;
	}

	/** A guest hypervisor enters a context; whoever calls this loads the registers and throws VmExit.INNER_ENTRY. */
	public void enter(InnerContext context) {
		inner = context;
		nested.inner = context;
		changed.accept(this);
	}

	/** Takes the inner context off, without an exit: RESET and INIT. */
	public void drop() {
		suspended = null;
		if (inner != null) {
			inner = null;
			nested.inner = Interception.NONE;
			changed.accept(this);
		}
	}

	/** Says who else is told of {@link #suspend} and {@link #resume}. */
	public void whenSuspended(Consumer<Boolean> told) {
		suspension = told;
	}

	/** An SMI: system-management mode is outside of virtualization (Intel SDM, "Default Treatment of SMI Delivery"). */
	public void suspend() {
		InnerContext context = inner;
		drop();
		suspended = context;
		suspension.accept(true);
	}

	/** RSM, before the saved state is loaded: virtualization is again what it was. */
	public void resume() {
		InnerContext context = suspended;
		suspended = null;
		suspension.accept(false);
		if (context != null) {
			enter(context);
			context.resumed();
		}
	}

	/** Completes the exit to the guest hypervisor that the inner context has noted. */
	public void leave() {
		InnerContext left = inner;
		if (left == null) {
			throw new IllegalStateException("no guest hypervisor has entered a context"); //$NON-NLS-1$
		}
		bottom.deliveryAbandoned();
		drop();
		left.leave();
	}

	// ---- for the software below, while the guest stands still with all registers exact ----

	/** Whether an external interrupt for the guest's processor now is an exit to the guest hypervisor. */
	public boolean interruptExits() {
		InnerContext context = inner;
		return context != null && context.interruptExits();
	}

	/**
	 * Whether an external interrupt for the guest's processor is let through, as far as flags decide.
	 *
	 * @param own whether the flags of the code that runs let it through
	 */
	public boolean admitsInterrupts(boolean own) {
		InnerContext context = inner;
		return context == null ? own : context.admitsInterrupts(own);
	}

	/** Whether that exit wants the interrupt acknowledged, and its vector. */
	public boolean acknowledgesInterrupt() {
		InnerContext context = inner;
		return context != null && context.acknowledgesInterrupt();
	}

	/** Whether an interrupt that was acknowledged was a notification of posted interrupts, which is at its end. */
	public boolean takesPostedInterrupt(int vector) {
		InnerContext context = inner;
		return context != null && context.takesPostedInterrupt(vector);
	}

	/** Makes the exit of {@link #interruptExits}; {@code vector} is -1 where the interrupt is not acknowledged. */
	public void interrupt(int vector) {
		InnerContext context = inner;
		if (context != null) {
			context.noteInterrupt(vector);
			leave();
		}
	}

	/** Whether a non-maskable interrupt for the guest's processor now is an exit to the guest hypervisor. */
	public boolean nmiExits() {
		InnerContext context = inner;
		return context != null && context.nmiExits();
	}

	/** Whether that exit takes the interrupt; else it stays requested. */
	public boolean acknowledgesNmi() {
		InnerContext context = inner;
		return context != null && context.acknowledgesNmi();
	}

	/** Whether the exit of {@link #nmiExits} has to wait. */
	public boolean nmiBlocked() {
		InnerContext context = inner;
		return context != null && context.nmiBlocked();
	}

	/** Makes the exit of {@link #nmiExits}. */
	public void nmi() {
		InnerContext context = inner;
		if (context != null) {
			context.noteNmi();
			leave();
		}
	}

	/** Makes the exit for an INIT signal, if it is one. */
	public boolean init() {
		InnerContext context = inner;
		if (context == null || !context.initExits()) {
			return false;
		}
		initAcknowledged = context.acknowledgesInit();
		leave();
		return true;
	}

	/** Whether the exit that {@link #init} has just made takes the signal; else it stays requested. */
	public boolean acknowledgesInit() {
		return initAcknowledged;
	}

	/** Whether an SMI would be an exit to a guest hypervisor. */
	public boolean smiExits() {
		InnerContext context = inner;
		return context != null && context.smiExits();
	}

	/** Makes the exit for a system-management interrupt, if it is one; the interrupt stays requested. */
	public boolean smi() {
		if (!smiExits()) {
			return false;
		}
		leave();
		return true;
	}

	/** Makes the exit for a start-up IPI, if it is one. */
	public boolean startup(int vector) {
		InnerContext context = inner;
		if (context == null || !context.startupExits(vector)) {
			return false;
		}
		leave();
		return true;
	}

	/**
	 * The software below raises an exception in the guest, at the instruction at RIP: where the guest hypervisor
	 * intercepts it, the exit is made.
	 *
	 * @return whether it was an exit; if not, the exception is to be delivered
	 */
	public boolean exception(int vector, int errorCode, long payload) {
		InnerContext context = inner;
		if (context == null) {
			return false;
		}
		try {
			context.exception(vector, errorCode, payload, false);
			return false;
		} catch (VmExit exit) {
			leave();
			return true;
		}
	}

	/** Whether the guest of a guest hypervisor, which halted, has a virtual interrupt to take. */
	public boolean virtualInterruptDue() {
		InnerContext context = inner;
		return context != null && context.virtualInterruptDue();
	}

	/** When a timer of the guest hypervisor's is due, on the processor's time-stamp counter; Long.MAX_VALUE for never. */
	public long timerDeadline() {
		InnerContext context = inner;
		return context == null ? Long.MAX_VALUE : context.timerDeadline();
	}
}
