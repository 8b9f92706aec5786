/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.svm;

import static org.hyperstep.x86.svm.VmcbField.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.Processor;
import org.hyperstep.x86.event.BoundaryExits;
import org.hyperstep.x86.event.EventDelivery;
import org.hyperstep.x86.event.EventType;
import org.hyperstep.x86.event.GuestFault;
import org.hyperstep.x86.event.Vector;
import org.hyperstep.x86.memory.LittleEndian;
import org.hyperstep.x86.memory.Mmu;
import org.hyperstep.x86.memory.RamBank;
import org.hyperstep.x86.state.CpuState;
import org.hyperstep.x86.virtualization.ContextStack;
import org.hyperstep.x86.virtualization.DeliveryObserver;
import org.hyperstep.x86.virtualization.InnerContext;
import org.hyperstep.x86.virtualization.InterceptedInstruction;
import org.hyperstep.x86.virtualization.Interception;
import org.hyperstep.x86.virtualization.VmExit;

/**
 * SVM guest mode under one VMCB: the intercepts, and what #VMEXIT records (AMD APM volume 2, "Secure Virtual Machine").
 */
class SvmGuest implements Interception {
	private static final long VALID = 1L << 31, ERROR_CODE_VALID = 1L << 11;
	private static final long MOV_CR_INSTRUCTION = 1L << 63;
	private static final long BD = 1 << 13;
	/** Nested page fault: of the guest's final address, or of its page tables. */
	private static final long FINAL_ADDRESS = 1L << 32, PAGE_TABLE = 1L << 33;
	private static final long CR0_MP = 2, CR0_TS = 8;
	private static final int TASK_SWITCH_IRET = 1, TASK_SWITCH_JUMP = 2;

	final Vmcb vmcb;
	final Processor processor;
	final CpuState state;
	private final VmExit signal;
	private final NestedWalk nested;
	private final PermissionMaps maps;
	private final PauseFilter pauses;
	private final Avic avic;
	private boolean nestedPaging;
	private boolean ownPage;
	private int permissions = READ | WRITE | EXECUTE;
	/** The event in delivery, as EXITINTINFO; 0 when none. */
	private long delivering;
	private int deliveringType;
	private DeliveryObserver observer = DeliveryObserver.NONE;

	/** A guest under a VMCB; what its exits throw says who completes them. */
	SvmGuest(Processor processor, Vmcb vmcb, VmExit signal) {
		this.processor = processor;
		this.vmcb = vmcb;
		this.signal = signal;
		state = processor.state();
		nested = new NestedWalk(this);
		maps = new PermissionMaps(this);
		pauses = new PauseFilter(vmcb);
		avic = new Avic(this);
	}

	/** Whose guestPhysical addresses the VMCB's own physical addresses are. */
	Interception below() {
		return Interception.NONE;
	}

	/** CR0, CR4 and EFER of the host, which decide about the format of nested page tables. */
	long hostCr0() {
		return CpuState.CR0_PE | CpuState.CR0_PG;
	}

	long hostCr4() {
		return CpuState.CR4_PAE;
	}

	long hostEfer() {
		return CpuState.EFER_LME | CpuState.EFER_LMA | CpuState.EFER_NXE;
	}

	/** Where this context's windows are armed. */
	BoundaryExits boundary() {
		return processor.events().bottom;
	}

	/** Reads a structure that the VMCB points to. */
	long readBelow(long physical, int size) {
		long host = below().translate(physical, READ, 0, true) & Mmu.PHYSICAL_MASK;
		return processor.mmu().physical().read(host, size);
	}

	/** As {@link #readBelow} without any effect; what is no RAM reads as zero. */
	long readBelowQuietly(long physical, int size) {
		long host = below().translateForDebugger(physical);
		RamBank bank = host < 0 ? null : processor.mmu().physical().bankAt(host);
		return bank == null ? 0 : LittleEndian.get(bank.bytes, bank.offset(host), size);
	}

	/** Writes a structure that the VMCB points to. */
	void writeBelow(long physical, int size, long value) {
		long host = below().translate(physical, WRITE, 0, true) & Mmu.PHYSICAL_MASK;
		processor.mmu().physical().write(host, size, value);
	}

