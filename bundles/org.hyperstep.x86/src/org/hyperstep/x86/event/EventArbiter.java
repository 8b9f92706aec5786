/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.event;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.memory.Breakpoints;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.state.CpuState.Activity;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * Decides at instruction boundaries which event comes next (Intel SDM, "Priority Among Concurrent Events") and keeps
 * the states that last one instruction: single-step, the STI and MOV SS shadows, RF.
 * <p>
 * Protocol of the execution engine: while {@link #attention} is zero blocks run freely. When it is not zero at a
 * boundary, {@link #boundary()} is called; after {@link Boundary#ONE_INSTRUCTION} exactly one instruction (one
 * iteration of a repeated one) is executed, then {@link #instructionCompleted()} is called. It is also called after the
 * last instruction of a freely running block when {@code attention} has become non-zero in it; the engine ends the
 * block at the boundary behind the instruction that made it so. An instruction that faults is reported by
 * {@link #deliverFault}, one that leaves the guest by {@link #abandonInstruction}. RFLAGS bits other than the status
 * flags are exact in {@code state.rflags} throughout; all of RFLAGS is exact when a method of this class is called.
 */
public final class EventArbiter {
	/** What the engine does at a boundary. */
	public enum Boundary {
		/** Run freely. */
		FREE,
		/** Execute one instruction, then call {@link EventArbiter#instructionCompleted()}. */
		ONE_INSTRUCTION,
		/** Halted or waiting for SIPI, and no event wakes the processor. */
		IDLE,
		/** Plain operation: the host interrupt was taken. */
		HOST_INTERRUPT,
		/** The bottom context is left: its exit is noted. */
		EXIT,
		/** Shut down by a triple fault. */
		SHUTDOWN
	}

	/** Reasons of {@link #attention}. */
	static final int TRAP_FLAG = 1, RESUME_FLAG = 2, SHADOW = 4, BREAKPOINTS = 8, MONITOR_TRAP = 16,
			PENDING_DEBUG = 32, NMI = 64, INTERRUPT = 128, HOST_INTERRUPT = 256, INTERRUPT_WINDOW = 512,
			NMI_WINDOW = 1024, INACTIVE = 2048, NEW_TASK = 4096,
			BRANCH_RECORD = 8192;
	private static final int ONE_BY_ONE = TRAP_FLAG | RESUME_FLAG | SHADOW | BREAKPOINTS | MONITOR_TRAP
			| BRANCH_RECORD;

	/** More events than any boundary of a guest that gets on brings. */
	private static final int MOST_ROUNDS = 1000;

	/** Execution breakpoints on the instruction behind MOV SS or POP SS, which is where the vendors differ. */
	public enum BreakpointsUnderMovSs {
		/** Intel SDM, "Masking Exceptions and Interrupts When Switching Stacks". */
		HELD_OFF,
		/** AMD64 processors hold off interrupts and traps there, but not this fault. */
		TAKEN
	}

	/** RFLAGS.RF: who decides what it is after the instruction. */
	private enum ResumeFlag {
		CLEARED_BY_COMPLETION, LOADED_BY_INSTRUCTION
	}

	private final CpuState state;
	private final Interruptibility interruptibility;
	private final Breakpoints breakpoints;
	private final GuestFault fault;
	private final BreakpointsUnderMovSs breakpointsUnderMovSs;
	/** Delivery through the IDT. */
	public final EventDelivery delivery;
	/** What the bottom context asks for. */
	public final BoundaryExits bottom = new BoundaryExits(this);
	/** What a guest hypervisor's context asks for. */
	public final BoundaryExits inner = new BoundaryExits(this);
	/** What the present state lets through. */
	public final EventAdmission admission;
	private Interception interception = Interception.NONE;
	private InterruptSource interruptSource = InterruptSource.NONE;
	private Runnable whenDelivered = () -> {
		// Nobody asked.
	};

	/** Not zero while some boundary needs {@link #boundary()}. Read by the engine at each block. */
	public int attention;
	private boolean nmiAsserted;
	private boolean hostInterruptAsserted;
	private boolean unblockingWatched;
	/** The host interrupt goes before everything else (Intel SDM, "Priority Among Concurrent Events": reset). */
	private boolean platformEnds;
	private ResumeFlag resumeFlag = ResumeFlag.CLEARED_BY_COMPLETION;
	/** RFLAGS.TF when the instruction in progress began. */
	private boolean singleStepping;
	/** The shadow that the instruction in progress casts on the next one. */
	private Shadow castShadow = Shadow.NONE;
	private boolean betweenIterations;
	/** The instruction in progress has transferred control; known where IA32_DEBUGCTL asks for it. */
	private boolean branched;
	/** The fault that loading the new task met; its vector is -1 for none. */
	private int newTaskVector = -1, newTaskErrorCode;
	private long newTaskPayload;

	/** Makes the arbiter of one processor, and its delivery. */
	public EventArbiter(CpuState state, Mmu mmu, GuestFault fault, BreakpointsUnderMovSs breakpointsUnderMovSs) {
		this.state = state;
		this.fault = fault;
		this.breakpointsUnderMovSs = breakpointsUnderMovSs;
		interruptibility = state.interruptibility;
		admission = new EventAdmission(state, inner);
		breakpoints = mmu.breakpoints;
		delivery = new EventDelivery(state, mmu, fault, this);
	}

	/**
	 * Sets the contexts that intercept. A level whose context is another one has its windows and monitor trap flag
	 * disarmed.
	 */
	public void setContexts(ContextStack contexts) {
		admission.setContexts(contexts);
		interception = contexts.top();
		delivery.setInterception(interception);
		InnerContext entered = contexts.inner();
		bottom.enter(contexts.bottom());
		inner.enter(entered == null ? Interception.NONE : entered);
		// Between two iterations it still is: the level that is left saves that.
		abandonInstruction();
		updateAttention();
	}

	/** Sets the interrupt controller of plain operation. */
	public void setInterruptSource(InterruptSource source) {
		interruptSource = source;
		updateAttention();
	}

	/**
	 * The registers were loaded as a whole (VM entry, VM exit, reset, a debugger): no instruction is in progress, no
	 * repeated one either. Who leaves for good what was there saves {@link #resumeFlagBetweenIterations} before.
	 */
	public void stateReplaced() {
		abandonInstruction();
		betweenIterations = false;
		updateAttention();
	}

	// ---- lines and windows ----

	/** The INTR line of plain operation may have changed. */
	public void interruptLineChanged() {
		updateAttention();
	}

	/** An NMI in plain operation; waits while NMIs are blocked. */
	public void assertNmi() {
		nmiAsserted = true;
		updateAttention();
	}

	/** The host wants attention at the next boundary. */
	public void assertHostInterrupt() {
		hostInterruptAsserted = true;
		attention |= HOST_INTERRUPT;
	}

	/** The platform ends: the host comes before whatever is due at the next boundary, as a reset does. */
	public void assertPlatformEnd() {
		platformEnds = true;
		assertHostInterrupt();
	}

	/** The host interrupt is not wanted any more. */
	public void clearHostInterrupt() {
		platformEnds = false;
		withdrawHostInterrupt();
	}

	private void withdrawHostInterrupt() {
		hostInterruptAsserted = false;
		attention &= ~HOST_INTERRUPT;
	}

	/**
	 * The software below wants attention at the boundary where the guest has set GIF or left VMX root operation: it holds
	 * an event back until then.
	 */
	public void watchUnblocking() {
		unblockingWatched = true;
	}

	/** The guest set GIF, or left VMX root operation. */
	public void unblocked() {
		if (unblockingWatched) {
			unblockingWatched = false;
			hostInterruptAsserted = true;
		}
		updateAttention();
	}

	/** Whether the host interrupt waits for its boundary. */
	public boolean hostInterruptAsserted() {
		return hostInterruptAsserted;
	}

	/** As {@link BoundaryExits#armInterruptWindow}, of the bottom context. */
	public void armInterruptWindow(boolean armed) {
		bottom.armInterruptWindow(armed);
	}

	/** As {@link BoundaryExits#armNmiWindow}, of the bottom context. */
	public void armNmiWindow(boolean armed) {
		bottom.armNmiWindow(armed);
	}

	/** As {@link BoundaryExits#armMonitorTrap}, of the bottom context. */
	public void armMonitorTrap(boolean armed) {
		bottom.armMonitorTrap(armed);
	}

	/** As {@link BoundaryExits#monitorTrapDue}, of the bottom context. */
	public void monitorTrapDue() {
		bottom.monitorTrapDue();
	}

	/** Control went into the inner guest or out of it, which to the bottom's monitor trap flag is like an instruction. */
	public void innerContextSwitched() {
		abandonInstruction();
		betweenIterations = false;
		bottom.advance();
		updateAttention();
	}

	// ---- what instructions tell ----

	/** STI set IF: maskable interrupts wait for the end of the next instruction. */
	public void blockBySti() {
		castShadow = Shadow.STI;
		attention |= SHADOW;
	}

	/** MOV or POP loaded SS: interrupts and debug traps wait, unless such a shadow is in force already. */
	public void blockByMovSs() {
		if (interruptibility.shadow != Shadow.MOV_SS) {
			castShadow = Shadow.MOV_SS;
			attention |= SHADOW;
		}
	}

	/** RFLAGS.TF, IF, RF or DR7, the activity state or the interruptibility changed. */
	public void stateChanged() {
		updateAttention();
	}

	/** IRET loaded RFLAGS, RF with it: it stays for the next instruction. */
	public void resumeFlagLoaded() {
		resumeFlag = ResumeFlag.LOADED_BY_INSTRUCTION;
		updateAttention();
	}

	/**
	 * SYSCALL and SYSRET: whether a single-step trap follows is decided by TF after the instruction, so that a kernel
	 * that masks TF is not entered with a trap.
	 */
	public void trapFlagTestedAfter() {
		singleStepping = (state.rflags & CpuState.TF) != 0;
		updateAttention();
	}

	/** A task switch has loaded the new task's registers: no single-step trap follows the old task's instruction. */
	public void taskSwitched() {
		singleStepping = false;
		updateAttention();
	}

	/** Loading the new task met a fault, or its T flag: delivered in the new task, before its first instruction. */
	public void faultOfNewTask(GuestFault cause) {
		newTaskVector = cause.vector();
		newTaskErrorCode = cause.errorCode();
		newTaskPayload = cause.payload();
		updateAttention();
	}

	/** Takes what {@link #faultOfNewTask} left waiting, for whoever executed the task switch in the guest's place. */
	public boolean takeFaultOfNewTask() {
		if (newTaskVector < 0) {
			return false;
		}
		fault.raise(newTaskVector, newTaskErrorCode, newTaskPayload);
		newTaskVector = -1;
		updateAttention();
		return true;
	}

	/**
	 * Whether the iterations of a repeated instruction may follow one another without a boundary between them. RF, which
	 * a repeated instruction that was interrupted finds set, stays set for all of them.
	 */
	public boolean iterationsRunOn() {
		return (attention & ~RESUME_FLAG) == 0;
	}

	/** The engine stops between two iterations of a repeated instruction: RF is set in what is pushed here. */
	public void betweenIterations() {
		betweenIterations = true;
	}

	/**
	 * The instruction in progress has transferred control. Called where IA32_DEBUGCTL asks for branches, before
	 * {@link #instructionCompleted}.
	 *
	 * @param from its RIP
	 */
	public void branched(long from) {
		branched = true;
		recordBranch(from);
	}

	private void recordBranch(long from) {
		if ((state.debugControl & CpuState.DEBUGCTL_LBR) != 0) {
			state.lastBranchFrom = from;
			state.lastBranchTo = state.rip;
			state.branches.push(from, state.rip);
		}
	}

	/** "Control-Transfer Recording": an event went through the IDT; what was recorded before is kept for its handler. */
	void recordException(long from) {
		if ((state.debugControl & CpuState.DEBUGCTL_LBR) != 0) {
			state.lastExceptionFrom = state.lastBranchFrom;
			state.lastExceptionTo = state.lastBranchTo;
			recordBranch(from);
		}
	}

	// ---- instructions ----

	/** An instruction begins without a boundary before it: the software below executes it in the guest's place. */
	public void instructionBegins() {
		betweenIterations = false;
		singleStepping = (state.rflags & CpuState.TF) != 0;
	}

	/** An instruction, or one iteration of a repeated one, has completed and RIP has advanced. */
	public void instructionCompleted() {
		long pending = breakpoints.met;
		if (pending != 0) {
			pending |= Interruptibility.ENABLED_BREAKPOINT;
			breakpoints.met = 0;
		}
		if (singleStepping && ((state.debugControl & CpuState.DEBUGCTL_BTF) == 0 || branched)) {
			pending |= Interruptibility.BS;
		}
		singleStepping = false;
		branched = false;
		interruptibility.pendingDebugExceptions |= pending;
		interruptibility.shadow = castShadow;
		castShadow = Shadow.NONE;
		if (resumeFlag == ResumeFlag.CLEARED_BY_COMPLETION && !betweenIterations) {
			state.rflags &= ~CpuState.RF;
		}
		resumeFlag = ResumeFlag.CLEARED_BY_COMPLETION;
		bottom.advance();
		inner.advance();
		updateAttention();
	}

	/** The instruction in progress ended in a fault or an exit: what it would have caused is forgotten. */
	public void abandonInstruction() {
		newTaskVector = -1;
		breakpoints.met = 0;
		singleStepping = false;
		branched = false;
		castShadow = Shadow.NONE;
		resumeFlag = ResumeFlag.CLEARED_BY_COMPLETION;
	}

	/** Delivers the fault of the instruction at RIP. May leave the guest. */
	public void deliverFault(GuestFault cause) {
		abandonInstruction();
		delivery.fault(cause);
	}

	/** Says what is told of each event that goes through the IDT: such an event ends the watch of MONITOR. */
	public void onDelivery(Runnable action) {
		whenDelivered = action;
	}

	/** An event went through the IDT: RIP is the handler's first instruction. */
	void eventDelivered() {
		whenDelivered.run();
		singleStepping = false;
		castShadow = Shadow.NONE;
		interruptibility.shadow = Shadow.NONE;
		interruptibility.pendingDebugExceptions &= ~Interruptibility.BS;
		betweenIterations = false;
		if (state.activity == Activity.HALTED || state.activity == Activity.SHUTDOWN) {
			state.activity = Activity.ACTIVE;
		}
		bottom.advance();
		inner.advance();
		updateAttention();
	}

	/** RF as a trap or an interrupt at this boundary pushes it, and as a VM exit at this boundary saves it; or zero. */
	public long resumeFlagBetweenIterations() {
		return betweenIterations ? CpuState.RF : 0;
	}

	// ---- boundaries ----

	/**
	 * Takes the events that are due before the next instruction. RIP may be another one afterwards. May leave the guest
	 * by VmExit.
	 */
	public Boundary boundary() {
		int rounds = 0;
		while (attention != 0) {
			if (++rounds > MOST_ROUNDS) {
				// A guest whose #DB handler has a breakpoint on it never comes to an instruction: the host comes first.
				return takeHostInterrupt(interception);
			}
			if (takeFaultOfNewTask()) {
				delivery.fault(fault);
				continue;
			}
			if (platformEnds) {
				// A guest hypervisor is not asked: what it has set for this boundary does not come any more.
				platformEnds = false;
				return takeHostInterrupt(bottom.context);
			}
			VmExit trap = takeMonitorTrap();
			if (trap != null) {
				return leave(trap);
			}
			if (state.activity == Activity.SHUTDOWN) {
				if (innerTimerDue()) {
					return takeHostInterrupt(interception);
				}
				if (takeInnerNmiWindow()) {
					continue;
				}
				return Boundary.SHUTDOWN;
			}
			if (takeDebugTrap()) {
				continue;
			}
			if (innerTimerDue()) {
				return takeHostInterrupt(interception);
			}
			if (takeNmi() || takeBeforeHostInterrupt()) {
				continue;
			}
			if (hostInterruptAsserted) {
				return takeHostInterrupt(interception);
			}
			if (takeInterrupt()) {
				continue;
			}
			if (state.activity != Activity.ACTIVE) {
				return Boundary.IDLE;
			}
			if (takeExecutionBreakpoint()) {
				continue;
			}
			break;
		}
		betweenIterations = false;
		singleStepping = (state.rflags & CpuState.TF) != 0;
		return (attention & ONE_BY_ONE) != 0 ? Boundary.ONE_INSTRUCTION : Boundary.FREE;
	}

	private @Nullable VmExit takeMonitorTrap() {
		VmExit exit = bottom.takeMonitorTrap();
		return exit == null ? inner.takeMonitorTrap() : exit;
	}

	/** An exit to a guest hypervisor goes on in the engine's loop. */
	private static Boundary leave(VmExit exit) {
		if (exit != VmExit.SIGNAL) {
			throw exit;
		}
		return Boundary.EXIT;
	}

	private boolean takeDebugTrap() {
		long pending = interruptibility.pendingDebugExceptions;
		if (pending == 0 || interruptibility.shadow == Shadow.MOV_SS || state.activity == Activity.WAIT_FOR_SIPI) {
			return false;
		}
		interruptibility.pendingDebugExceptions = 0;
		if (!interruptibility.globalInterruptFlag) {
			// "Global Interrupt Flag": breakpoint matches are discarded, the trace trap is not.
			pending &= Interruptibility.BS;
		}
		// A pending exception without an enabled breakpoint and without BS records conditions met, but raises nothing.
		if ((pending & (Interruptibility.ENABLED_BREAKPOINT | Interruptibility.BS)) != 0) {
			delivery.debugTrap(pending);
		}
		updateAttention();
		return true;
	}

	private boolean takeNmi() {
		if ((attention & (NMI | NMI_WINDOW)) == 0) {
			return false;
		}
		if (admission.innerNmiWindowDue() && takeInnerNmiWindow()) {
			return true;
		}
		if (nmiAsserted && admission.nmiAllowed()) {
			nmiAsserted = false;
			delivery.nmi();
			return true;
		}
		int before = delivery.count();
		if (bottom.nmiWindow && admission.admitsNmi()) {
			bottom.context.nmiWindow();
		}
		return delivery.count() != before || innerComesBeforeHost() && takeInnerNmiWindow();
	}

	/** "NMI-Window Exiting": wakes from the states that an NMI wakes from, HLT and shutdown. */
	private boolean takeInnerNmiWindow() {
		if (!admission.innerNmiWindowOpen()) {
			return false;
		}
		int before = delivery.count();
		inner.context.nmiWindow();
		return delivery.count() != before;
	}

	/**
	 * Whether a guest hypervisor's VMX-preemption timer is due: behind debug traps, and before NMIs, windows for them and
	 * all that comes behind these (Intel SDM, "Other Causes of VM Exits"), whoever asks for them.
	 */
	private boolean innerTimerDue() {
		return hostInterruptAsserted && admission.innerTimerDue();
	}

	/**
	 * "Virtual-Interrupt Delivery" and interrupt windows come behind NMIs and before external interrupts, which are the
	 * host's; a guest hypervisor's virtual interrupts on AMD come behind those.
	 */
	private boolean takeBeforeHostInterrupt() {
		if ((attention & INTERRUPT_WINDOW) == 0) {
			return false;
		}
		int before = delivery.count();
		if (bottom.virtualInterrupt && admission.admitsInterrupt() && !admission.innerInterruptWindowDue()) {
			bottom.context.virtualInterrupt();
		}
		if (delivery.count() == before && innerComesBeforeHost()) {
			takeInnerVirtualInterrupt();
		}
		return delivery.count() != before;
	}

	private void takeInnerVirtualInterrupt() {
		int before = delivery.count();
		if (admission.innerVirtualInterruptTaken()) {
			inner.context.virtualInterrupt();
		}
		if (admission.innerInterruptWindowOpen() && delivery.count() == before) {
			inner.context.interruptWindow();
		}
	}

	/** "Injecting Virtual (INTR) Interrupts" (AMD APM volume 2): physical interrupts, which the host has, come first. */
	private boolean innerComesBeforeHost() {
		return !hostInterruptAsserted || admission.innerWindowsExit();
	}

	private Boundary takeHostInterrupt(Interception asked) {
		withdrawHostInterrupt();
		VmExit exit = asked.hostInterrupt();
		return exit == null ? Boundary.HOST_INTERRUPT : leave(exit);
	}

	private boolean takeInterrupt() {
		if ((attention & (INTERRUPT | INTERRUPT_WINDOW)) == 0) {
			return false;
		}
		int before = delivery.count();
		if (bottom.interruptWindow && admission.admitsInterrupt()) {
			bottom.context.interruptWindow();
		}
		if (delivery.count() != before) {
			return true;
		}
		if (admission.interruptible() && interruptSource.interruptRequested()) {
			delivery.hardwareInterrupt(interruptSource.acknowledge());
			return true;
		}
		return false;
	}

	/** Whether RF, or a MOV SS shadow where it does so, holds off execution breakpoints on the next instruction. */
	public boolean executionBreakpointsHeldOff() {
		return (state.rflags & CpuState.RF) != 0 || interruptibility.shadow == Shadow.MOV_SS
				&& breakpointsUnderMovSs == BreakpointsUnderMovSs.HELD_OFF;
	}

	/** "Instruction-Breakpoint Exception Condition": a fault before the instruction. */
	private boolean takeExecutionBreakpoint() {
		if ((attention & BREAKPOINTS) == 0 || betweenIterations || executionBreakpointsHeldOff()) {
			return false;
		}
		int met = breakpoints.onExecution(state.linearRip());
		if (met == 0) {
			return false;
		}
		delivery.fault(fault.raise(Vector.DB, GuestFault.NO_ERROR_CODE, met));
		return true;
	}

	private void updateAttention() {
		int wanted = 0;
		long flags = state.rflags;
		if ((flags & (CpuState.TF | CpuState.RF)) != 0 || singleStepping) {
			wanted |= ((flags & CpuState.TF) != 0 || singleStepping ? TRAP_FLAG : 0)
					| ((flags & CpuState.RF) != 0 ? RESUME_FLAG : 0);
		}
		if (interruptibility.shadow != Shadow.NONE || castShadow != Shadow.NONE) {
			wanted |= SHADOW;
		}
		if (interruptibility.pendingDebugExceptions != 0) {
			wanted |= PENDING_DEBUG;
		}
		if ((state.dr7 & 0xff) != 0) {
			wanted |= BREAKPOINTS;
		}
		if (newTaskVector >= 0) {
			wanted |= NEW_TASK;
		}
		if (bottom.monitorTrapArmed() || inner.monitorTrapArmed()) {
			wanted |= MONITOR_TRAP;
		}
		if (state.activity != Activity.ACTIVE) {
			wanted |= INACTIVE;
		}
		if ((state.debugControl & CpuState.DEBUGCTL_LBR) != 0) {
			wanted |= BRANCH_RECORD;
		}
		attention = wanted | linesWanted();
	}

	private int linesWanted() {
		int wanted = 0;
		if (hostInterruptAsserted) {
			wanted |= HOST_INTERRUPT;
		}
		boolean nested = inner.context != Interception.NONE;
		if (!interruptibility.blockingByNmi || nested) {
			wanted |= (nmiAsserted ? NMI : 0) | (bottom.nmiWindow || inner.nmiWindow ? NMI_WINDOW : 0);
		}
		if ((state.rflags & CpuState.IF) != 0 || nested) {
			wanted |= (bottom.interruptWindow || inner.interruptWindow || bottom.virtualInterrupt
					|| inner.virtualInterrupt ? INTERRUPT_WINDOW : 0)
					| (interruptSource.interruptRequested() ? INTERRUPT : 0);
		}
		return wanted;
	}
}
