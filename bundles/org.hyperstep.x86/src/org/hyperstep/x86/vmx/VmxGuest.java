/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmcsField.*;
import static org.hyperstep.x86.vmx.VmxControl.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.MmioDevice;
import org.hyperstep.x86.memory.TranslationContext;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * VMX non-root operation under one VMCS: which events and instructions cause VM exits, and the information that an
 * exit records (Intel SDM, "VMX Non-Root Operation", "VM Exits").
 */
class VmxGuest implements Interception {
	private static final InterceptedInstruction[] INSTRUCTIONS = InterceptedInstruction.values();
	private static final long VALID = 1L << 31;
	private static final int ERROR_CODE_VALID = 1 << 11;
	/** In interruption information and in exit qualifications. */
	private static final int NMI_UNBLOCKING_DUE_TO_IRET = 1 << 12;
	/** B3:B0, BD, BS in the exit qualification of debug exceptions. */
	private static final long DEBUG_STATUS = 0x600f, BD = 1 << 13;
	/** Bits of the exit qualification of EPT violations. */
	private static final int LINEAR_ADDRESS_VALID = 1 << 7, FINAL_TRANSLATION = 1 << 8;

	final Vmcs vmcs;
	final Processor processor;
	final CpuState state;
	/** Memory that the addresses of the VMCS are in. */
	final LowerMemory memory;
	/** What is thrown for an exit: to the bottom, or to a guest hypervisor. */
	private final VmExit signal;
	private final PageModificationLog log;
	private final EptWalk ept;
	private final VirtualizationException virtualizationException;
	private final PauseLoop pauseLoop;
	private final VmFunctions functions;
	private final ControlRegisterAccess controlRegisters;
	private final GuestBitmaps bitmaps;
	private final VirtualApic virtualApic;
	private final ApicAccess apicAccess;
	private final InstructionInformation instructionInformation;
	/** The page whose accesses are virtualized, or -1. */
	private long apicAccessPage = -1;
	private boolean ownPage;

	/** The event in delivery, as IDT-vectoring information; 0 when none. */
	private long delivering;
	private int deliveringErrorCode;
	private int deliveringLength;
	/** Retired instructions at which the VMX-preemption timer expires. */
	long preemptionDeadline = Long.MAX_VALUE;

	/** The software below executes the next task switch with the processor's meaning, in place of an emulation of its own. */
	boolean passesTaskSwitch;
	private DeliveryObserver observer = DeliveryObserver.NONE;
	private boolean usesEpt;
	private long eptPointer;
	private long exceptionBitmap;
	/** VPID, or 0 where there is none. */
	private long vpid;
	/** An exit saves all that the next entry loads. */
	private boolean keepsRegisters;
	private boolean usesPreemptionTimer;
	private boolean usesMsrAreas;
	private int eptPermissions = READ | WRITE | EXECUTE;
	/** {@link Vmcs#controlChanges} when the controls were taken over. */
	private int controlsSeen = -1;
	/** Instructions that the controls have something to say about, a bit each. */
	private long concerned;

	/** Makes the context of the bottom. */
	VmxGuest(Processor processor, Vmcs vmcs) {
		this(processor, vmcs, new LowerMemory(processor.mmu().physical(), processor.contexts(), false), VmExit.SIGNAL);
	}

	VmxGuest(Processor processor, Vmcs vmcs, LowerMemory memory, VmExit signal) {
		this.signal = signal;
		this.memory = memory;
		this.processor = processor;
		this.vmcs = vmcs;
		state = processor.state();
		log = new PageModificationLog(vmcs, memory);
		ept = new EptWalk(memory, log);
		virtualizationException = new VirtualizationException(vmcs, state, memory);
		pauseLoop = new PauseLoop(vmcs);
		functions = new VmFunctions(vmcs, processor, memory);
		controlRegisters = new ControlRegisterAccess(this, processor);
		bitmaps = new GuestBitmaps(vmcs, memory);
		virtualApic = new VirtualApic(vmcs, memory,
				signal == VmExit.INNER ? processor.events().inner : processor.events().bottom);
		apicAccess = new ApicAccess(this, virtualApic);
		instructionInformation = new InstructionInformation(processor);
	}