	/** Takes over what the VMCB says; at each VMRUN. */
	void refresh(DeliveryObserver deliveryObserver) {
		observer = deliveryObserver;
		nestedPaging = (vmcb.read(NP_ENABLE) & Vmcb.NESTED_PAGING) != 0;
		nested.refresh();
		pauses.begin();
		avic.refresh();
		delivering = 0;
	}

	/** "Event Injection". Software interrupts, INT3 and INTO push nRIP. */
	void injectEvent() {
		long event = vmcb.read(EVENTINJ);
		if ((event & VALID) == 0) {
			return;
		}
		vmcb.write(EVENTINJ, 0);
		int vector = (int) event & 0xff;
		int type = (int) (event >> 8) & 7;
		if (type == EventType.HARDWARE_EXCEPTION && (vector == Vector.BP || vector == Vector.OF)) {
			type = EventType.SOFTWARE_EXCEPTION;
		}
		long next = vmcb.read(NRIP);
		int length = next == 0 ? 0 : (int) (next - state.rip) & 15;
		int errorCode = (event & ERROR_CODE_VALID) != 0 ? (int) (event >>> 32) : GuestFault.NO_ERROR_CODE;
		processor.events().delivery.inject(vector, type, errorCode, length);
	}

	Avic avic() {
		return avic;
	}

	/** Sends a doorbell message to the processor with this physical APIC ID. */
	void ring(int apicId) {
		processor.system().doorbell.ring(apicId);
	}

	/** Arms the window for virtual interrupts: V_IRQ's, or where AVIC is on, those of the backing page. */
	void evaluateVirtualInterrupts() {
		boundary().armVirtualInterrupt(false);
		if (avic.enabled()) {
			boundary().armInterruptWindow(false);
			avic.evaluate();
		} else {
			boundary().armInterruptWindow(Svm.virtualInterruptTakes(vmcb));
		}
	}

	// ---- exits ----

	/** Records an exit; the caller throws what is returned. */
	VmExit exit(int code, long information1, long information2) {
		vmcb.write(EXITCODE, code);
		vmcb.write(EXITINFO1, information1);
		vmcb.write(EXITINFO2, information2);
		vmcb.write(EXITINTINFO, delivering);
		vmcb.write(NRIP, 0);
		delivering = 0;
		return signal;
	}

	/** Records an exit in the place of an access to the APIC's registers; traps leave nRIP zero. */
	VmExit notAccelerated(long information, boolean write) {
		return write && delivering == 0 ? instructionExit(SvmExitCode.AVIC_NOACCEL, information)
				: exit(SvmExitCode.AVIC_NOACCEL.number(), information, 0);
	}

	/** Tells of an interrupt that the guest has requested of itself. */
	void requested(int vector) {
		observer.requested(vector);
	}

	/** Records an exit of the instruction in progress, with the next sequential RIP. */
	private VmExit instructionExit(int code, long information1, long information2) {
		VmExit exit = exit(code, information1, information2);
		vmcb.write(NRIP, processor.nextRip());
		return exit;
	}

	private VmExit instructionExit(SvmExitCode code, long information1) {
		return instructionExit(code.number(), information1, 0);
	}

	// ---- second level ----

	@Override
	public long translate(long guestPhysical, int access, long linear, boolean forWalk) {
		ownPage = false;
		if (!nestedPaging) {
			return guestPhysical;
		}
		// "Nested versus Guest Page Faults, Fault Ordering": the guest's table walk is a write to the nested table.
		int wanted = forWalk ? access | WRITE : access;
		if (!nested.walk(guestPhysical, wanted)) {
			long error = nested.error | NestedWalk.ERROR_USER | ((wanted & WRITE) != 0 ? NestedWalk.ERROR_WRITE : 0)
					| ((wanted & EXECUTE) != 0 && nested.tellsFetch() ? NestedWalk.ERROR_FETCH : 0);
			VmExit exit = exit(SvmExitCode.NPF.number(), error | (forWalk ? PAGE_TABLE : FINAL_ADDRESS), guestPhysical);
			recordInstructionBytes((wanted & EXECUTE) == 0);
			throw exit;
		}
		permissions = nested.permissions;
		// The tables of the guest's own paging are memory, wherever they are.
		ownPage = !forWalk && avic.covers(guestPhysical);
		return ownPage ? atRegisters(guestPhysical, access) : nested.result;
	}

