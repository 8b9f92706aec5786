/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.system;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.event.EventArbiter;
import org.hyperstep.x86.event.EventArbiter.BreakpointsUnderMovSs;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.InnerStack;
import org.hyperstep.x86.memory.AddressMonitor;
import org.hyperstep.x86.memory.DescriptorMemory;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.PhysicalMemory;
import org.hyperstep.x86.memory.Stack;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.system.ProcessorModel.Vendor;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.Interception;

/**
 * The system side of one processor: memory management, events, and the instructions that change modes, segments and
 * system registers. Owned by the processor, used on the machine's thread.
 * <p>
 * Common rules of the instruction classes below: a method is called with RIP at the instruction and exact RFLAGS; it
 * checks privilege, asks the intercepts in the manuals' order, and may throw GuestFault or VmExit having changed
 * nothing. Methods that transfer control return the new RIP; they have not stored it.
 */
public final class SystemUnit {
	public final CpuState state;
	public final ProcessorModel model;
	public final Clock clock;
	/** The processor's only fault object. */
	public final GuestFault fault = new GuestFault();
	public final Mmu mmu;
	public final EventArbiter events;
	/** MOV, POP and the far loads of data segments and SS. */
	public final SegmentLoads segmentLoads;
	/** Hardware task switches. */
	final TaskSwitch taskSwitch;
	/** SMI and RSM. */
	public final SystemManagement systemManagement;
	/** Far JMP, CALL and RET. */
	public final FarTransfers farTransfers;
	/** IRET. */
	public final InterruptReturn interruptReturn;
	/** SYSCALL, SYSRET, SYSENTER, SYSEXIT, SWAPGS. */
	public final FastSystemCalls fastSystemCalls;
	/** GDTR, IDTR, LDTR, TR; LAR, LSL, VERR, VERW, ARPL. */
	public final DescriptorTables descriptorTables;
	/** MOV CR, CLTS, LMSW, SMSW, XSETBV. */
	public final ControlRegisters controlRegisters;
	/** MOV DR. */
	public final DebugRegisters debugRegisters;
	/** RDMSR, WRMSR. */
	public final ModelSpecificRegisters modelSpecificRegisters;
	/** PUSHF, POPF, STI, CLI, CLAC, STAC. */
	public final FlagInstructions flagInstructions;
	/** CPUID, HLT, INVLPG, RDTSC and the other small ones; permission of ports. */
	public final PrivilegedInstructions privilegedInstructions;

	/** What MONITOR arms. */
	public final AddressMonitor monitor;
	final DescriptorMemory descriptors;
	final InnerStack innerStack;
	final Stack stack;
	/** Where AVIC's doorbell messages go. */
	public Doorbell doorbell = Doorbell.NONE;
	/** The contexts of virtualization in force. */
	public final ContextStack contexts = new ContextStack(this::contextsChanged);
	private Interception interception = Interception.NONE;
	private @Nullable InnerContext contextBefore;

	/** Makes the system side of one processor, in its state after {@link #reset}. */
	public SystemUnit(CpuState state, ProcessorModel model, PhysicalMemory memory, Clock clock) {
		this.state = state;
		this.model = model;
		this.clock = clock;
		mmu = new Mmu(state, memory, fault, model.physicalAddressBits());
		monitor = new AddressMonitor(memory);
		events = new EventArbiter(state, mmu, fault,
				model.vendor() == Vendor.INTEL ? BreakpointsUnderMovSs.HELD_OFF : BreakpointsUnderMovSs.TAKEN);
		events.onDelivery(monitor::disarm);
		descriptors = new DescriptorMemory(state, mmu);
		innerStack = new InnerStack(state, mmu, fault, descriptors);
		stack = new Stack(state, mmu, fault);
		segmentLoads = new SegmentLoads(this);
		systemManagement = new SystemManagement(this);
		taskSwitch = new TaskSwitch(this);
		events.delivery.setTaskGates(taskSwitch::throughGate);
		farTransfers = new FarTransfers(this);
		interruptReturn = new InterruptReturn(this);
		fastSystemCalls = new FastSystemCalls(this);
		descriptorTables = new DescriptorTables(this);
		controlRegisters = new ControlRegisters(this);
		debugRegisters = new DebugRegisters(this);
		modelSpecificRegisters = new ModelSpecificRegisters(this);
		flagInstructions = new FlagInstructions(this);
		privilegedInstructions = new PrivilegedInstructions(this);
		reset();
	}

	/** The registers after RESET ("Processor State After Reset"). Time goes on. */
	public void reset() {
		contexts.drop();
		monitor.disarm();
		ResetState.apply(state, model);
		modelSpecificRegisters.reset();
		stateReplaced();
	}

	/** The registers after INIT: what RESET sets, but for what INIT leaves alone. */
	public void initialize() {
		contexts.drop();
		monitor.disarm();
		ResetState.initialize(state, model);
		stateReplaced();
	}

	/** The context that intercepts. */
	public Interception interception() {
		return interception;
	}

	/**
	 * Enters or leaves the bottom context, flushing nothing. The caller loads the registers before, and calls
	 * {@link #stateReplaced} where translations that the TLB holds are not those of the context; after a guest, plain
	 * operation goes on only behind such a call.
	 */
	public void setInterception(Interception context) {
		contexts.setBottom(context);
	}

	/** A guest hypervisor's VM entries and VM exits "clear any existing address-range monitoring". */
	private void contextsChanged(ContextStack stack) {
		if (stack.inner() != contextBefore) {
			contextBefore = stack.inner();
			monitor.disarm();
		}
		interception = stack.top();
		mmu.setInterception(interception);
		events.setContexts(stack);
	}

	/** The registers were changed as a whole: VM entry, VM exit, reset, a debugger's write. */
	public void stateReplaced() {
		mmu.stateReplaced();
		events.stateReplaced();
	}

	/** Sets the current privilege level; everything that depends on it follows. */
	void setPrivilegeLevel(int level) {
		state.cpl = level;
		mmu.privilegeChanged();
	}

	/** #GP(0) unless CPL is 0. */
	void requirePrivilege() {
		if (state.cpl != 0) {
			throw fault.generalProtection(0);
		}
	}

	/** #UD in real-address and virtual-8086 mode. */
	void requireProtectedMode() {
		if (!state.protectedMode() || state.virtual8086()) {
			throw fault.undefinedInstruction();
		}
	}

	/**
	 * #GP(0) unless the processor can hold the address: bases and model-specific registers take what is canonical with the
	 * largest number of paging levels that there are, whatever CR4.LA57 says.
	 */
	public void requireHeld(long linear) {
		int unused = 64 - model.linearAddressBits();
		if (linear << unused >> unused != linear) {
			throw fault.generalProtection(0);
		}
	}

	/** #GP(0) unless the address is canonical. */
	void requireCanonical(long linear) {
		if (!mmu.canonical(linear)) {
			throw fault.generalProtection(0);
		}
	}
}
