/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.virtualization;

import org.eclipse.jdt.annotation.Nullable;

/**
 * What the processor asks of the virtualization hardware while a guest runs: VMX non-root operation or SVM guest mode.
 * A hook that finds its intercept set throws {@link VmExit} (preallocated, stackless) after noting the exit's
 * information; the execution engine then has changed nothing of the instruction's effects, and RIP is that of the
 * causing instruction. Without a guest the processor holds {@link #NONE}. Contexts nest: a context asks the one below
 * it first.
 */
public interface Interception {
	int READ = 1, WRITE = 2, EXECUTE = 4;
	/** In the place of the general register of {@link #controlRegisterRead}: SMSW reads CR0. */
	int MACHINE_STATUS_WORD = -1;

	/** No virtualization: nothing is intercepted, guestPhysical is hostPhysical. */
	Interception NONE = new Interception() {
	};

	/**
	 * Translates by the second level (EPT or NPT); called on a TLB miss only.
	 *
	 * @param access  {@link #READ}, {@link #WRITE}, {@link #EXECUTE}, combined
	 * @param linear  the linear address of the access, meaningful where {@code forWalk} is false
	 * @param forWalk the access is the page walk's own to a guest paging structure
	 * @return the hostPhysical address; bits above 51 carry {@link #pagePermissions}
	 */
	default long translate(long guestPhysical, int access, long linear, boolean forWalk) {
		return guestPhysical;
	}

	/**
	 * Whether the address that {@link #translate} found last is that of a page of the processor itself, where it
	 * virtualizes the guest's APIC: no context below translates it.
	 */
	default boolean ownPage() {
		return false;
	}

	/** Translates by the second level without any effect. Returns the hostPhysical address, or -1 where nothing is mapped. */
	default long translateForDebugger(long guestPhysical) {
		return guestPhysical;
	}

	/** Permissions of the second level for the page last translated: READ, WRITE, EXECUTE combined. */
	default int pagePermissions() {
		return READ | WRITE | EXECUTE;
	}

	/**
	 * An exception is about to be delivered (contributory combinations are already folded into #DF).
	 *
	 * @param errorCode the error code, or -1 where the vector has none
	 * @param payload   faulting linear address for #PF; bits for DR6 (as in pending debug exceptions) for #DB; else 0
	 * @param software  INT3 or INTO caused it, or INT1 (vector 1)
	 */
	default void exception(int vector, int errorCode, long payload, boolean software) {
	}

	/**
	 * Raises #UD for an instruction that is undefined in this context unless the software below enables it; asked before
	 * anything else that the instruction may raise.
	 */
	default void requireEnabled(InterceptedInstruction instruction) {
	}

	/** INT n, ICEBP, IRET, PUSHF, POPF, HLT, CPUID and the rest that have an intercept of their own. */
	default void instruction(InterceptedInstruction instruction, int length, long information) {
	}

	/** Whether IRET removes blocking by NMI: not where each NMI goes to the software below. */
	default boolean iretUnblocksNmis() {
		return true;
	}

	/** MOV to a control register. Returns the value to take, after guest/host masks. */
	default long controlRegisterWrite(int register, long value, int generalRegister) {
		return value;
	}

	/** Whether CR8 is this context's own virtual task priority: nobody below is asked about it. */
	default boolean ownsTaskPriority() {
		return false;
	}

	/** MOV from a control register: the value the guest reads, after guest/host masks and read shadows. */
	default long controlRegisterRead(int register, long value, int generalRegister) {
		return value;
	}

	/** CLTS and LMSW: the new low bits of CR0. Returns the CR0 to take. */
	default long machineStatusWrite(long newCr0, boolean clts) {
		return newCr0;
	}

	/** MOV to or from a debug register. */
	default void debugRegister(int register, boolean write, int generalRegister) {
	}

	/** RDMSR or WRMSR. */
	default void msr(int index, boolean write) {
	}

	/**
	 * IN, OUT, INS, OUTS before its access.
	 *
	 * @param port   0 to 0xffff
	 * @param size   1, 2 or 4
	 * @param in     direction
	 * @param string INS or OUTS
	 * @param repeated with a REP prefix
	 * @param immediate port encoded as immediate
	 * @param addressSize 16, 32 or 64
	 * @param segment segment of OUTS (ES for INS)
	 */
	default void port(int port, int size, boolean in, boolean string, boolean repeated, boolean immediate,
			int addressSize, int segment, long linear) {
	}

	/** A task switch by the given source: 0 CALL, 1 IRET, 2 JMP, 3 task gate. */
	default void taskSwitch(int selector, int source) {
	}

	/** A load or store of GDTR, IDTR, LDTR, TR. */
	default void descriptorTable(InterceptedInstruction instruction, long information) {
	}

	/** An exception during the delivery of #DF. The default leaves the processor shut down. */
	default void tripleFault() {
	}

	/**
	 * An external interrupt of the host is asserted at an instruction boundary.
	 *
	 * @return the exit it causes, noted, for the caller to make; null for none. Exits of boundaries are many, and nothing
	 *         is in progress that an exception would have to break off.
	 */
	default @Nullable VmExit hostInterrupt() {
		return null;
	}

	/** The processor is about to freeze: an x87 error waits for its interrupt by the machine's wire. */
	default void floatErrorFreeze() {
	}

	/** Event delivery through the IDT begins (vector, type as in VM-entry interruption information): for IDT vectoring. */
	default void deliveryBegins(int vector, int type, int errorCode, int instructionLength) {
	}

	/** Event delivery ended in an exit to a guest hypervisor, which is told of the event: the bottom's part in it is over. */
	default void deliveryAbandoned() {
	}

	/** Event delivery ended, normally. */
	default void deliveryEnds() {
	}

	/** A monitor-trap-flag exit is due; as {@link #hostInterrupt}. Asked where the flag was armed. */
	default @Nullable VmExit monitorTrap() {
		return null;
	}

	/** A trap-like exit that the context itself has asked for is due: its reason and qualification. */
	default void trap(int reason, long qualification) {
	}

	/** Whether an access to an MSR, which {@link #msr} let pass, is the context's own: virtual x2APIC registers. */
	default boolean ownsMsr(int index, boolean write) {
		return false;
	}

	/** RDMSR of one that the context {@link #ownsMsr}. */
	default long readMsr(int index) {
		throw new IllegalStateException("no MSR of this context's own"); //$NON-NLS-1$
	}

	/** WRMSR of one that the context {@link #ownsMsr}. */
	default void writeMsr(int index, long value) {
		throw new IllegalStateException("no MSR of this context's own"); //$NON-NLS-1$
	}

	/** Guest is interruptible by a maskable interrupt now: interrupt-window exit, V_IRQ delivery. Asked when armed. */
	default void interruptWindow() {
	}

	/** Guest is interruptible, and a virtual interrupt is recognized: it is delivered. Asked when armed. */
	default void virtualInterrupt() {
	}

	/** Guest is interruptible by NMI now. Asked when armed. */
	default void nmiWindow() {
	}

	/** TSC offset to add for the guest. */
	default long timeStampOffset() {
		return 0;
	}
}