	/** "Virtual APIC Register Accesses": what the nested table maps there says whether, not where. */
	private long atRegisters(long guestPhysical, int access) {
		if ((access & EXECUTE) != 0) {
			avic.fetched(guestPhysical);
		}
		permissions &= ~EXECUTE;
		return processor.apicPage().page(avic, signal) | guestPhysical & 0xfff;
	}

	@Override
	public boolean ownPage() {
		return ownPage;
	}

	@Override
	public long translateForDebugger(long guestPhysical) {
		return nestedPaging ? nested.look(guestPhysical) : guestPhysical;
	}

	@Override
	public int pagePermissions() {
		return permissions;
	}

	// ---- events ----

	/**
	 * "Exception Intercepts". For #DB the guest's DR6 and DR7 are written before the intercept is taken; for #PF CR2 is
	 * not. That of ICEBP is not interceptable as #DB.
	 */
	@Override
	public void exception(int vector, int errorCode, long payload, boolean software) {
		int code = SvmExitCode.EXCP0.number() + vector;
		boolean icebp = software && vector == Vector.DB;
		if (icebp || !vmcb.intercepts(code)) {
			return;
		}
		if (vector == Vector.DB) {
			state.dr6 = EventDelivery.debugStatus(state.dr6, payload);
		}
		boolean resume = !software && (vector != Vector.DB || (payload & BD) != 0);
		state.rflags = resume ? state.rflags | CpuState.RF : state.rflags & ~CpuState.RF;
		long error = errorCode < 0 ? 0 : errorCode & 0xffff_ffffL;
		if (software) {
			throw instructionExit(code, error, 0);
		}
		VmExit exit = exit(code, error, vector == Vector.PF ? payload : 0);
		if (vector == Vector.PF) {
			recordInstructionBytes((errorCode & NestedWalk.ERROR_FETCH) == 0);
		}
		throw exit;
	}

	/** "Decode Assists": the bytes of the instruction whose data access faulted, as many as can be fetched. */
	private void recordInstructionBytes(boolean dataAccess) {
		long low = 0;
		long high = 0;
		int count = 0;
		long linear = state.in64BitMode() ? state.rip : state.rip + state.segments[CpuState.CS].base & 0xffff_ffffL;
		while (dataAccess && count < 15) {
			long host = processor.mmu().translateForDebugger(linear + count);
			if (host == -1) {
				break;
			}
			long value = processor.mmu().physical().read(host, 1);
			if (count < 7) {
				low |= value << 8 * (count + 1);
			} else {
				high |= value << 8 * (count - 7);
			}
			count++;
		}
		vmcb.write(INSTRUCTION_BYTES_LOW, low | count);
		vmcb.write(INSTRUCTION_BYTES_HIGH, high);
	}

	@Override
	public void tripleFault() {
		delivering = 0;
		if (vmcb.intercepts(SvmExitCode.SHUTDOWN)) {
			throw exit(SvmExitCode.SHUTDOWN.number(), 0, 0);
		}
	}

	@Override
	public void floatErrorFreeze() {
		if (vmcb.intercepts(SvmExitCode.FERR_FREEZE)) {
			throw exit(SvmExitCode.FERR_FREEZE.number(), 0, 0);
		}
	}

	@Override
	public @Nullable VmExit hostInterrupt() {
		return vmcb.intercepts(SvmExitCode.INTR) ? exit(SvmExitCode.INTR.number(), 0, 0) : null;
	}

	@Override
	public void deliveryBegins(int vector, int type, int errorCode, int length) {
		// SVM's types: 0 interrupt, 2 NMI, 3 exception, 4 software interrupt; INT3, INTO and ICEBP are exceptions.
		deliveringType = type;
		long kind = type > EventType.SOFTWARE_INTERRUPT ? EventType.HARDWARE_EXCEPTION : type;
		delivering = VALID | kind << 8 | vector
				| (errorCode >= 0 ? ERROR_CODE_VALID | (long) errorCode << 32 : 0);
	}

