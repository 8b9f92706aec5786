/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.memory.AddressMonitor;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.ContextStack;

/** Whether a virtual CPU executes, what ends its waiting, and its clock, which goes on while it waits. */
final class CpuActivity {
	/** What the CPU does when it is entered. */
	private enum Condition {
		EXECUTING, HALTED,
		/** Behind MWAIT: waits for a store into the line that MONITOR has armed the monitor for, or for an event. */
		MONITORING,
		/** The same, with an interrupt as such an event even if it is masked. */
		MONITORING_AND_MASKED_INTERRUPTS,
		/** Spins for something that another CPU does: waits for the end of its turn; alone, for time to pass. */
		PAUSED,
		WAITING_FOR_STARTUP, SHUT_DOWN
	}

	/**
	 * Nanoseconds that PAUSE takes of a CPU that runs alone. On silicon it takes a hundred cycles and more; what waits for
	 * the clock by it so does not need a million turns.
	 */
	private static final long PAUSE = 1_000;

	private final GuestCpu cpu;
	private final CpuState state;
	private final Processor processor;
	private final ContextStack contexts;
	private final LocalApic apic;
	private final Machine machine;
	private final EventInjector injector;
	private final AddressMonitor monitor;
	private Condition condition = Condition.WAITING_FOR_STARTUP;

	CpuActivity(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		processor = cpu.processor;
		contexts = processor.contexts();
		apic = cpu.apic;
		machine = cpu.machine;
		injector = cpu.injector;
		monitor = processor.system().monitor;
	}

	/** The CPU executes from now on. */
	void begin() {
		condition = Condition.EXECUTING;
	}

	/** The CPU was reset. */
	void waitForStartup() {
		condition = Condition.WAITING_FOR_STARTUP;
	}

	boolean executes() {
		return condition == Condition.EXECUTING;
	}

	/** HLT was executed: the CPU waits, unless a debug trap of its own is due. */
	void halt() {
		if (contexts.inner() == null) {
			condition = Condition.HALTED;
			return;
		}
		// The guest of a guest hypervisor waits in the processor, which knows its virtual interrupts, and whose exit to the
		// guest hypervisor records that it halted.
		state.activity = Activity.HALTED;
		cpu.changed();
	}

	/**
	 * MWAIT was executed: the CPU waits while the monitor is armed. The guest of a guest hypervisor does not wait, as
	 * implementation-dependent events may end it at any time.
	 *
	 * @param interruptsBreak an interrupt ends the wait even if it is masked
	 */
	void waitForStore(boolean interruptsBreak) {
		if (contexts.inner() == null && monitor.armed()) {
			condition = interruptsBreak ? Condition.MONITORING_AND_MASKED_INTERRUPTS : Condition.MONITORING;
		} else {
			monitor.disarm();
		}
	}

	/** Whether HLT or MWAIT keeps the CPU from executing. */
	private boolean waits() {
		return condition == Condition.HALTED || monitors();
	}

	private boolean monitors() {
		return condition == Condition.MONITORING || condition == Condition.MONITORING_AND_MASKED_INTERRUPTS;
	}

	/**
	 * After an exit, or an instruction executed in the guest's place: the guest of a guest hypervisor may have been entered
	 * in a state in which it executes nothing.
	 */
	void lookAtState() {
		if (state.activity != Activity.ACTIVE && contexts.inner() != null && condition == Condition.EXECUTING) {
			condition = Condition.HALTED;
		}
	}

	private boolean wakes() {
		if (monitors() && (!monitor.armed()
				|| condition == Condition.MONITORING_AND_MASKED_INTERRUPTS && injector.breaksWait())) {
			return true;
		}
		return injector.wakes() || contexts.virtualInterruptDue() || processor.events().admission.innerEventDue()
				|| processor.timeStampCounter() >= contexts.timerDeadline();
	}

	/** PAUSE was executed. */
	void pause() {
		condition = Condition.PAUSED;
	}

	VcpuStop shutDown() {
		condition = Condition.SHUT_DOWN;
		return new VcpuStop.TripleFault(cpu.number());
	}

	boolean waitsForStartup() {
		return condition == Condition.WAITING_FOR_STARTUP;
	}

	// ---- the clock ----

	/** Lets the CPU's clock catch up: it stood still while others executed. */
	void synchronize(long time) {
		if (processor.timeStampCounter() < time) {
			processor.setTimeStampCounter(time);
		}
	}

	/** Rings what is due; called at each boundary that the hypervisor sees. */
	void ringAlarms() {
		long now = processor.timeStampCounter();
		if (now >= machine.time().nextDeadline()) {
			machine.time().advanceTo(now);
			machine.input().letIn();
		}
	}

	// ---- waiting ----