	/** Takes over what the VMCS says; at each VM entry. */
	void refresh(DeliveryObserver deliveryObserver) {
		observer = deliveryObserver;
		delivering = 0;
		pauseLoop.entered();
		virtualApic.refresh(observer);
		if (apicAccessPage >= 0) {
			apicPage();
		}
		if (controlsSeen != vmcs.controlChanges()) {
			controlsSeen = vmcs.controlChanges();
			takeControls();
		}
	}

	private void takeControls() {
		usesEpt = vmcs.has(ENABLE_EPT);
		eptPointer = vmcs.read(EPT_POINTER);
		ept.setModeBased(vmcs.has(MODE_BASED_EXECUTE_CONTROL));
		exceptionBitmap = vmcs.read(EXCEPTION_BITMAP);
		bitmaps.refresh();
		log.refresh();
		apicAccessPage = vmcs.has(VIRTUALIZE_APIC_ACCESSES) ? vmcs.read(APIC_ACCESS_ADDRESS) : -1;
		controlRegisters.refresh();
		vpid = vmcs.has(ENABLE_VPID) ? vmcs.read(VIRTUAL_PROCESSOR_IDENTIFIER) : 0;
		keepsRegisters = GuestStateArea.savesWhatIsLoaded(vmcs);
		usesPreemptionTimer = vmcs.has(ACTIVATE_VMX_PREEMPTION_TIMER);
		usesMsrAreas = (vmcs.read(VM_ENTRY_MSR_LOAD_COUNT) | vmcs.read(VM_EXIT_MSR_STORE_COUNT)) != 0;
		concerned = 0;
		for (InterceptedInstruction instruction : INSTRUCTIONS) {
			concerned |= concerns(instruction) ? 1L << instruction.ordinal() : 0;
		}
	}

	/** Whether an instruction may exit with these controls. */
	private boolean concerns(InterceptedInstruction instruction) {
		InstructionExit row = InstructionExit.of(instruction);
		return instruction == InterceptedInstruction.ICEBP || row != null && row.asked(vmcs)
				|| row == InstructionExit.PAUSE && vmcs.has(PAUSE_LOOP_EXITING);
	}

	/** Whose translations are used: VPID, and EPT pointer; 0 where there is none. */
	long vpid() {
		return vpid;
	}

	long eptPointer() {
		return usesEpt ? eptPointer : 0;
	}

	/** Whose translations this guest uses. */
	TranslationContext translationContext() {
		return new TranslationContext(vpid, eptPointer(), vmcs.secondaryControls(), apicAccessPage);
	}

	boolean keepsRegisters() {
		return keepsRegisters;
	}

	boolean usesPreemptionTimer() {
		return usesPreemptionTimer;
	}

	boolean usesMsrAreas() {
		return usesMsrAreas;
	}

	// ---- exits ----

	/** Records an exit; the caller throws what is returned. */
	VmExit exit(VmExitReason reason, long qualification) {
		return record(reason.number(), qualification, 0, 0, 0);
	}

	/** Records an exit of the instruction in progress, with its length. */
	VmExit instructionExit(VmExitReason reason, long qualification, long information) {
		return record(reason.number(), qualification, instructionLength(), information, 0);
	}

	private int instructionLength() {
		return processor.instructionLength();
	}

	VmExit record(long reason, long qualification, int length, long instruction, long interruption) {
		vmcs.store(EXIT_REASON, reason);
		vmcs.store(EXIT_QUALIFICATION, qualification);
		vmcs.store(VM_EXIT_INSTRUCTION_LENGTH, length);
		vmcs.store(VM_EXIT_INSTRUCTION_INFORMATION, instruction);
		vmcs.store(VM_EXIT_INTERRUPTION_INFORMATION, interruption);
		recordVectoring();
		return signal;
	}

