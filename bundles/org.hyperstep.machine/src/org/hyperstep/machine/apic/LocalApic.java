/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.machine.apic;

import java.util.ArrayList;
import java.util.List;

import org.hyperstep.machine.bus.Device;
import org.hyperstep.machine.bus.DeviceState;
import org.hyperstep.machine.time.VirtualTime;

/**
 * A local APIC (Intel SDM, chapter "Advanced Programmable Interrupt Controller (APIC)"): what waits for one processor and
 * in which order it is taken. Its registers are reached over {@link ApicRegisters}. Confined to the machine's thread.
 */
@SuppressWarnings("nls")
public final class LocalApic implements Device {
	/** Bits of IA32_APIC_BASE. */
	static final long BASE_BSP = 1 << 8, BASE_X2APIC = 1 << 10, BASE_ENABLE = 1 << 11;
	/** Where the registers are after reset. */
	public static final long DEFAULT_BASE = 0xfee00000L;
	private static final int SOFTWARE_ENABLE = 1 << 8;
	/** The first vector that an APIC may deliver. */
	/** 32-bit words of a register of 256 vectors. */
	public static final int VECTOR_WORDS = 8;
	private static final int FIRST_LEGAL_VECTOR = 16;

	private final int cpu;
	private final VirtualTime time;
	private final ApicBus bus;
	private final AcknowledgeCycle external;
	private final ApicTimer timer;
	private final ApicRegisters registers;

	final ApicAddress address;
	private final RegisterPage page = new RegisterPage();
	final RequestedVectors requested = new RequestedVectors(page);
	final VectorSet inService = new VectorSet(page, ApicRegister.IN_SERVICE);
	final VectorSet levelTriggered = new VectorSet(page, ApicRegister.TRIGGER_MODE);

	private long base;
	int spuriousVector;
	private final LocalVectorTable localVectors = new LocalVectorTable();
	final ErrorStatus errorStatus = new ErrorStatus();
	private boolean lint0;
	private boolean lint1;
	private long lint0Since;
	private final LatchedEvent nmi = new LatchedEvent(PendingInterrupt.Kind.NMI);
	private final LatchedEvent smi = new LatchedEvent(PendingInterrupt.Kind.SMI);
	private final LatchedEvent init = new LatchedEvent(PendingInterrupt.Kind.INIT);
	private final LatchedEvent startup = new LatchedEvent(PendingInterrupt.Kind.STARTUP);

	/**
	 * @param cpu      number of the processor, which is its APIC ID
	 * @param external what answers the acknowledge cycle for an external interrupt
	 */
	public LocalApic(int cpu, VirtualTime time, ApicBus bus, AcknowledgeCycle external) {
		this.cpu = cpu;
		this.time = time;
		this.bus = bus;
		this.external = external;
		this.address = new ApicAddress(cpu);
		this.timer = new ApicTimer(time, () -> triggerLocal(ApicRegister.LVT_TIMER, "local APIC timer"));
		this.registers = new ApicRegisters(this, timer, bus);
		bus.add(this);
		reset();
	}

	/** The memory of its registers, for hardware that virtualizes it. */
	public RegisterPage page() {
		return page;
	}

	/** Looks what such hardware has done since: what it requested is the processor's own message to itself. */
	public void hardwareWasAtWork() {
		requested.lookAgain("IPI from CPU " + cpu, time.now());
	}

	/** The highest vector requested, or 0; and the highest in service, or 0: what such hardware starts from. */
	public int highestRequested() {
		return isEnabled() ? Math.max(0, requested.highest()) : 0;
	}

	public int highestInService() {
		return Math.max(0, inService.highest());
	}

	/** The trigger-mode register's vectors 32·word to 32·word+31. */
	public int levelTriggered(int word) {
		return levelTriggered.word(word);
	}

	/** The MMIO page and the MSRs. */
	public ApicRegisters registers() {
		return registers;
	}

	/** The processor's number, which is its APIC ID. */
	public int cpu() {
		return cpu;
	}

	@Override
	public String name() {
		return "lapic" + cpu;
	}

	@Override
	public void reset() {
		base = DEFAULT_BASE | BASE_ENABLE | (cpu == 0 ? BASE_BSP : 0);
		lint0Since = 0;
		address.resetId();
		resetButBaseAndId();
	}

