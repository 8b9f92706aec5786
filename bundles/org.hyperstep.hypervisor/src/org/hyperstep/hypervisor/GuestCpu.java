/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.RunOutcome;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Interruptibility.Shadow;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.state.CpuState;

/** A virtual CPU: a processor, its mode of virtualization, and the run loop between entries and exits. */
final class GuestCpu implements Vcpu {
	private static final String USER = "user"; //$NON-NLS-1$

	/** What the CPU does when it is entered. */
	private enum Condition {
		EXECUTING, HALTED, WAITING_FOR_STARTUP, SHUT_DOWN
	}

	final Machine machine;
	final Processor processor;
	final CpuState state;
	final GuestMode guestMode;
	final LocalApic apic;
	final EventReport report;
	final EventInjector injector;
	final DebugExceptions debugExceptions;

	/** Set by another thread that wants the run to end. */
	private final AtomicBoolean interrupted;
	private final int number;
	private final ExitHandlers handlers;
	private final GuestRegisters registers;
	private final GuestMemory memory;
	private final PendingEvents pending;
	private final MonitorTrapStep monitorTrapStep;
	private final TrapFlagStep trapFlagStep;
	private final Exit exit = new Exit();
	private final Map<Long, long[]> exitCounts = new TreeMap<>();
	private final Runnable becomesCurrent;

	private Condition condition = Condition.WAITING_FOR_STARTUP;
	private EventMask mask = EventMask.NONE;
	private StepMechanism mechanism = StepMechanism.AUTOMATIC;
	/** The registers were changed since they were stored in the control structure. */
	private boolean changed = true;
	/** The hypervisor executed an instruction in the guest's place since it was asked last. */
	private boolean completed;
	/** The user has seen the CPU stand where it stands: a mark there is passed. */
	private boolean standsReported;

	/** Makes a CPU that waits for a start-up IPI; {@code becomesCurrent} is called before it executes. */
	GuestCpu(int number, Machine machine, Processor processor, GuestMode guestMode, Runnable becomesCurrent,
			AtomicBoolean interrupted) {
		this.interrupted = interrupted;
		this.number = number;
		this.machine = machine;
		this.processor = processor;
		this.guestMode = guestMode;
		this.becomesCurrent = becomesCurrent;
		state = processor.state();
		apic = machine.localApic(number);
		report = new EventReport(this);
		injector = new EventInjector(this);
		debugExceptions = new DebugExceptions(this);
		registers = new GuestRegisters(this);
		memory = new DebuggerMemory(this);
		pending = new PendingEvents(this);
		handlers = new ExitHandlers(this);
		monitorTrapStep = new MonitorTrapStep(this);
		trapFlagStep = new TrapFlagStep(this);
		processor.setPorts(new MachinePorts(machine.ports()));
		guestMode.observe(report);
		resetProcessor();
	}

	private void resetProcessor() {
		processor.system().reset();
		state.apicBase = apic.base();
		guestMode.loadCr0(state.cr0);
		guestMode.loadCr4(state.cr4);
		guestMode.loadEfer(state.efer);
		guestMode.mapLocalApic(state.apicBase);
		registersReplaced();
	}

	/** Enters an image: the CPU executes from now on. */
	void start(InitialState initial) {
		initial.applyTo(state);
		guestMode.loadCr0(state.cr0);
		guestMode.loadCr4(state.cr4);
		guestMode.loadEfer(state.efer);
		state.apicBase = apic.base();
		guestMode.mapLocalApic(state.apicBase);
		condition = Condition.EXECUTING;
		registersReplaced();
	}

	// ---- for the parts ----

	/** Registers that the control structure holds were changed. */
	void changed() {
		changed = true;
	}

	/** Registers were changed that translations and breakpoints depend on. */
	void registersReplaced() {
		processor.mmu().stateReplaced();
		changed = true;
	}

	/** Advances RIP over an instruction that was executed in the guest's place, with all that completion brings. */
	void skipInstruction(int length) {
		long next = state.rip + length;
		state.rip = switch (mode()) {
			case LONG_64 -> next;
			case PROTECTED_32, COMPATIBILITY_32 -> next & 0xffff_ffffL;
			default -> next & 0xffff;
		};
		state.rflags &= ~CpuState.RF;
		state.interruptibility.shadow = Shadow.NONE;
		boolean singleStep = (state.rflags & CpuState.TF) != 0
				&& (state.debugControl & DebugStatus.BRANCH_TRAP_FLAG) == 0;
		if (singleStep) {
			state.interruptibility.pendingDebugExceptions |= DebugStatus.BS;
		}
		processor.retire();
		completed = true;
		changed = true;
	}

