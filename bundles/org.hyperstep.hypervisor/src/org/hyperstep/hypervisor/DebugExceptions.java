/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.EventDelivery;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.Interruptibility;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;

/**
 * Whose debug exception it is: the debugger's effective debug registers, its single-step, or the guest's own. While
 * the debugger owns the debug registers the guest's stand aside at each entry, MOV DR exits, and the guest goes on to
 * read and write its own.
 */
final class DebugExceptions {
	private final GuestCpu cpu;
	private final CpuState state;
	private final GuestMode mode;
	private GuestDebug settings = GuestDebug.OFF;

	/** The guest's own, while the debugger's are in force. */
	private final long[] guestAddresses = new long[4];
	private long guestDr6;
	private long guestDr7;
	private boolean lent;

	/** What the single-step by RFLAGS.TF that is under way has to know; null between such steps. */
	private @Nullable TrapFlagStep step;

	DebugExceptions(GuestCpu cpu) {
		this.cpu = cpu;
		state = cpu.state;
		mode = cpu.guestMode;
	}

	GuestDebug settings() {
		return settings;
	}

	void setSettings(GuestDebug next) {
		settings = next;
		mode.interceptDebugRegisters(next.ownsDebugRegisters());
	}

	/** A step by RFLAGS.TF begins; null: it ended. Its exits of kind EXCEPTION are its own. */
	void stepping(@Nullable TrapFlagStep trapFlagStep) {
		step = trapFlagStep;
	}

	private int bitmap() {
		if (step != null) {
			return -1 & ~(1 << Vector.NMI);
		}
		return (settings.ownsDebugRegisters() ? 1 << Vector.DB : 0)
				| (settings.breakpointExceptions() ? 1 << Vector.BP : 0);
	}

	/** Before each entry. */
	void enter() {
		int exceptions = bitmap();
		mode.interceptExceptions(exceptions);
		if ((exceptions & 1 << Vector.DB) == 0) {
			return;
		}
		guestDr6 = state.dr6;
		if (mode.exceptionWritesDr6()) {
			// SVM adds to DR6 what an intercepted #DB is about: in a clean one it can be told from what was there.
			state.dr6 = DebugStatus.DR6_CLEAN;
			cpu.entry.positionChanged();
		}
		if (settings.ownsDebugRegisters()) {
			lend();
		}
	}

	private void lend() {
		lent = true;
		guestDr7 = state.dr7;
		System.arraycopy(state.breakpointAddress, 0, guestAddresses, 0, 4);
		state.breakpointAddress[0] = settings.dr0();
		state.breakpointAddress[1] = settings.dr1();
		state.breakpointAddress[2] = settings.dr2();
		state.breakpointAddress[3] = settings.dr3();
		state.dr7 = settings.dr7();
		mmu().breakpointsChanged();
		cpu.changed();
	}

	/** After each exit, when the exit was described. */
	void exited() {
		TrapFlagStep under = step;
		if (under != null) {
			under.removeFlag();
		}
		if ((bitmap() & 1 << Vector.DB) != 0 && mode.exceptionWritesDr6()) {
			state.dr6 = guestDr6;
			cpu.entry.positionChanged();
		}
		if (lent) {
			lent = false;
			System.arraycopy(guestAddresses, 0, state.breakpointAddress, 0, 4);
			state.dr7 = guestDr7;
			mmu().breakpointsChanged();
			cpu.changed();
		}
	}

	private Mmu mmu() {
		return cpu.processor.mmu();
	}

	// ---- intercepted exceptions ----

	/** Row of the exit handlers. */
	@Nullable
	VcpuStop intercepted(Exit exit) {
		if (exit.vector == Vector.BP && exit.software && settings.breakpointExceptions()) {
			return new VcpuStop.DebugExit(cpu.number(), Vector.BP, cpu.linearRip(), DebugStatus.DR6_CLEAN);
		}
		if (exit.vector == Vector.DB && settings.ownsDebugRegisters()
				&& (exit.payload & DebugStatus.BREAKPOINTS) != 0) {
			keepSingleStep(exit.payload);
			return new VcpuStop.DebugExit(cpu.number(), Vector.DB, cpu.linearRip(),
					DebugStatus.DR6_CLEAN | exit.payload & DebugStatus.DEBUG_STATUS);
		}
		TrapFlagStep under = step;
		if (under != null) {
			under.intercepted(exit);
			return null;
		}
		reflect(exit);
		return null;
	}

	/** The guest's own single-step trap came together with the debugger's breakpoint: it is still due. */
	private void keepSingleStep(long payload) {
		if ((payload & DebugStatus.BS) != 0 && (state.rflags & CpuState.TF) != 0) {
			queueDebugException(DebugStatus.BS);
		}
	}

	/** Gives an intercepted exception back to the guest. */
	void reflect(Exit exit) {
		if (!exit.software && cpu.injector.raise(exit.vector, exit.errorCode, exit.payload)) {
			return;
		}
		if (exit.vector == Vector.DB && !exit.software) {
			queueDebugException(exit.payload);
			return;
		}
		if (exit.vector == Vector.PF) {
			state.cr2 = exit.payload;
			cpu.entry.positionChanged();
		}
		int type = !exit.software ? EventType.HARDWARE_EXCEPTION
				: exit.vector == Vector.DB ? EventType.PRIVILEGED_SOFTWARE_EXCEPTION : EventType.SOFTWARE_EXCEPTION;
		cpu.injector.queue(exit.vector, type, exit.errorCode, exit.length);
	}

	/** Injection changes no debug register: the hypervisor does what delivery would ("Debug Status Register (DR6)"). */
	void queueDebugException(long bits) {
		state.dr6 = EventDelivery.debugStatus(state.dr6, bits);
		state.dr7 &= ~DebugStatus.GENERAL_DETECT;
		state.debugControl &= ~3L;
		cpu.changed();
		cpu.injector.queue(Vector.DB, EventType.HARDWARE_EXCEPTION, -1, 0);
	}

	// ---- MOV DR ----

	/** Row of the exit handlers: the exit comes before general detect, so that both owners' are looked at here. */
	@Nullable
	VcpuStop debugRegister(Exit exit) {
		if ((settings.dr7() & DebugStatus.GENERAL_DETECT) != 0) {
			return new VcpuStop.DebugExit(cpu.number(), Vector.DB, cpu.linearRip(),
					DebugStatus.DR6_CLEAN | DebugStatus.BD);
		}
		mode.interceptDebugRegisters(false);
		RunOutcome outcome = mode.emulateOne();
		mode.interceptDebugRegisters(settings.ownsDebugRegisters());
		return cpu.entry.emulated(outcome);
	}

	/** What the guest's breakpoints met while its single-step trap was due, in the VMCS's format. */
	static long pending(long payload) {
		long bits = payload & (DebugStatus.BREAKPOINTS | DebugStatus.BS);
		return (payload & DebugStatus.BREAKPOINTS) != 0 ? bits | Interruptibility.ENABLED_BREAKPOINT : bits;
	}
}
