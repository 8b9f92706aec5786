/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.hypervisor;

import java.util.List;

import java.util.concurrent.atomic.AtomicBoolean;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.machine.ExitRequest;
import org.hyperstep.machine.Machine;
import org.hyperstep.machine.apic.DeliveryMode;
import org.hyperstep.machine.apic.LocalApic;
import org.hyperstep.machine.device.FloatErrorLatch;
import org.hyperstep.machine.image.InitialState;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.state.CpuState;

/** A virtual CPU: a processor, its mode of virtualization, and the run loop between entries and exits. */
final class GuestCpu implements Vcpu {
	/** Vectors that a local APIC takes (Intel SDM, "Valid Interrupt Vectors"). */
	private static final int LOWEST_VECTOR = 16, HIGHEST_VECTOR = 255;
	private static final String USER = "user"; //$NON-NLS-1$

	final Machine machine;
	final Processor processor;
	final CpuState state;
	final GuestMode guestMode;
	final LocalApic apic;
	final EventReport report;
	final EventInjector injector;
	final DebugExceptions debugExceptions;
	final GuestEntry entry;
	final SystemManagementMode systemManagement;
	final CpuActivity activity;

	/** Set by another thread that wants the run to end. */
	private final AtomicBoolean interrupted;
	private final int number;
	private final GuestRegisters registers;
	private final GuestMemory memory;
	private final PendingEvents pending;
	private final MonitorTrapStep monitorTrapStep;
	private final TrapFlagStep trapFlagStep;
	private final Runnable becomesCurrent;