	/** HLT was executed: the CPU waits, unless a debug trap of its own is due. */
	void halt() {
		condition = Condition.HALTED;
	}

	VcpuStop shutDown() {
		condition = Condition.SHUT_DOWN;
		return new VcpuStop.TripleFault(number);
	}

	boolean waitsForStartup() {
		return condition == Condition.WAITING_FOR_STARTUP;
	}

	/** Whether the hypervisor executed an instruction in the guest's place; asked once. */
	boolean takeCompleted() {
		boolean was = completed;
		completed = false;
		return was;
	}

	/** The kind of the last exit. */
	Exit.Kind lastExit() {
		return exit.kind;
	}

	/** Retired instructions at a virtual time not after the present. */
	long retiredAt(long time) {
		return Math.max(0, retired() - Math.max(0, processor.timeStampCounter() - time));
	}

	/** The local APIC has something for the CPU. */
	void attention() {
		report.raised();
		processor.assertHostInterrupt();
	}

	// ---- entries ----

	/**
	 * Enters the guest once and deals with the exit.
	 *
	 * @param leaveAtOnce exit before the guest's first instruction, behind what the entry delivers
	 * @return why the CPU stops, or null
	 */
	@Nullable VcpuStop enterOnce(boolean leaveAtOnce) {
		beforeEntry();
		if (leaveAtOnce) {
			processor.assertHostInterrupt();
		} else {
			processor.clearHostInterrupt();
		}
		return switch (guestMode.enter()) {
			case EXIT -> exited();
			case MARK -> {
				debugExceptions.exited();
				report.lookAtMode();
				yield new VcpuStop.MarkReached(number, linearRip());
			}
			case REFUSED -> {
				debugExceptions.exited();
				yield new VcpuStop.UnexpectedExit(number, guestMode.refusal());
			}
		};
	}

	private void beforeEntry() {
		completed = false;
		debugExceptions.enter();
		if (changed) {
			changed = false;
			guestMode.storeState();
		}
	}

	private @Nullable VcpuStop exited() {
		guestMode.decode(exit);
		debugExceptions.exited();
		if (guestMode.nmiTaken()) {
			injector.nmiTaken();
		}
		if (exit.vectoringVector >= 0) {
			injector.queue(exit.vectoringVector, exit.vectoringType, exit.vectoringErrorCode, exit.vectoringLength);
		}
		count(exit.number);
		if (report.listening()) {
			report.tell(EventKind.VM_EXIT, exit.number, exit.information);
			report.lookAtMode();
		}
		return handlers.handle(exit);
	}

	private void count(long reason) {
		exitCounts.computeIfAbsent(reason, key -> new long[1])[0]++;
	}

	/** Executes the next instruction in the guest's place; what came of it goes to {@link #emulated}. */
	RunOutcome emulateOne() {
		debugExceptions.enter();
		RunOutcome outcome = guestMode.emulateOne();
		if (outcome != RunOutcome.VM_EXIT) {
			debugExceptions.exited();
		}
		return outcome;
	}

	/** Deals with the outcome of an instruction executed in the guest's place. */
	@Nullable VcpuStop emulated(RunOutcome outcome) {
		switch (outcome) {
		case EXECUTED:
			completed = true;
			changed = true;
			return null;
		case FAULT:
			queueFault(processor.fault());
			return null;
		default:
			return exited();
		}
	}

	private void queueFault(GuestFault fault) {
		if (fault.vector() == Vector.DB) {
			state.rflags |= CpuState.RF;
			debugExceptions.queueDebugException(fault.payload());
			return;
		}
		if (fault.vector() == Vector.PF) {
			state.cr2 = fault.payload();
		}
		injector.queueFault(fault.vector(), fault.errorCode());
	}

	// ---- running ----

	/** Lets the CPU's clock catch up: it stood still while others executed. */
	void synchronize(long time) {
		if (processor.timeStampCounter() < time) {
			processor.setTimeStampCounter(time);
		}
	}

	/** Before the first entry of a run that the user asked for. */
	void resume() {
		if (standsReported) {
			processor.passMark();
		}
	}

