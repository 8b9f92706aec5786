/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

/**
 * Basic exit reasons: one row each (Intel SDM, appendix "VMX Basic Exit Reasons").
 */
public enum VmExitReason {
	EXCEPTION_OR_NMI(0, SavedRip.CAUSING_INSTRUCTION), EXTERNAL_INTERRUPT(1, SavedRip.NEXT_INSTRUCTION),
	TRIPLE_FAULT(2, SavedRip.CAUSING_INSTRUCTION), INIT_SIGNAL(3, SavedRip.NEXT_INSTRUCTION),
	START_UP_IPI(4, SavedRip.NEXT_INSTRUCTION), IO_SMI(5, SavedRip.NEXT_INSTRUCTION),
	OTHER_SMI(6, SavedRip.NEXT_INSTRUCTION), INTERRUPT_WINDOW(7, SavedRip.NEXT_INSTRUCTION),
	NMI_WINDOW(8, SavedRip.NEXT_INSTRUCTION), TASK_SWITCH(9, SavedRip.CAUSING_INSTRUCTION),
	CPUID(10, SavedRip.CAUSING_INSTRUCTION), GETSEC(11, SavedRip.CAUSING_INSTRUCTION),
	HLT(12, SavedRip.CAUSING_INSTRUCTION), INVD(13, SavedRip.CAUSING_INSTRUCTION),
	INVLPG(14, SavedRip.CAUSING_INSTRUCTION), RDPMC(15, SavedRip.CAUSING_INSTRUCTION),
	RDTSC(16, SavedRip.CAUSING_INSTRUCTION), RSM(17, SavedRip.CAUSING_INSTRUCTION),
	VMCALL(18, SavedRip.CAUSING_INSTRUCTION), VMCLEAR(19, SavedRip.CAUSING_INSTRUCTION),
	VMLAUNCH(20, SavedRip.CAUSING_INSTRUCTION), VMPTRLD(21, SavedRip.CAUSING_INSTRUCTION),
	VMPTRST(22, SavedRip.CAUSING_INSTRUCTION), VMREAD(23, SavedRip.CAUSING_INSTRUCTION),
	VMRESUME(24, SavedRip.CAUSING_INSTRUCTION), VMWRITE(25, SavedRip.CAUSING_INSTRUCTION),
	VMXOFF(26, SavedRip.CAUSING_INSTRUCTION), VMXON(27, SavedRip.CAUSING_INSTRUCTION),
	CONTROL_REGISTER_ACCESS(28, SavedRip.CAUSING_INSTRUCTION), MOV_DR(29, SavedRip.CAUSING_INSTRUCTION),
	IO_INSTRUCTION(30, SavedRip.CAUSING_INSTRUCTION), RDMSR(31, SavedRip.CAUSING_INSTRUCTION),
	WRMSR(32, SavedRip.CAUSING_INSTRUCTION), ENTRY_FAILURE_GUEST_STATE(33, SavedRip.NEXT_INSTRUCTION),
	ENTRY_FAILURE_MSR_LOADING(34, SavedRip.NEXT_INSTRUCTION), MWAIT(36, SavedRip.CAUSING_INSTRUCTION),
	MONITOR_TRAP_FLAG(37, SavedRip.NEXT_INSTRUCTION), MONITOR(39, SavedRip.CAUSING_INSTRUCTION),
	PAUSE(40, SavedRip.CAUSING_INSTRUCTION), ENTRY_FAILURE_MACHINE_CHECK(41, SavedRip.NEXT_INSTRUCTION),
	TPR_BELOW_THRESHOLD(43, SavedRip.NEXT_INSTRUCTION), APIC_ACCESS(44, SavedRip.CAUSING_INSTRUCTION),
	VIRTUALIZED_EOI(45, SavedRip.NEXT_INSTRUCTION), ACCESS_TO_GDTR_OR_IDTR(46, SavedRip.CAUSING_INSTRUCTION),
	ACCESS_TO_LDTR_OR_TR(47, SavedRip.CAUSING_INSTRUCTION), EPT_VIOLATION(48, SavedRip.CAUSING_INSTRUCTION),
	EPT_MISCONFIGURATION(49, SavedRip.CAUSING_INSTRUCTION), INVEPT(50, SavedRip.CAUSING_INSTRUCTION),
	RDTSCP(51, SavedRip.CAUSING_INSTRUCTION), VMX_PREEMPTION_TIMER_EXPIRED(52, SavedRip.NEXT_INSTRUCTION),
	INVVPID(53, SavedRip.CAUSING_INSTRUCTION), WBINVD(54, SavedRip.CAUSING_INSTRUCTION),
	XSETBV(55, SavedRip.CAUSING_INSTRUCTION), APIC_WRITE(56, SavedRip.NEXT_INSTRUCTION),
	RDRAND(57, SavedRip.CAUSING_INSTRUCTION), INVPCID(58, SavedRip.CAUSING_INSTRUCTION),
	VMFUNC(59, SavedRip.CAUSING_INSTRUCTION), ENCLS(60, SavedRip.CAUSING_INSTRUCTION),
	RDSEED(61, SavedRip.CAUSING_INSTRUCTION), PAGE_MODIFICATION_LOG_FULL(62, SavedRip.CAUSING_INSTRUCTION),
	XSAVES(63, SavedRip.CAUSING_INSTRUCTION), XRSTORS(64, SavedRip.CAUSING_INSTRUCTION);

	/** Bit 31 of the exit-reason field: VM-entry failure. */
	public static final long VM_ENTRY_FAILURE = 1L << 31;

	/** Which instruction the saved RIP names. */
	public enum SavedRip {
		/** The instruction that caused the exit; it has had no effect. */
		CAUSING_INSTRUCTION,
		/** The instruction that would be executed next. */
		NEXT_INSTRUCTION
	}

	private final int number;
	private final SavedRip savedRip;

	VmExitReason(int number, SavedRip savedRip) {
		this.number = number;
		this.savedRip = savedRip;
	}

	/** The basic exit reason. */
	public int number() {
		return number;
	}

	public SavedRip savedRip() {
		return savedRip;
	}

	private static final VmExitReason[] BY_NUMBER = byNumber();

	private static VmExitReason[] byNumber() {
		VmExitReason[] table = new VmExitReason[65];
		for (VmExitReason reason : values()) {
			table[reason.number] = reason;
		}
		return table;
	}

	/**
	 * The row of a basic exit reason.
	 *
	 * @throws IllegalArgumentException when no row has the number
	 */
	public static VmExitReason of(int number) {
		if (number < 0 || number >= BY_NUMBER.length || BY_NUMBER[number] == null) {
			throw new IllegalArgumentException("no basic exit reason has the number " + number); //$NON-NLS-1$
		}
		return BY_NUMBER[number];
	}
}