	@Override
	public void deliveryAbandoned() {
		delivering = 0;
	}

	@Override
	public void deliveryEnds() {
		int vector = (int) delivering & 0xff;
		int errorCode = (delivering & ERROR_CODE_VALID) != 0 ? (int) (delivering >>> 32) : -1;
		delivering = 0;
		observer.delivered(vector, deliveringType, errorCode);
	}

	/** The exit behind an access to the APIC that AVIC could not do as a whole. */
	@Override
	public void trap(int reason, long qualification) {
		throw exit(reason, qualification, avic.trapInformation());
	}

	/** The guest can take one from its backing page now, or its guest hypervisor can. */
	@Override
	public void virtualInterrupt() {
		ContextStack contexts = processor.contexts();
		InnerContext inner = contexts.inner();
		if (signal == VmExit.SIGNAL && inner != null && contexts.interruptExits()) {
			inner.noteInterrupt(-1);
			throw VmExit.INNER;
		}
		int vector = avic.acknowledge();
		if (vector >= 0) {
			processor.events().delivery.hardwareInterrupt(vector);
			avic.evaluate();
		}
	}

	/** "Virtual Interrupts": the guest can take one now. Asked only while V_IRQ is set and its priority suffices. */
	@Override
	public void interruptWindow() {
		if (vmcb.intercepts(SvmExitCode.VINTR)) {
			throw exit(SvmExitCode.VINTR.number(), 0, 0);
		}
		long control = vmcb.read(VIRTUAL_INTERRUPT);
		vmcb.write(VIRTUAL_INTERRUPT, control & ~Vmcb.V_IRQ);
		boundary().armInterruptWindow(false);
		processor.events().delivery.hardwareInterrupt((int) (control >>> 32) & 0xff);
	}

	/** "Virtual NMI": the guest can take one now. Asked only while V_NMI is set. */
	@Override
	public void nmiWindow() {
		ContextStack contexts = processor.contexts();
		InnerContext inner = contexts.inner();
		if (signal == VmExit.SIGNAL && inner != null && contexts.nmiExits()) {
			// It stays requested, for the guest hypervisor to take when it sets GIF.
			inner.noteNmi();
			throw VmExit.INNER;
		}
		vmcb.write(VIRTUAL_INTERRUPT, vmcb.read(VIRTUAL_INTERRUPT) & ~Vmcb.V_NMI);
		boundary().armNmiWindow(false);
		observer.nmiTaken();
		processor.events().delivery.nmi();
	}

	@Override
	public void taskSwitch(int selector, int source) {
		if (vmcb.intercepts(SvmExitCode.TASK_SWITCH)) {
			long cause = source == TASK_SWITCH_IRET ? 1L << 36 : source == TASK_SWITCH_JUMP ? 1L << 38 : 0;
			throw exit(SvmExitCode.TASK_SWITCH.number(), selector & 0xffff, cause);
		}
	}

	// ---- instructions ----

	@Override
	public void instruction(InterceptedInstruction instruction, int length, long information) {
		SvmExitCode code = InstructionIntercept.code(instruction);
		if (code == SvmExitCode.MWAIT && information != 0 && !vmcb.intercepts(code)) {
			// "MWAIT_CONDITIONAL": intercepted only if the monitor hardware is armed.
			code = SvmExitCode.MWAIT_CONDITIONAL;
		}
		if (code == null || !vmcb.intercepts(code)
				|| instruction == InterceptedInstruction.PAUSE && pauses.lets(processor.retired())) {
			return;
		}
		boolean informs = instruction == InterceptedInstruction.INT_N || instruction == InterceptedInstruction.INVLPG;
		VmExit exit = exit(code.number(), informs ? information : 0, 0);
		// RIP itself is behind where the instruction is one in the midst of a block.
		vmcb.write(NRIP, processor.nextRip());
		throw exit;
	}