	/**
	 * Runs until the CPU's clock has reached {@code end}; a halt passes the time up to there.
	 *
	 * @return why it stopped before, or null
	 */
	@Nullable VcpuStop runUntil(long end) {
		becomesCurrent.run();
		standsReported = false;
		endStepping();
		while (true) {
			ringAlarms();
			VcpuStop stop = condition == Condition.EXECUTING ? null : passTime(end);
			if (stop == null) {
				stop = machineExit();
			}
			if (stop != null) {
				return reported(stop);
			}
			if (interrupted.get() && interrupted.getAndSet(false)) {
				return new VcpuStop.SliceOver(number);
			}
			long now = processor.timeStampCounter();
			if (now >= end || condition != Condition.EXECUTING) {
				return null;
			}
			stop = runTo(now, Math.min(end, machine.time().nextDeadline()));
			if (stop != null) {
				return reported(stop);
			}
		}
	}

	private @Nullable VcpuStop runTo(long now, long deadline) {
		takeStartup();
		if (condition != Condition.EXECUTING) {
			return null;
		}
		processor.setDeadline(deadline == Long.MAX_VALUE ? deadline : processor.retired() + deadline - now);
		boolean injects = injector.prepare(true);
		if (!injects && report.listening()) {
			report.tell(EventKind.VM_ENTRY, 0, 0);
		}
		return enterOnce(false);
	}

	private VcpuStop reported(VcpuStop stop) {
		standsReported = true;
		return stop;
	}

	private void ringAlarms() {
		long now = processor.timeStampCounter();
		if (now >= machine.time().nextDeadline()) {
			machine.time().advanceTo(now);
			machine.input().letIn();
		}
	}

	private @Nullable VcpuStop machineExit() {
		ExitRequest request = machine.exitRequest();
		return request == null ? null : new VcpuStop.MachineExit(number, request.status());
	}

	/** Passes time while the CPU does not execute, up to {@code end} or to the event that wakes it. */
	private @Nullable VcpuStop passTime(long end) {
		while (true) {
			takeStartup();
			if (condition == Condition.SHUT_DOWN) {
				return new VcpuStop.TripleFault(number);
			}
			if (condition == Condition.HALTED && injector.wakes()) {
				condition = Condition.EXECUTING;
			}
			if (condition == Condition.EXECUTING) {
				return null;
			}
			long next = Math.min(end, machine.time().nextDeadline());
			synchronize(next);
			if (next >= end) {
				return null;
			}
			ringAlarms();
		}
	}

	/** Whether the CPU executes or has something to execute for. */
	boolean runnable() {
		return condition == Condition.EXECUTING || condition == Condition.SHUT_DOWN
				|| condition == Condition.HALTED && injector.wakes() || apic.initPending()
				|| waitsForStartup() && apic.startupPending();
	}

	/** Whether a timer can wake the CPU. */
	boolean waitsForTimer() {
		return condition == Condition.HALTED && !mask.interrupts() && (state.rflags & CpuState.IF) != 0;
	}

	VcpuStop halted() {
		return reported(new VcpuStop.Halted(number, injector.heldBack()));
	}

	/** INIT and start-up IPIs ("MP Initialization Protocol"): nothing masks them. */
	private void takeStartup() {
		if (apic.initPending()) {
			apic.acknowledgeInit();
			injector.clear();
			resetProcessor();
			condition = Condition.WAITING_FOR_STARTUP;
			report.tell(EventKind.STARTUP, -1, 0);
		}
		if (apic.startupPending()) {
			int vector = apic.acknowledgeStartup();
			if (waitsForStartup()) {
				state.segments[CpuState.CS].set(vector << 8, (long) vector << 12, 0xffff, 0x9b);
				state.rip = 0;
				condition = Condition.EXECUTING;
				registersReplaced();
				report.tell(EventKind.STARTUP, vector, 0);
			}
		}
	}

	// ---- Vcpu ----

	@Override
	public int number() {
		return number;
	}

	@Override
	public VcpuStop run(long maximumInstructions) {
		becomesCurrent.run();
		machine.input().letIn();
		synchronize(machine.time().now());
		resume();
		if (!runnable() && !wakesByTime()) {
			return halted();
		}
		VcpuStop stop = runUntil(processor.timeStampCounter() + maximumInstructions);
		if (stop != null) {
			return stop;
		}
		return runnable() || wakesByTime() ? new VcpuStop.SliceOver(number) : halted();
	}

	private boolean wakesByTime() {
		return waitsForTimer() && machine.time().nextDeadline() != Long.MAX_VALUE;
	}