	/** "Information for VM Exits During Event Delivery". */
	private void recordVectoring() {
		vmcs.store(IDT_VECTORING_INFORMATION, delivering);
		if (delivering != 0) {
			vmcs.store(IDT_VECTORING_ERROR_CODE, deliveringErrorCode & 0xffff_ffffL);
			if (deliveringLength != 0) {
				vmcs.store(VM_EXIT_INSTRUCTION_LENGTH, deliveringLength);
			}
		}
		delivering = 0;
	}

	// ---- second level ----

	VirtualApic virtualApic() {
		return virtualApic;
	}

	ApicAccess apicAccess() {
		return apicAccess;
	}

	/** The device behind the APIC-access page. */
	MmioDevice apicDevice() {
		return apicAccess;
	}

	/** Whether an event is being delivered. */
	boolean delivers() {
		return delivering != 0;
	}

	@Override
	public long translate(long guestPhysical, int access, long linear, boolean forWalk) {
		long translated = translateByEpt(guestPhysical, access, linear, forWalk);
		ownPage = false;
		return apicAccessPage >= 0 && (translated & -4096L) == apicAccessPage ? atApicPage(translated, access)
				: translated;
	}

	/** Where translations to the APIC-access page lead; those that there are lead to this guest's registers then. */
	private long apicPage() {
		return processor.apicPage().page(apicAccess, signal);
	}

	/** An access to the APIC-access page: not to memory. */
	private long atApicPage(long address, int access) {
		if ((access & EXECUTE) != 0) {
			apicAccess.fetched((int) address & 0xfff);
		}
		eptPermissions &= ~EXECUTE;
		ownPage = true;
		return apicPage() | address & 0xfff;
	}

	@Override
	public boolean ownPage() {
		return ownPage;
	}

	private long translateByEpt(long guestPhysical, int access, long linear, boolean forWalk) {
		if (!usesEpt) {
			eptPermissions = READ | WRITE | EXECUTE;
			return guestPhysical;
		}
		// With accessed and dirty flags the walk's accesses to guest paging structures are treated as writes; and what
		// sets the guest's own flags there is read, modified and written.
		boolean modifies = forWalk && ((access & WRITE) != 0 || (eptPointer & 1 << 6) != 0);
		int wanted = modifies ? access | READ | WRITE : access;
		boolean user = !forWalk && processor.mmu().translatesUserPage();
		switch (ept.walk(eptPointer, guestPhysical, wanted, user)) {
			case TRANSLATED:
				eptPermissions = ept.permissions;
				return ept.hostPhysical;
			case VIOLATION:
				throw violation(guestPhysical, linear, wanted | ept.allowed << 3 | LINEAR_ADDRESS_VALID
						| (forWalk ? 0 : FINAL_TRANSLATION) | unblocking());
			case LOG_FULL:
				throw exit(VmExitReason.PAGE_MODIFICATION_LOG_FULL, unblocking());
			case MISCONFIGURATION:
			default:
				vmcs.store(GUEST_PHYSICAL_ADDRESS, guestPhysical);
				throw exit(VmExitReason.EPT_MISCONFIGURATION, 0);
		}
	}

	/** "NMI unblocking due to IRET": the instruction that exits has removed the blocking, which its repetition needs. */
	private int unblocking() {
		return state.interruptibility.unblockedByIret ? NMI_UNBLOCKING_DUE_TO_IRET : 0;
	}

	/** "EPT Violations": a VM exit, or #VE. */
	private RuntimeException violation(long guestPhysical, long linear, long qualification) {
		if (virtualizationException.replaces(ept.suppressesException, delivering != 0, qualification, linear,
				guestPhysical)) {
			return processor.fault().raise(Vector.VE, GuestFault.NO_ERROR_CODE, 0);
		}
		vmcs.store(GUEST_PHYSICAL_ADDRESS, guestPhysical);
		vmcs.store(GUEST_LINEAR_ADDRESS, linear);
		return exit(VmExitReason.EPT_VIOLATION, qualification);
	}

