/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.EventArbiter;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.execution.Engine;
import org.hyperstep.x86.execution.ExecutionObserver;
import org.hyperstep.x86.execution.RegisterWidth;
import org.hyperstep.x86.execution.SegmentAccess;
import org.hyperstep.x86.execution.Slots;
import org.hyperstep.x86.execution.StringUnit;
import org.hyperstep.x86.meaning.FloatUnit;
import org.hyperstep.x86.meaning.VectorLane;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.memory.TranslationContext;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.svm.SvmInstructions;
import org.hyperstep.x86.system.Clock;
import org.hyperstep.x86.system.ProcessorModel;
import org.hyperstep.x86.system.SystemUnit;
import org.hyperstep.x86.virtualization.ApicPage;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

import org.hyperstep.x86.vmx.VmxOperation;
import org.hyperstep.x86.x87.X87Unit;

/**
 * One logical processor. It executes in the present context: plain operation, or a guest entered by VMX or SVM.
 * Everything here belongs to the machine's thread.
 */
public final class Processor {
	private final CpuState state = new CpuState();
	private final SystemUnit system;
	private final SegmentAccess segments;
	private final Stack stack;
	private final Engine engine;
	private final StringUnit strings;
	private final long[] scratch = new long[16];
	private final VectorLane lane = new VectorLane(new FloatUnit());
	private final X87Unit x87 = new X87Unit(state.extended);
	private final SvmInstructions svm;
	private final VmxOperation vmx;
	private final ApicPage apicPage;
	private PortAccess ports = PortAccess.NONE;
	private FloatErrorLine floatErrorLine = FloatErrorLine.NONE;
	private boolean floatErrorRaised;
	private long timeStampBase;

	/**
	 * Makes a processor in its state after RESET.
	 *
	 * @param memory the hostPhysical address space
	 */
	public Processor(ProcessorModel model, PhysicalMemory memory) {
		system = new SystemUnit(state, model, memory, new VirtualClock());
		segments = new SegmentAccess(this);
		stack = new Stack(state, system.mmu, system.fault);
		engine = new Engine(this);
		strings = new StringUnit(this, engine);
		svm = new SvmInstructions(this);
		apicPage = new ApicPage(memory, model.apicId());
		vmx = new VmxOperation(this);
	}

	/** Time as the system unit sees it. */
	private final class VirtualClock implements Clock {
		@Override
		public long retired() {
			return Processor.this.retired();
		}

		@Override
		public long timeStampCounter() {
			return Processor.this.timeStampCounter();
		}

		@Override
		public void setTimeStampCounter(long value) {
			Processor.this.setTimeStampCounter(value);
		}
	}

	/** The architectural registers; RFLAGS is exact between runs and inside routines. */
	public CpuState state() {
		return state;
	}

	/** Linear memory. */
	public Mmu mmu() {
		return system.mmu;
	}

	/** The system side: modes, segments, system registers. */
	public SystemUnit system() {
		return system;
	}

	/** What the processor is. */
	public ProcessorModel model() {
		return system.model;
	}

	/** The registers after RESET. Time goes on. */
	public void reset() {
		system.reset();
		engine.reset();
		vmx.reset();
		// That of the guest of a guest hypervisor went with it.
		timerChanged();
	}

	/** The registers after INIT, which leaves what computes and most model-specific registers alone. */
	public void initialize() {
		system.initialize();
		engine.reset();
		vmx.reset();
		timerChanged();
	}

	/** Where translations to an APIC-access page lead. */
	public ApicPage apicPage() {
		return apicPage;
	}

	/** VMX operation of the software that is executed. */
	public VmxOperation vmx() {
		return vmx;
	}

	/** Events at boundaries, and their delivery. */
	public EventArbiter events() {
		return system.events;
	}

	/** The fault object, to be raised by whoever finds a reason; the last exception that {@link #emulateOne} reported. */
	public GuestFault fault() {
		return system.fault;
	}

	/** The context that intercepts; {@link Interception#NONE} in plain operation. */
	public Interception interception() {
		return system.interception();
	}