	/**
	 * The state that firmware hands over in (MultiProcessor Specification, "Virtual Wire Mode"): enabled, external interrupts
	 * through LINT0 of the boot processor, NMI through LINT1.
	 */
	public void enterVirtualWireMode() {
		spuriousVector = SOFTWARE_ENABLE | 0xf;
		if (cpu == 0) {
			setLocalVector(ApicRegister.LVT_LINT0, 0x700);
			setLocalVector(ApicRegister.LVT_LINT1, 0x400);
		}
	}

	private void resetButBaseAndId() {
		address.reset();
		requested.clear();
		inService.clear();
		levelTriggered.clear();
		storeTaskPriority(0);
		spuriousVector = 0xff;
		localVectors.reset();
		errorStatus.reset();
		latchedEvents().forEach(LatchedEvent::clear);
		timer.reset();
		registers.reset();
	}

	private List<LatchedEvent> latchedEvents() {
		return List.of(init, startup, smi, nmi);
	}

	@Override
	public DeviceState state() {
		DeviceState state = new DeviceState().number("base", () -> base, v -> base = v).part("address", address.state())
				.part("irr", requested.state()).part("isr", inService.state()).part("tmr", levelTriggered.state())
				.number("tpr", this::taskPriority, v -> storeTaskPriority((int) v))
				.number("svr", () -> spuriousVector, v -> spuriousVector = (int) v).part("lvt", localVectors.state())
				.flag("lint0", () -> lint0, v -> lint0 = v).flag("lint1", () -> lint1, v -> lint1 = v)
				.number("lint0Since", () -> lint0Since, v -> lint0Since = v).part("esr", errorStatus.state());
		for (LatchedEvent event : latchedEvents()) {
			state.part(event.name(), event.state());
		}
		return state.part("timer", timer.state()).part("registers", registers.state());
	}

	// What the processor asks

	/** Whether {@link #acknowledge()} has an interrupt to give: an external one, or one above the processor's priority. */
	public boolean interruptPending() {
		return externalPending() || highestDeliverable() >= 0;
	}

	/** The highest requested vector whose class is above the processor's priority class, or -1. */
	public int highestDeliverable() {
		int vector = requested.highest();
		return vector >= 0 && isEnabled() && vector >> 4 > processorPriority() >> 4 ? vector : -1;
	}

	/** Whether the 8259 pair's request reaches the processor: directly when the APIC is off, else over LINT0 as ExtINT. */
	public boolean externalPending() {
		if (!lint0) {
			return false;
		}
		return !isEnabled() || !localVectors.isMasked(ApicRegister.LVT_LINT0)
				&& DeliveryMode.of(localVector(ApicRegister.LVT_LINT0)) == DeliveryMode.EXTERNAL;
	}

	/**
	 * Takes the interrupt: runs the acknowledge cycle for an external one, else moves the vector from IRR to ISR. When nothing
	 * can be taken any more, gives the spurious vector and changes nothing.
	 */
	public int acknowledge() {
		if (externalPending()) {
			return external.acknowledge();
		}
		int vector = highestDeliverable();
		if (vector < 0) {
			return spuriousVector & 0xff;
		}
		requested.remove(vector);
		inService.add(vector);
		return vector;
	}

	/**
	 * Takes one certain vector out of turn, from IRR to ISR, whatever the priorities say.
	 *
	 * @return whether it was requested
	 */
	public boolean acknowledge(int vector) {
		if (!requested.contains(vector)) {
			return false;
		}
		requested.remove(vector);
		inService.add(vector);
		return true;
	}

	/** Whether something waits that hardware which virtualizes the APIC does not deliver: all but its own requests. */
	public boolean waitsForSoftware() {
		return nmi.isPending() || smi.isPending() || init.isPending() || startup.isPending() || externalPending();
	}

	public boolean nmiPending() {
		return nmi.isPending();
	}

	public void acknowledgeNmi() {
		nmi.clear();
	}

	public boolean smiPending() {
		return smi.isPending();
	}

	public void acknowledgeSmi() {
		smi.clear();
	}

	public boolean initPending() {
		return init.isPending();
	}

	/** Takes an INIT: resets the APIC but for its base, its ID, and what it was told after the INIT (a SIPI). */
	public void acknowledgeInit() {
		PendingInterrupt started = startup.describe();
		boolean wasStarted = startup.isPending();
		resetButBaseAndId();
		if (wasStarted) {
			startup.raise(started.vector(), started.source(), started.since());
		}
	}

