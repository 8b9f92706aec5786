/* Copyright (c) 2026 Hyperstep contributors. SPDX-License-Identifier: EPL-2.0 */
package org.hyperstep.x86.vmx;

import static org.hyperstep.x86.vmx.VmxControl.*;

import org.eclipse.jdt.annotation.Nullable;
import org.hyperstep.x86.virtualization.InterceptedInstruction;

/**
 * Which instructions cause VM exits: one row each (Intel SDM, "Instructions That Cause VM Exits Unconditionally",
 * "Instructions That Cause VM Exits Conditionally"). Instructions without a row never exit by themselves.
 */
enum InstructionExit {
	CPUID(VmExitReason.CPUID), GETSEC(VmExitReason.GETSEC), INVD(VmExitReason.INVD), XSETBV(VmExitReason.XSETBV),
	INVEPT(VmExitReason.INVEPT), INVVPID(VmExitReason.INVVPID), VMCALL(VmExitReason.VMCALL),
	VMCLEAR(VmExitReason.VMCLEAR), VMLAUNCH(VmExitReason.VMLAUNCH), VMPTRLD(VmExitReason.VMPTRLD),
	VMPTRST(VmExitReason.VMPTRST), VMREAD(VmExitReason.VMREAD), VMRESUME(VmExitReason.VMRESUME),
	VMWRITE(VmExitReason.VMWRITE), VMXOFF(VmExitReason.VMXOFF), VMXON(VmExitReason.VMXON),
	VMFUNC(VmExitReason.VMFUNC),

	/** Asked for in system-management mode only, which the software below then is what makes it seem. */
	RSM(VmExitReason.RSM),

	HLT(VmExitReason.HLT, HLT_EXITING), INVLPG(VmExitReason.INVLPG, INVLPG_EXITING),
	INVPCID(VmExitReason.INVPCID, INVLPG_EXITING), RDPMC(VmExitReason.RDPMC, RDPMC_EXITING),
	RDTSC(VmExitReason.RDTSC, RDTSC_EXITING), RDTSCP(VmExitReason.RDTSCP, RDTSC_EXITING),
	MONITOR(VmExitReason.MONITOR, MONITOR_EXITING), MWAIT(VmExitReason.MWAIT, MWAIT_EXITING),
	PAUSE(VmExitReason.PAUSE, PAUSE_EXITING), WBINVD(VmExitReason.WBINVD, WBINVD_EXITING),
	RDRAND(VmExitReason.RDRAND, RDRAND_EXITING), RDSEED(VmExitReason.RDSEED, RDSEED_EXITING),
	XSAVES(VmExitReason.XSAVES, ENABLE_XSAVES), XRSTORS(VmExitReason.XRSTORS, ENABLE_XSAVES),
	SGDT(VmExitReason.ACCESS_TO_GDTR_OR_IDTR, DESCRIPTOR_TABLE_EXITING),
	LGDT(VmExitReason.ACCESS_TO_GDTR_OR_IDTR, DESCRIPTOR_TABLE_EXITING),
	SIDT(VmExitReason.ACCESS_TO_GDTR_OR_IDTR, DESCRIPTOR_TABLE_EXITING),
	LIDT(VmExitReason.ACCESS_TO_GDTR_OR_IDTR, DESCRIPTOR_TABLE_EXITING),
	SLDT(VmExitReason.ACCESS_TO_LDTR_OR_TR, DESCRIPTOR_TABLE_EXITING),
	LLDT(VmExitReason.ACCESS_TO_LDTR_OR_TR, DESCRIPTOR_TABLE_EXITING),
	STR(VmExitReason.ACCESS_TO_LDTR_OR_TR, DESCRIPTOR_TABLE_EXITING),
	LTR(VmExitReason.ACCESS_TO_LDTR_OR_TR, DESCRIPTOR_TABLE_EXITING);

	private final VmExitReason reason;
	private final @Nullable VmxControl control;

	InstructionExit(VmExitReason reason) {
		this.reason = reason;
		this.control = null;
	}

	InstructionExit(VmExitReason reason, VmxControl control) {
		this.reason = reason;
		this.control = control;
	}

	VmExitReason reason() {
		return reason;
	}

	/** Whether the VMCS asks for the exit. */
	boolean asked(Vmcs vmcs) {
		VmxControl needed = control;
		return needed == null || vmcs.has(needed);
	}

	/** Whether it is one of those that VMX introduces. */
	boolean ofVmx() {
		return ordinal() >= INVEPT.ordinal() && ordinal() <= VMFUNC.ordinal();
	}

	private static final @Nullable InstructionExit[] BY_INSTRUCTION = byInstruction();

	private static @Nullable InstructionExit[] byInstruction() {
		@Nullable
		InstructionExit[] table = new @Nullable InstructionExit[InterceptedInstruction.values().length];
		for (InstructionExit row : values()) {
			table[InterceptedInstruction.valueOf(row.name()).ordinal()] = row;
		}
		return table;
	}

	/** The row of an instruction, or null when it never exits. */
	static @Nullable InstructionExit of(InterceptedInstruction instruction) {
		return BY_INSTRUCTION[instruction.ordinal()];
	}
}