	/** The contexts of virtualization: the bottom's, and that of a guest hypervisor. */
	public ContextStack contexts() {
		return system.contexts;
	}

	/** Enters or leaves the bottom context. The caller has loaded the registers or does so, then calls {@link #stateReplaced}. */
	public void setInterception(Interception context) {
		system.setInterception(context);
	}

	/** The registers were loaded as a whole (VM entry, VM exit, reset, a debugger). Flushes all translations. */
	public void stateReplaced() {
		system.stateReplaced();
	}

	/**
	 * A guest hypervisor has entered its guest, or has it back: the registers were loaded as a whole.
	 *
	 * @param context as {@link Mmu#resumeLevel} has it
	 */
	public void levelSwitched(@Nullable TranslationContext context) {
		mmu().resumeLevel(context);
		events().stateReplaced();
	}

	/** Whether a guest runs: some context intercepts. */
	public boolean inGuest() {
		return system.interception() != Interception.NONE;
	}

	/** The I/O address space of plain operation. */
	public PortAccess ports() {
		return ports;
	}

	/** Connects FERR# and IGNNE#. */
	public void setFloatErrorLine(FloatErrorLine line) {
		floatErrorLine = line;
	}

	/** An x87 exception is pending while CR0.NE is clear. Returns whether the instruction executes all the same. */
	public boolean raiseFloatError() {
		floatErrorRaised = true;
		return floatErrorLine.raise();
	}

	/** No x87 exception is pending. */
	public void clearFloatError() {
		if (floatErrorRaised) {
			floatErrorRaised = false;
			floatErrorLine.clear();
		}
	}

	/** Sets the I/O address space of plain operation. */
	public void setPorts(PortAccess ports) {
		this.ports = ports;
	}

	/**
	 * Instructions retired since reset, exact at each instruction boundary, in routines and in accesses of devices. Each
	 * iteration of a repeated string instruction counts as one, as single-stepping sees it.
	 */
	public long retired() {
		return engine.retired();
	}

	/** Counts one instruction that the hypervisor executed in the guest's place. */
	public void retire() {
		engine.retire();
	}

	/** The host timer interrupt is asserted at the boundary where {@link #retired()} is {@code retired}, or is past it. */
	public void setDeadline(long retired) {
		engine.setDeadline(retired);
	}

	/** When the host timer interrupt is asserted, in retired instructions. */
	public long deadline() {
		return engine.deadline();
	}

	/** Asks for attention: a host interrupt at the next boundary, taken once. Also from within a device's access. */
	public void assertHostInterrupt() {
		system.events.assertHostInterrupt();
	}

	/**
	 * Asks for attention before anything else that is due at the next boundary, traps of the instruction in progress
	 * included: its access ended the platform.
	 */
	public void assertPlatformEnd() {
		system.events.assertPlatformEnd();
	}

	/** Whether the host interrupt is asserted and was not taken. */
	public boolean hostInterruptAsserted() {
		return system.events.hostInterruptAsserted();
	}

	/** Takes back the request of {@link #assertHostInterrupt()}. */
	public void clearHostInterrupt() {
		system.events.clearHostInterrupt();
	}

	/** The host's time-stamp counter: virtual time in ticks of 1 ns, one per retired instruction. */
	public long timeStampCounter() {
		return timeStampBase + engine.retired();
	}

	/** Lets virtual time skip forward (HLT) or sets the counter (WRMSR). */
	public void setTimeStampCounter(long value) {
		timeStampBase = value - engine.retired();
		timerChanged();
	}

	/**
	 * Lets virtual time go on while the instruction in progress waits for what it accesses. What is due meanwhile comes
	 * at the boundary behind it.
	 */
	public void waitWithinInstruction(long nanoseconds) {
		timeStampBase += nanoseconds;
		engine.bringDeadlinesNearer(nanoseconds);
	}

	/** The timer of a guest hypervisor's context was set, or the clock that it counts by. */
	public void timerChanged() {
		long deadline = contexts().timerDeadline();
		engine.setTimerDeadline(deadline == Long.MAX_VALUE ? deadline : deadline - timeStampBase);
	}