	private EventMask mask = EventMask.NONE;
	private StepMechanism mechanism = StepMechanism.AUTOMATIC;
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
		systemManagement = new SystemManagementMode(this);
		injector = new EventInjector(this);
		debugExceptions = new DebugExceptions(this);
		registers = new GuestRegisters(this);
		memory = new DebuggerMemory(this);
		pending = new PendingEvents(this);
		entry = new GuestEntry(this);
		activity = new CpuActivity(this);
		monitorTrapStep = new MonitorTrapStep(this);
		trapFlagStep = new TrapFlagStep(this);
		processor.setPorts(new MachinePorts(this));
		processor.setFloatErrorLine(new MachineFloatError(machine.device(FloatErrorLatch.class)));
		guestMode.observe(report);
		guestMode.interceptPause(true);
		resetProcessor();
	}

	/** The registers after RESET, with the mode's own in them. */
	private void resetProcessor() {
		processor.reset();
		registersInitialized();
	}

	/** The registers after INIT, with the mode's own in them. */
	void initializeProcessor() {
		processor.initialize();
		registersInitialized();
	}

	private void registersInitialized() {
		state.apicBase = apic.base();
		guestMode.loadCr0(state.cr0);
		guestMode.loadCr4(state.cr4);
		guestMode.loadEfer(state.efer);
		guestMode.mapLocalApic(state.apicBase);
		registersReplaced();
	}

	/** The reset line: the CPU waits for a start-up IPI. */
	void reset() {
		injector.clear();
		resetProcessor();
		report.forget();
		activity.waitForStartup();
	}

	/** Enters an image: the CPU executes from now on. */
	void start(InitialState initial) {
		initial.applyTo(state);
		guestMode.loadCr0(state.cr0);
		guestMode.loadCr4(state.cr4);
		guestMode.loadEfer(state.efer);
		state.apicBase = apic.base();
		guestMode.mapLocalApic(state.apicBase);
		activity.begin();
		registersReplaced();
	}

	// ---- for the parts ----

	/** Registers that the control structure holds were changed. */
	void changed() {
		entry.changed();
	}

	/** Registers were changed that translations and breakpoints depend on. */
	void registersReplaced() {
		processor.mmu().stateReplaced();
		entry.changed();
	}

	/** Retired instructions at a virtual time not after the present. */
	long retiredAt(long time) {
		return Math.max(0, retired() - Math.max(0, processor.timeStampCounter() - time));
	}

	/** The local APIC has something for the CPU. */
	void attention() {
		report.raised();
		if (!guestMode.interruptDelivery().post()) {
			processor.assertHostInterrupt();
		}
	}

	// ---- running ----

	/** Before the first entry of a run that the user asked for. */
	void resume() {
		if (standsReported) {
			processor.passMark();
		}
	}

	/**
	 * Runs until the CPU's clock has reached {@code end}; a halt passes the time up to there.
	 *
	 * @param alone no other CPU executes meanwhile: a halt that nothing can end is a stop
	 * @return why it stopped before, or null
	 */
	@Nullable
	VcpuStop runUntil(long end, boolean alone) {
		becomesCurrent.run();
		standsReported = false;
		endStepping();
		boolean behindDelivery = false;
		while (true) {
			behindDelivery = !behindDelivery && deliveryComesBeforeAlarms();
			if (!behindDelivery) {
				activity.ringAlarms();
			}
			VcpuStop stop = activity.executes() ? null : activity.passTime(end, alone);
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
			if (now >= end || !activity.executes()) {
				return null;
			}
			stop = runTo(now, Math.min(end, machine.time().nextDeadline()));
			if (stop != null) {
				return reported(stop);
			}
		}
	}

	private @Nullable VcpuStop runTo(long now, long deadline) {
		activity.takeStartup();
		if (!activity.executes()) {
			return null;
		}
		processor.setDeadline(deadline == Long.MAX_VALUE ? deadline : processor.retired() + deadline - now);
		injector.prepare(true);
		return entry.enterOnce(false);
	}

	private VcpuStop reported(VcpuStop stop) {
		standsReported = true;
		return stop;
	}

	private @Nullable VcpuStop machineExit() {
		ExitRequest request = machine.exitRequest();
		return request == null ? null : new VcpuStop.MachineExit(number, request.status());
	}

	/** Whether the guest has ended the machine, or reset it. */
	boolean machineEnds() {
		return machine.exitRequest() != null;
	}

	VcpuStop halted() {
		return reported(new VcpuStop.Halted(number, injector.heldBack()));
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
		resume();
		VcpuStop stop = runUntil(processor.timeStampCounter() + maximumInstructions, true);
		return stop == null ? new VcpuStop.SliceOver(number) : stop;
	}

	@Override
	public VcpuStop step() {
		becomesCurrent.run();
		machine.input().letIn();
		ringAlarms();
		// What was delivered, or went to a guest hypervisor, before this step is no part of it.
		report.takeDelivered();
		injector.takeExitedToGuestHypervisor();
		activity.takeStartup();
		VcpuStop before = machineExit();
		if (before == null && !activity.executes()) {
			before = activity.passTime(Long.MAX_VALUE, true);
		}
		if (before != null) {
			return reported(before);
		}
		if (injector.takeExitedToGuestHypervisor()) {
			return reported(new VcpuStop.StepDone(number, report.takeDelivered()));
		}
		processor.setDeadline(Long.MAX_VALUE);
		processor.passMark();
		VcpuStop stop = usesMonitorTrap() ? monitorTrapStep.step() : trapFlagStep();
		VcpuStop after = stop instanceof VcpuStop.StepDone ? machineExit() : null;
		ringAlarms();
		return reported(after == null ? stop : after);
	}

	private void ringAlarms() {
		if (!deliveryComesBeforeAlarms()) {
			activity.ringAlarms();
		}
	}

	/**
	 * Whether the virtualization hardware delivers an interrupt at this boundary, at which an alarm is due, too. A guest
	 * that runs freely takes it before the exit for the host's timer (Intel SDM, "Interrupt-Window Exiting and
	 * Virtual-Interrupt Delivery"); what the alarm requests comes behind it, whoever looks on.
	 */
	private boolean deliveryComesBeforeAlarms() {
		return processor.timeStampCounter() >= machine.time().nextDeadline() && injector.hardwareInterruptDue();
	}

	private void endStepping() {
		if (guestMode.hasMonitorTrapFlag()) {
			guestMode.setMonitorTrap(false);
		}
	}

	private VcpuStop trapFlagStep() {
		endStepping();
		return trapFlagStep.step();
	}

	private boolean usesMonitorTrap() {
		return mechanism == StepMechanism.MONITOR_TRAP_FLAG
				|| mechanism == StepMechanism.AUTOMATIC && guestMode.hasMonitorTrapFlag();
	}

	/** Whether the mask holds an external interrupt back now. */
	boolean holdsInterrupts() {
		return mask.interrupts() && (mask.exits() || !processor.contexts().interruptExits());
	}

	/** Whether the mask holds an NMI back now. */
	boolean holdsNmi() {
		return mask.nmi() && (mask.exits() || !processor.contexts().nmiExits());
	}

	/** Whether the mask holds an SMI back now. */
	boolean holdsSmi() {
		return mask.smi() && (mask.exits() || !processor.contexts().smiExits());
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
		return state.linearRip();
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
	public int nestingLevel() {
		return processor.contexts().inner() == null ? 1 : 2;
	}

	@Override
	public long retired() {
		return processor.retired();
	}

	@Override
	public boolean active() {
		return activity.executes();
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
	public @Nullable Refusal raiseInterrupt(int vector) {
		if (vector < LOWEST_VECTOR || vector > HIGHEST_VECTOR) {
			return new Refusal("An interrupt's vector is 16 to 255."); //$NON-NLS-1$
		}
		boolean accepted = apic.accept(DeliveryMode.FIXED, vector, false, USER);
		return accepted ? null : new Refusal("The local APIC is disabled: it takes no interrupts."); //$NON-NLS-1$
	}

	@Override
	public void raiseNmi() {
		apic.raiseNmi(USER);
	}

	@Override
	public void raiseSmi() {
		apic.raiseSmi(USER);
	}

	@Override
	public List<ExitCount> exitCounts() {
		return entry.exitCounts();
	}

	@Override
	public String exitName(long reason) {
		return guestMode.exitName(reason);
	}
}