	@Override
	public void descriptorTable(InterceptedInstruction instruction, long information) {
		SvmExitCode code = InstructionIntercept.code(instruction);
		if (code != null && vmcb.intercepts(code)) {
			throw instructionExit(code, 0);
		}
	}

	@Override
	public long controlRegisterRead(int register, long value, int generalRegister) {
		int code = SvmExitCode.CR0_READ.number() + register;
		if (vmcb.intercepts(code)) {
			boolean move = generalRegister != MACHINE_STATUS_WORD;
			throw instructionExit(code, move ? MOV_CR_INSTRUCTION | generalRegister : 0, 0);
		}
		return register == 8 && ownsTaskPriority() ? vmcb.read(VIRTUAL_INTERRUPT) & 0xf : value;
	}

	@Override
	public long controlRegisterWrite(int register, long value, int generalRegister) {
		int code = SvmExitCode.CR0_WRITE.number() + register;
		if (vmcb.intercepts(code)) {
			throw instructionExit(code, MOV_CR_INSTRUCTION | generalRegister, 0);
		}
		boolean changes = register == 0 && ((value ^ state.cr0) & ~(CR0_TS | CR0_MP)) != 0;
		if (changes && vmcb.intercepts(SvmExitCode.CR0_SEL_WRITE)) {
			throw instructionExit(SvmExitCode.CR0_SEL_WRITE, MOV_CR_INSTRUCTION | generalRegister);
		}
		if (register == 8 && ownsTaskPriority()) {
			setTaskPriority(value & 0xf);
		}
		return value;
	}

	private void setTaskPriority(long priorityClass) {
		if (avic.enabled()) {
			avic.setTaskPriority(priorityClass << 4);
			return;
		}
		vmcb.write(VIRTUAL_INTERRUPT, vmcb.read(VIRTUAL_INTERRUPT) & ~Vmcb.V_TPR | priorityClass);
		boundary().armInterruptWindow(Svm.virtualInterruptTakes(vmcb));
	}

	@Override
	public boolean ownsTaskPriority() {
		return avic.enabled() || (vmcb.read(VIRTUAL_INTERRUPT) & Vmcb.V_INTR_MASKING) != 0;
	}

	@Override
	public long machineStatusWrite(long newCr0, boolean clts) {
		if (vmcb.intercepts(SvmExitCode.CR0_WRITE)) {
			throw instructionExit(SvmExitCode.CR0_WRITE, 0);
		}
		// "Control Register Intercepts": LMSW takes the selective intercept whatever it writes.
		if (!clts && vmcb.intercepts(SvmExitCode.CR0_SEL_WRITE)) {
			throw instructionExit(SvmExitCode.CR0_SEL_WRITE, 0);
		}
		return newCr0;
	}

	@Override
	public void debugRegister(int register, boolean write, int generalRegister) {
		int code = (write ? SvmExitCode.DR0_WRITE : SvmExitCode.DR0_READ).number() + register;
		if (vmcb.intercepts(code)) {
			throw instructionExit(code, generalRegister, 0);
		}
	}

	@Override
	public void msr(int index, boolean write) {
		if (vmcb.intercepts(SvmExitCode.MSR) && maps.msrExits(index, write)) {
			throw instructionExit(SvmExitCode.MSR, write ? 1 : 0);
		}
	}

	@Override
	public void port(int port, int size, boolean in, boolean string, boolean repeated, boolean immediate,
			int addressSize, int segment, long linear) {
		if (!vmcb.intercepts(SvmExitCode.IOIO) || !maps.portExits(port, size)) {
			return;
		}
		// SZ8, SZ16, SZ32 are bits 4 to 6; A16, A32, A64 are bits 7 to 9.
		long information = (in ? 1 : 0) | (string ? 1 << 2 : 0) | (repeated ? 1 << 3 : 0) | size << 4
				| addressSize >> 4 << 7 | segment << 10 | (long) port << 16;
		throw instructionExit(SvmExitCode.IOIO.number(), information, processor.nextRip());
	}

	@Override
	public long timeStampOffset() {
		return vmcb.read(TSC_OFFSET);
	}
}