	public boolean startupPending() {
		return startup.isPending();
	}

	/** Takes a start-up message: the processor starts in real mode at {@code vector << 12}. */
	public int acknowledgeStartup() {
		int vector = startup.vector();
		startup.clear();
		return vector;
	}

	/** The interrupt request register's vectors 32·word to 32·word+31; {@code word} below {@link #VECTOR_WORDS}. */
	public int requested(int word) {
		return requested.word(word);
	}

	/** The words of {@link #requested(int)} that may not be zero, a bit each. */
	public int requestedWords() {
		return requested.usedWords();
	}

	/** All that waits, in the order of priority, whether it can be delivered or not. */
	public List<PendingInterrupt> pending() {
		List<PendingInterrupt> all = new ArrayList<>();
		for (LatchedEvent event : latchedEvents()) {
			if (event.isPending()) {
				all.add(event.describe());
			}
		}
		if (externalPending()) {
			all.add(new PendingInterrupt(PendingInterrupt.Kind.EXTERNAL, external.vector(), external.source(),
					lint0Since));
		}
		requested.describe(all);
		return all;
	}

	/** CR8: bits 7:4 of the task priority register. */
	public int taskPriorityClass() {
		return taskPriority() >> 4;
	}

	int taskPriority() {
		return page.get(ApicRegister.TASK_PRIORITY.offset()) & 0xff;
	}

	private void storeTaskPriority(int priority) {
		page.set(ApicRegister.TASK_PRIORITY.offset(), priority);
	}

	/** A write of CR8, 0 to 15; clears the sub-class. */
	public void setTaskPriorityClass(int priorityClass) {
		setTaskPriority(priorityClass << 4);
	}

	/** PPR (Intel SDM, "Task and Processor Priorities"). */
	public int processorPriority() {
		int highest = Math.max(0, inService.highest());
		int priority = taskPriority();
		return priority >> 4 >= highest >> 4 ? priority : highest & 0xf0;
	}

	// What comes in

	/**
	 * Takes a message meant for this processor.
	 *
	 * @return whether it was accepted
	 */
	public boolean accept(DeliveryMode mode, int vector, boolean level, String source) {
		if (!isEnabled()) {
			return false;
		}
		return switch (mode) {
			case FIXED, LOWEST_PRIORITY -> request(vector, level, source);
			case SMI -> latch(smi, -1, source);
			case NMI -> latch(nmi, -1, source);
			case INIT -> latch(init, -1, source);
			case STARTUP -> latch(startup, vector, source);
			// Intel SDM, "Interrupt Command Register (ICR)": not sent over the bus.
			case EXTERNAL, RESERVED -> false;
		};
	}

	/** An NMI that does not come by message or pin, such as one that a user asks for. */
	public void raiseNmi(String source) {
		latch(nmi, -1, source);
	}

	/** A system-management interrupt that does not come by message, such as one that a user asks for. */
	public void raiseSmi(String source) {
		latch(smi, -1, source);
	}

	void setLint0(boolean asserted) {
		boolean rising = asserted && !lint0;
		lint0 = asserted;
		if (rising) {
			lint0Since = time.now();
			pin(ApicRegister.LVT_LINT0, "LINT0");
		}
	}

	void setLint1(boolean asserted) {
		boolean rising = asserted && !lint1;
		lint1 = asserted;
		if (rising) {
			pin(ApicRegister.LVT_LINT1, "LINT1");
		}
	}

	private void pin(ApicRegister row, String source) {
		if (isEnabled() && DeliveryMode.of(localVector(row)) != DeliveryMode.EXTERNAL) {
			triggerLocal(row, source);
		} else if (isEnabled() || row == ApicRegister.LVT_LINT0) {
			bus.callAttention(cpu);
		} else {
			latch(nmi, -1, source);
		}
	}

	private void triggerLocal(ApicRegister row, String source) {
		int entry = localVector(row);
		if (!localVectors.isMasked(row)) {
			accept(row == ApicRegister.LVT_TIMER || row == ApicRegister.LVT_ERROR ? DeliveryMode.FIXED
					: DeliveryMode.of(entry), entry & 0xff, false, source);
		}
	}