	/**
	 * Passes time while the CPU does not execute, up to {@code end} or to the event that wakes it.
	 *
	 * @param alone no other CPU executes meanwhile: where no timer wakes this one, nothing does
	 * @return why the CPU stops, or null
	 */
	@Nullable
	VcpuStop passTime(long end, boolean alone) {
		while (true) {
			takeStartup();
			if (condition == Condition.SHUT_DOWN) {
				return new VcpuStop.TripleFault(cpu.number());
			}
			if ((waits() || condition == Condition.PAUSED) && wakes()) {
				endWait();
			} else if (condition == Condition.PAUSED && alone) {
				synchronize(Math.min(Math.min(end, machine.time().nextDeadline()),
						Math.min(contexts.timerDeadline(), processor.timeStampCounter() + PAUSE)));
				endWait();
			}
			if (condition == Condition.EXECUTING) {
				return null;
			}
			if (alone && !runnable() && !wakesByTime()) {
				if (monitors()) {
					// Nobody is there who could store: it ends as MWAIT may end at any time.
					endWait();
					return null;
				}
				return new VcpuStop.Halted(cpu.number(), injector.heldBack());
			}
			long next = Math.min(end, Math.min(machine.time().nextDeadline(), contexts.timerDeadline()));
			synchronize(next);
			if (next >= end) {
				endPause();
				return null;
			}
			ringAlarms();
		}
	}

	private void endWait() {
		if (monitors()) {
			monitor.disarm();
		}
		condition = Condition.EXECUTING;
	}

	private void endPause() {
		if (condition == Condition.PAUSED) {
			condition = Condition.EXECUTING;
		}
	}

	/** Whether the CPU executes or has something to execute for. */
	boolean runnable() {
		return condition == Condition.EXECUTING || condition == Condition.PAUSED || condition == Condition.SHUT_DOWN
				|| waits() && wakes() || apic.initPending() && !initBlocked()
				|| apic.startupPending() && (waitsForStartup() || innerGuestWaitsForStartup());
	}

	/** When a timer of the CPU's own is due, beside those of the machine: a guest hypervisor's VMX-preemption timer. */
	long timerDeadline() {
		return contexts.timerDeadline();
	}

	private boolean contextTimerSet() {
		return contexts.timerDeadline() != Long.MAX_VALUE;
	}

	/** Whether a timer can wake the CPU. */
	boolean waitsForTimer() {
		// What a timer brings may be a device's store into the line, too.
		return monitors() || condition == Condition.HALTED && (interruptEndsWait() || contextTimerSet());
	}

	private boolean interruptEndsWait() {
		return !cpu.holdsInterrupts() && (condition == Condition.MONITORING_AND_MASKED_INTERRUPTS
				|| processor.events().admission.admitsInterrupt());
	}

	/** INIT and start-up IPIs ("MP Initialization Protocol"): nothing masks them. */
	void takeStartup() {
		if (apic.initPending() && initBlocked()) {
			processor.events().watchUnblocking();
		} else if (apic.initPending()) {
			boolean exits = contexts.init();
			if (!exits || contexts.acknowledgesInit()) {
				apic.acknowledgeInit();
			}
			if (exits) {
				leftInnerGuest();
				if (apic.initPending()) {
					// "INIT Intercept": the exit leaves it pending, and GIF clear; it is due at STGI.
					processor.events().watchUnblocking();
				}
			} else {
				injector.clear();
				cpu.initializeProcessor();
				waitForStartup();
				cpu.report.tell(EventKind.STARTUP, -1, 0);
			}
		}
		if (apic.startupPending()) {
			int vector = apic.acknowledgeStartup();
			if (contexts.startup(vector)) {
				leftInnerGuest();
			} else if (waitsForStartup()) {
				state.segments[CpuState.CS].set(vector << 8, (long) vector << 12, 0xffff, 0x9b);
				state.rip = 0;
				condition = Condition.EXECUTING;
				cpu.registersReplaced();
				cpu.report.tell(EventKind.STARTUP, vector, 0);
			}
		}
	}

	/**
	 * "INIT signals are blocked in VMX root operation", and while GIF is clear; in the guest of a guest hypervisor they
	 * exit, but in the wait-for-SIPI state. System-management mode holds them off until RSM.
	 */
	private boolean initBlocked() {
		return contexts.inner() == null
				? processor.vmx().on() || state.inSystemManagementMode || !state.interruptibility.globalInterruptFlag
				: innerGuestWaitsForStartup();
	}

	/** The activity state that a guest hypervisor has given its guest: only a start-up IPI ends it, by an exit. */
	private boolean innerGuestWaitsForStartup() {
		return contexts.inner() != null && state.activity == Activity.WAIT_FOR_SIPI;
	}

	private void leftInnerGuest() {
		condition = Condition.EXECUTING;
		injector.wentToGuestHypervisor();
	}

	/** Whether a timer that is set can wake the CPU. */
	private boolean wakesByTime() {
		return waitsForTimer() && (!monitors() || interruptEndsWait())
				&& (machine.time().nextDeadline() != Long.MAX_VALUE || contextTimerSet());
	}
}