	@Override
	public long translateForDebugger(long guestPhysical) {
		return usesEpt ? ept.look(eptPointer, guestPhysical) : guestPhysical;
	}

	@Override
	public int pagePermissions() {
		return eptPermissions;
	}

	// ---- events ----

	@Override
	public void exception(int vector, int errorCode, long payload, boolean software) {
		if (!exits(vector, errorCode)) {
			return;
		}
		int type = software ? EventType.SOFTWARE_EXCEPTION : EventType.HARDWARE_EXCEPTION;
		leaveForException(vector, type, errorCode, payload, software ? instructionLength() : 0);
	}

	/** "Exceptions": page faults compare the error code with mask and match first. */
	private boolean exits(int vector, int errorCode) {
		boolean bit = (exceptionBitmap >>> vector & 1) != 0;
		if (vector != Vector.PF) {
			return bit;
		}
		boolean match = (errorCode & vmcs.read(PAGE_FAULT_ERROR_CODE_MASK)) == vmcs.read(PAGE_FAULT_ERROR_CODE_MATCH);
		return match == bit;
	}

	private void leaveForException(int vector, int type, int errorCode, long payload, int length) {
		boolean hasErrorCode = errorCode >= 0;
		long qualification = vector == Vector.PF ? payload : vector == Vector.DB ? payload & DEBUG_STATUS : 0;
		saveResumeFlag(type == EventType.HARDWARE_EXCEPTION && (vector != Vector.DB || (payload & BD) != 0));
		if (vector == Vector.DF) {
			// "The original event results in a double-fault exception that causes the VM exit directly".
			delivering = 0;
		}
		VmExit exit = record(VmExitReason.EXCEPTION_OR_NMI.number(), qualification, length, 0,
				VALID | (hasErrorCode ? ERROR_CODE_VALID : 0) | unblocking() | (long) type << 8 | vector);
		vmcs.store(VM_EXIT_INTERRUPTION_ERROR_CODE, hasErrorCode ? errorCode : 0);
		throw exit;
	}

	/**
	 * "Saving RIP, RSP, RFLAGS, and SSP": RF is saved as delivery would have pushed it. Between iterations of a repeated
	 * instruction the entry code adds it.
	 */
	private void saveResumeFlag(boolean set) {
		state.rflags = set ? state.rflags | CpuState.RF : state.rflags & ~CpuState.RF;
	}

	@Override
	public void tripleFault() {
		delivering = 0;
		throw exit(VmExitReason.TRIPLE_FAULT, 0);
	}

	@Override
	public @Nullable VmExit hostInterrupt() {
		if (processor.retired() >= preemptionDeadline) {
			return exit(VmExitReason.VMX_PREEMPTION_TIMER_EXPIRED, 0);
		}
		if (vmcs.has(EXTERNAL_INTERRUPT_EXITING)) {
			long acknowledged = vmcs.has(ACKNOWLEDGE_INTERRUPT_ON_EXIT) ? VALID | Vmx.HOST_INTERRUPT_VECTOR : 0;
			return record(VmExitReason.EXTERNAL_INTERRUPT.number(), 0, 0, 0, acknowledged);
		}
		return null;
	}

	@Override
	public void deliveryBegins(int vector, int type, int errorCode, int length) {
		delivering = VALID | (errorCode >= 0 ? ERROR_CODE_VALID : 0) | (long) type << 8 | vector;
		deliveringErrorCode = errorCode;
		deliveringLength = type >= EventType.SOFTWARE_INTERRUPT && type <= EventType.SOFTWARE_EXCEPTION ? length : 0;
	}

	@Override
	public void deliveryEnds() {
		int vector = (int) delivering & 0xff;
		int type = (int) (delivering >> 8) & 7;
		delivering = 0;
		observer.delivered(vector, type, deliveringErrorCode);
	}

	@Override
	public void deliveryAbandoned() {
		delivering = 0;
	}

	@Override
	public @Nullable VmExit monitorTrap() {
		return exit(VmExitReason.MONITOR_TRAP_FLAG, 0);
	}