	@Override
	public VcpuStop step() {
		becomesCurrent.run();
		machine.input().letIn();
		synchronize(machine.time().now());
		ringAlarms();
		takeStartup();
		VcpuStop before = machineExit();
		if (before == null && condition != Condition.EXECUTING) {
			before = awaitWork();
		}
		if (before != null) {
			return reported(before);
		}
		processor.setDeadline(Long.MAX_VALUE);
		processor.passMark();
		VcpuStop stop = usesMonitorTrap() ? monitorTrapStep.step() : trapFlagStep();
		VcpuStop after = stop instanceof VcpuStop.StepDone ? machineExit() : null;
		return reported(after == null ? stop : after);
	}

	private void endStepping() {
		if (guestMode.hasMonitorTrapFlag()) {
			guestMode.setMonitorTrap(false);
		}
	}

	/** A step of a CPU that is halted goes on to the event that wakes it. */
	private @Nullable VcpuStop awaitWork() {
		while (condition != Condition.EXECUTING) {
			if (!runnable() && !wakesByTime()) {
				return new VcpuStop.Halted(number, injector.heldBack());
			}
			VcpuStop stop = passTime(runnable() ? processor.timeStampCounter() : machine.time().nextDeadline());
			if (stop != null) {
				return stop;
			}
			ringAlarms();
		}
		return null;
	}

	private VcpuStop trapFlagStep() {
		endStepping();
		return trapFlagStep.step();
	}

	private boolean usesMonitorTrap() {
		return mechanism == StepMechanism.MONITOR_TRAP_FLAG
				|| mechanism == StepMechanism.AUTOMATIC && guestMode.hasMonitorTrapFlag();
	}

	@Override
	public EventMask mask() {
		return mask;
	}

	@Override
	public void setMask(EventMask next) {
		mask = next;
		report.released();
	}

	@Override
	public StepMechanism stepMechanism() {
		return mechanism;
	}

	@Override
	public @Nullable Refusal setStepMechanism(StepMechanism next) {
		if (next == StepMechanism.MONITOR_TRAP_FLAG && !guestMode.hasMonitorTrapFlag()) {
			return new Refusal("SVM has no monitor trap flag; RFLAGS.TF is its step mechanism."); //$NON-NLS-1$
		}
		mechanism = next;
		return null;
	}

	@Override
	public GuestDebug guestDebug() {
		return debugExceptions.settings();
	}

	@Override
	public void setGuestDebug(GuestDebug settings) {
		debugExceptions.setSettings(settings);
	}

	@Override
	public long read(GuestRegister register) {
		return registers.read(register);
	}

	@Override
	public @Nullable Refusal write(GuestRegister register, long value) {
		return registers.write(register, value);
	}

	@Override
	public GuestMemory memory() {
		return memory;
	}

	@Override
	public long linearRip() {
		return state.in64BitMode() ? state.rip : state.rip + state.segments[CpuState.CS].base & 0xffff_ffffL;
	}

	@Override
	public CpuMode mode() {
		if ((state.cr0 & CpuState.CR0_PE) == 0) {
			return CpuMode.REAL;
		}
		if ((state.rflags & CpuState.VM) != 0) {
			return CpuMode.VIRTUAL_8086;
		}
		boolean big = state.segments[CpuState.CS].defaultBig();
		if ((state.efer & CpuState.EFER_LMA) == 0) {
			return big ? CpuMode.PROTECTED_32 : CpuMode.PROTECTED_16;
		}
		return state.segments[CpuState.CS].longMode() ? CpuMode.LONG_64
				: big ? CpuMode.COMPATIBILITY_32 : CpuMode.COMPATIBILITY_16;
	}

	@Override
	public long retired() {
		return processor.retired();
	}

	@Override
	public boolean active() {
		return condition == Condition.EXECUTING;
	}

	@Override
	public List<PendingEvent> pendingEvents() {
		return pending.list();
	}

	@Override
	public @Nullable Refusal deliverNow(PendingEvent event, boolean forced) {
		Refusal refusal = pending.refusal(event);
		if (refusal == null) {
			injector.force(event);
		}
		return refusal;
	}

	@Override
	public void raiseInterrupt(int vector) {
		apic.accept(DeliveryMode.FIXED, vector, false, USER);
	}

	@Override
	public void raiseNmi() {
		apic.raiseNmi(USER);
	}

	@Override
	public List<ExitCount> exitCounts() {
		List<ExitCount> counts = new ArrayList<>();
		exitCounts.forEach((reason, count) -> counts.add(new ExitCount(reason, guestMode.exitName(reason), count[0])));
		return counts;
	}

	@Override
	public String exitName(long reason) {
		return guestMode.exitName(reason);
	}
}