	/** Sets the marks to stop at, or null for none. */
	public void observe(@Nullable ExecutionObserver marks) {
		engine.observe(marks);
	}

	/** Lets the instruction at RIP run on the next resume although it is marked. */
	public void passMark() {
		engine.passMark();
	}

	/** Executes in the present context until something ends it. RIP, RFLAGS and {@link #retired()} are exact then. */
	public RunOutcome run() {
		return engine.run();
	}

	/**
	 * Executes exactly the instruction at RIP, or one iteration of a repeated one, in the present context with the
	 * guest's own flags. No event is taken before or after it; intercepts are asked; pending debug exceptions that the
	 * instruction causes stay pending. A fault is not delivered but reported in {@link #fault()}; INT n, INT3, INTO and
	 * INT1 do deliver their event, as that is what they do.
	 */
	public RunOutcome emulateOne() {
		return engine.emulateOne();
	}

	/**
	 * As {@link #emulateOne} in a bottom context that is entered and left for it. A trap-like exit that the instruction
	 * has asked for comes with it; RF is as an exit between two iterations saves it.
	 */
	public RunOutcome emulateOneIn(Interception context) {
		setInterception(context);
		RunOutcome outcome;
		try {
			outcome = emulateOne();
			system.events.bottom.takeTrap();
		} catch (VmExit exit) {
			outcome = RunOutcome.VM_EXIT;
		}
		state.rflags |= system.events.resumeFlagBetweenIterations();
		setInterception(Interception.NONE);
		return outcome;
	}

	// ---- for routines ----

	/** Segment checks. */
	public SegmentAccess segments() {
		return segments;
	}

	/** String instructions. */
	public StringUnit strings() {
		return strings;
	}

	/** A general register = value, as writes of 8 (low byte), 16, 32 or 64 bits do. */
	public void setGeneral(int register, int bits, long value) {
		state.general[register] = RegisterWidth.merge(bits, state.general[register], value);
	}

	/** Control is where an event that the instruction caused was delivered to. */
	public void delivered() {
		engine.jump(state.rip);
	}

	/** A stack to be opened. */
	public Stack stack() {
		return stack;
	}

	/** Sources and result of the packed instruction that executes. */
	public VectorLane lane() {
		return lane;
	}

	/** Instructions of SVM. */
	public SvmInstructions svm() {
		return svm;
	}

	/** Arithmetic of the x87. */
	public X87Unit x87() {
		return x87;
	}

	/** Values of one routine's own, unspecified at its start. */
	public long[] scratch() {
		return scratch;
	}

	/** RIP of the instruction behind the one that executes. */
	public long nextRip() {
		return engine.nextRip();
	}

	/** #GP(0) unless a near branch may go to the offset: the limit of CS, or in 64-bit mode a canonical address. */
	public void requireCodeOffset(long offset) {
		boolean reachable = state.in64BitMode() ? system.mmu.canonical(offset)
				: Long.compareUnsigned(offset, state.segments[CpuState.CS].limit) <= 0;
		if (!reachable) {
			throw system.fault.generalProtection(0);
		}
	}

	/** Bytes of the instruction that executes, 0 when none does; in the midst of a block RIP itself is behind. */
	public int instructionLength() {
		return engine.instructionLength();
	}

	/** Transfers control to {@code rip}, an offset in the code segment. */
	public void jump(long rip) {
		engine.jump(rip);
	}

	/** For routines in the midst of a block, where RIP need not be that of the instruction. */
	public void makeRipExact() {
		engine.makeRipExact();
	}

	/** Operand {@code index} that the meaning prepared: a value, or a linear address. */
	public long argument(int index) {
		return state.general[Slots.TEMPORARY + index];
	}

	/** Two values that the meaning stores, in place of the first two operands. */
	public void result(long first, long second) {
		state.general[Slots.TEMPORARY] = first;
		state.general[Slots.TEMPORARY + 1] = second;
	}

	/** The value that the meaning stores in the destination, in place of the first operand. */
	public void result(long value) {
		state.general[Slots.TEMPORARY] = value;
	}
}