	@Override
	public void trap(int reason, long qualification) {
		throw record(reason, qualification, 0, 0, 0);
	}

	@Override
	public boolean ownsMsr(int index, boolean write) {
		return apicAccess.owns(index, write);
	}

	@Override
	public long readMsr(int index) {
		return apicAccess.readMsr(index);
	}

	@Override
	public void writeMsr(int index, long value) {
		apicAccess.writeMsr(index, value);
	}

	@Override
	public boolean ownsTaskPriority() {
		return virtualApic.shadowsTpr();
	}

	@Override
	public void virtualInterrupt() {
		InnerContext guestOfGuest = signal == VmExit.SIGNAL ? processor.contexts().inner() : null;
		if (guestOfGuest == null || !guestOfGuest.interruptExits()) {
			processor.events().delivery.hardwareInterrupt(virtualApic.deliver());
			return;
		}
		int vector = guestOfGuest.acknowledgesInterrupt() ? virtualApic.deliver() : -1;
		if (vector >= 0 && guestOfGuest.takesPostedInterrupt(vector)) {
			virtualApic.virtualizeEoi();
			return;
		}
		guestOfGuest.noteInterrupt(vector);
		throw VmExit.INNER;
	}

	@Override
	public void interruptWindow() {
		throw exit(VmExitReason.INTERRUPT_WINDOW, 0);
	}

	@Override
	public void nmiWindow() {
		throw exit(VmExitReason.NMI_WINDOW, 0);
	}

	@Override
	public void taskSwitch(int selector, int source) {
		if (passesTaskSwitch) {
			passesTaskSwitch = false;
			return;
		}
		boolean byEvent = delivering != 0;
		throw record(VmExitReason.TASK_SWITCH.number(), selector & 0xffff | (long) source << 30,
				byEvent ? 0 : instructionLength(), 0, 0);
	}

	// ---- instructions ----

	@Override
	public void instruction(InterceptedInstruction instruction, int length, long information) {
		if ((concerned >>> instruction.ordinal() & 1) == 0) {
			return;
		}
		if (instruction == InterceptedInstruction.ICEBP) {
			if (exits(Vector.DB, -1)) {
				leaveForException(Vector.DB, EventType.PRIVILEGED_SOFTWARE_EXCEPTION, -1, 0, length);
			}
			return;
		}
		InstructionExit row = InstructionExit.of(instruction);
		if (row != null && asks(row) && !(vmcs.nesting && row.ofVmx()) && bitmapAsks(instruction, information)) {
			long decoded = instructionInformation.of(instruction);
			boolean informs = instruction == InterceptedInstruction.INVLPG
					|| instruction == InterceptedInstruction.MWAIT;
			throw record(row.reason().number(), informs ? information : instructionInformation.qualification, length,
					decoded,
					0);
		}
	}

	private boolean asks(InstructionExit row) {
		if (row == InstructionExit.PAUSE && !vmcs.has(PAUSE_EXITING)) {
			return vmcs.has(PAUSE_LOOP_EXITING) && state.cpl == 0 && pauseLoop.exits(processor.timeStampCounter());
		}
		return row.asked(vmcs);
	}

	/**
	 * What decides beside a control. XSAVES and XRSTORS exit for components of the XSS-exiting bitmap;
	 * {@code information} are those asked for and enabled. For VMREAD and VMWRITE it is the field's encoding.
	 */
	private boolean bitmapAsks(InterceptedInstruction instruction, long information) {
		return switch (instruction) {
			case XSAVES, XRSTORS -> (information & vmcs.read(XSS_EXITING_BITMAP)) != 0;
			case VMREAD -> !vmcs.has(VMCS_SHADOWING) || bitmaps.fieldExits(VMREAD_BITMAP_ADDRESS, information);
			case VMWRITE -> !vmcs.has(VMCS_SHADOWING) || bitmaps.fieldExits(VMWRITE_BITMAP_ADDRESS, information);
			case VMFUNC -> !invokesFunction();
			default -> true;
		};
	}