	private boolean request(int vector, boolean level, String source) {
		if (!isSoftwareEnabled()) {
			return false;
		}
		if (vector < FIRST_LEGAL_VECTOR) {
			note(ErrorStatus.RECEIVED_ILLEGAL_VECTOR);
			return false;
		}
		requested.add(vector, source, time.now());
		if (level) {
			levelTriggered.add(vector);
		} else {
			levelTriggered.remove(vector);
		}
		bus.callAttention(cpu);
		return true;
	}

	private boolean latch(LatchedEvent event, int vector, String source) {
		event.raise(vector, source, time.now());
		bus.callAttention(cpu);
		return true;
	}

	/** Notes an error; the first of a kind triggers the error interrupt. */
	void note(int error) {
		if (errorStatus.note(error)) {
			triggerLocal(ApicRegister.LVT_ERROR, "local APIC error");
		}
	}

	// What the registers do

	/** EOI: the interrupt of the highest priority in service is at its end. */
	public void endOfInterrupt() {
		int vector = inService.highest();
		if (vector < 0) {
			return;
		}
		inService.remove(vector);
		endOfLevelInterrupt(vector);
		callIfDeliverable();
	}

	/** The end of an interrupt that is out of service already; tells the I/O APIC of a level-triggered one. */
	public void endOfLevelInterrupt(int vector) {
		if (levelTriggered.contains(vector)) {
			bus.endOfLevelInterrupt(vector);
		}
	}

	/** A lower priority may let an interrupt through that waits; without one nobody needs to look. */
	private void callIfDeliverable() {
		if (interruptPending()) {
			bus.callAttention(cpu);
		}
	}

	void setTaskPriority(int priority) {
		storeTaskPriority(priority);
		callIfDeliverable();
	}

	void setSpuriousVector(int value) {
		spuriousVector = value;
		if (!isSoftwareEnabled()) {
			localVectors.maskAll();
		}
	}

	int localVector(ApicRegister row) {
		return localVectors.get(row);
	}

	/** Intel SDM, "Local APIC State After It Has Been Software Disabled": entries stay masked then. */
	void setLocalVector(ApicRegister row, int value) {
		localVectors.set(row, isSoftwareEnabled() ? value : value | LocalVectorTable.MASKED);
		if (row == ApicRegister.LVT_TIMER) {
			timer.setMode(ApicTimer.Mode.of(value));
		} else if (row == ApicRegister.LVT_LINT0) {
			callIfDeliverable();
		}
	}

	boolean isSoftwareEnabled() {
		return isEnabled() && (spuriousVector & SOFTWARE_ENABLE) != 0;
	}

	/** Whether IA32_APIC_BASE enables it. */
	public boolean isEnabled() {
		return (base & BASE_ENABLE) != 0;
	}

	/** Whether it is in x2APIC mode. */
	public boolean isX2apic() {
		return (base & BASE_X2APIC) != 0;
	}

	/** IA32_APIC_BASE. */
	public long base() {
		return base;
	}

	/**
	 * A write of IA32_APIC_BASE (Intel SDM, "x2APIC State Transitions"). The caller checks the bits beyond the physical address
	 * width and follows the page to its new place.
	 *
	 * @return false if the write is to raise #GP
	 */
	public boolean setBase(long value) {
		boolean enable = (value & BASE_ENABLE) != 0;
		boolean x2 = (value & BASE_X2APIC) != 0;
		boolean illegal = x2 && (!enable || !isEnabled()) || enable && isX2apic() && !x2;
		if (illegal || (value & 0x2ff) != 0) {
			return false;
		}
		boolean modeChanges = ((value ^ base) & (BASE_ENABLE | BASE_X2APIC)) != 0;
		base = value;
		if (modeChanges && !enable) {
			resetButBaseAndId();
			address.resetId();
		}
		return true;
	}

	/** IA32_TSC_DEADLINE. */
	public long tscDeadline() {
		return timer.tscDeadline();
	}

	public void setTscDeadline(long deadline) {
		timer.setTscDeadline(deadline);
	}

	/** Says by how much the processor's time-stamp counter is ahead of virtual time. */
	public void setTimeStampOffset(long offset) {
		timer.setTimeStampOffset(offset);
	}

	boolean isDestination(boolean logical, int destination) {
		return address.isDestination(isX2apic(), logical, destination);
	}
}