	private boolean invokesFunction() {
		boolean invoked = functions.invoke();
		eptPointer = vmcs.read(EPT_POINTER);
		return invoked;
	}

	/** "Changes to Instruction Behavior in VMX Non-Root Operation": undefined unless a control enables them. */
	@Override
	public void requireEnabled(InterceptedInstruction instruction) {
		VmxControl enabling = switch (instruction) {
			case RDTSCP, RDPID -> ENABLE_RDTSCP;
			case INVPCID -> ENABLE_INVPCID;
			case XSAVES, XRSTORS -> ENABLE_XSAVES;
			case VMFUNC -> vmcs.nesting ? null : ENABLE_VM_FUNCTIONS;
			default -> null;
		};
		if (enabling != null && !vmcs.has(enabling)) {
			throw processor.fault().undefinedInstruction();
		}
	}

	@Override
	public void descriptorTable(InterceptedInstruction instruction, long information) {
		InstructionExit row = InstructionExit.of(instruction);
		if (row != null && row.asked(vmcs)) {
			long decoded = instructionInformation.of(instruction);
			throw instructionExit(row.reason(), instructionInformation.qualification, decoded);
		}
	}

	/** "Changes to Instruction Behavior in VMX Non-Root Operation": IRET. */
	@Override
	public boolean iretUnblocksNmis() {
		return !vmcs.has(NMI_EXITING) || vmcs.has(VIRTUAL_NMIS);
	}

	@Override
	public long controlRegisterWrite(int register, long value, int generalRegister) {
		return controlRegisters.write(register, value, generalRegister);
	}

	@Override
	public long controlRegisterRead(int register, long value, int generalRegister) {
		return controlRegisters.read(register, value, generalRegister);
	}

	@Override
	public long machineStatusWrite(long newCr0, boolean clts) {
		return controlRegisters.machineStatus(newCr0, clts);
	}

	@Override
	public void debugRegister(int register, boolean write, int generalRegister) {
		if (vmcs.has(MOV_DR_EXITING)) {
			throw instructionExit(VmExitReason.MOV_DR, register | (write ? 0 : 1 << 4) | generalRegister << 8, 0);
		}
	}

	@Override
	public void msr(int index, boolean write) {
		if (bitmaps.msrExits(index, write)) {
			throw instructionExit(write ? VmExitReason.WRMSR : VmExitReason.RDMSR, 0, 0);
		}
	}

	@Override
	public void port(int port, int size, boolean in, boolean string, boolean repeated, boolean immediate,
			int addressSize, int segment, long linear) {
		if (!bitmaps.portExits(port, size)) {
			return;
		}
		long qualification = size - 1 | (in ? 1 << 3 : 0) | (string ? 1 << 4 : 0) | (repeated ? 1 << 5 : 0)
				| (immediate ? 1 << 6 : 0) | (long) port << 16;
		long information = string ? (addressSize >> 5) << 7 | segment << 15 : 0;
		if (string) {
			vmcs.store(GUEST_LINEAR_ADDRESS, linear);
		}
		throw instructionExit(VmExitReason.IO_INSTRUCTION, qualification, information);
	}

	@Override
	public long timeStampOffset() {
		return vmcs.has(USE_TSC_OFFSETTING) ? scaling() + vmcs.read(TSC_OFFSET) : 0;
	}

	/** "Time-Stamp Counter Offsetting and Scaling": what the multiplier, whose point is at bit 48, adds to the counter. */
	private long scaling() {
		if (!vmcs.has(USE_TSC_SCALING)) {
			return 0;
		}
		long counter = processor.timeStampCounter()
				+ (signal == VmExit.INNER ? processor.contexts().bottom().timeStampOffset() : 0);
		long multiplier = vmcs.read(TSC_MULTIPLIER);
		long scaled = Math.unsignedMultiplyHigh(counter, multiplier) << 16 | counter * multiplier >>> 48;
		return scaled - counter;
	}
}
